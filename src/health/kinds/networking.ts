/** Networks: Gateway API, Istio, Contour, Gloo, OpenShift routes, NMState, Cilium, Kong, NGINX. */
import { conditionText, fieldsAt, listAt, textAt } from '../status-fields.ts'
import { gatewayHealth, policyHealth, routeHealth } from './gateway-api.ts'
import {
  at,
  degraded,
  either,
  healthy,
  inTurn,
  kinds,
  no,
  notYes,
  progressing,
  type Rule,
  type RuleTable,
  ready,
  rule,
  saying,
  suspended,
  type Test,
  told,
  unknown,
  unsure,
  yes,
} from './rule.ts'

const gloo = (path: string) =>
  inTurn(
    healthy(at(path, 'Accepted', 1)),
    degraded(at(path, 'Warning', 3, 'Rejected', 2)),
    suspended(told(at(path, 'Pending', 0), saying('it has not been validated yet'))),
  )

/** Each controller that reads the object writes under its own name; the first that has come to an end counts. */
const glooHealth: Rule = (object) => {
  const own = gloo('status.state')(object)
  const statuses = Object.values(fieldsAt(object, 'status', 'statuses'))
  const told = statuses.map((status) => gloo('status.state')({ ...object, status }))
  return told.find((health) => health !== undefined) ?? own ?? rule()(object)
}

const istioState = (...states: (string | number)[]) => at('status.status', ...states)

const admitted: Rule = (object) => {
  const all = listAt(object, 'status', 'ingress').map((entry) =>
    listAt(entry, 'conditions').find(({ type }) => type === 'Admitted'),
  )
  const refused = all.find((condition) => condition?.status === 'False')
  if (refused) {
    const message = conditionText({ reason: textAt(refused, 'reason'), message: textAt(refused, 'message') })
    return { status: 'Degraded', message }
  }
  if (all.length > 0 && all.every((condition) => condition?.status === 'True')) return { status: 'Healthy' }
  return { status: 'Progressing', message: 'no router has admitted it yet' }
}

const description: Test = (object) => textAt(fieldsAt(object, 'status'), 'description')
const includes: Test = (object) =>
  fieldsAt(object, 'spec').includes === undefined ? undefined : 'what it includes is looked at by itself'
const validFalse = told(no('Valid'), description)

const validity: Rule = inTurn(degraded(no('Valid')), healthy(yes('Valid')))

const nginx = inTurn(degraded(at('status.state', 'Invalid')), healthy(at('status.state', 'Valid', 'Warning')))

export const networking: RuleTable = {
  'gateway.networking.k8s.io/Gateway': gatewayHealth,
  'gateway.networking.k8s.io/GatewayClass': ready('Accepted'),
  ...kinds('gateway.networking.k8s.io', 'HTTPRoute GRPCRoute TLSRoute TCPRoute UDPRoute', routeHealth),
  'gateway.networking.k8s.io/BackendTLSPolicy': policyHealth(false),
  ...kinds(
    'gateway.envoyproxy.io',
    'BackendTrafficPolicy ClientTrafficPolicy EnvoyExtensionPolicy EnvoyPatchPolicy SecurityPolicy',
    policyHealth(false),
  ),
  'microgateway.airlock.com/*': (object) =>
    object.kind.endsWith('Policy') ? policyHealth(true)(object) : { status: 'Healthy' },
  'install.istio.io/IstioOperator': rule(
    unknown(told(istioState(0, 'NONE'), saying('the component is not there'))),
    progressing(istioState(1, 'UPDATING', 2, 'RECONCILING')),
    healthy(istioState(3, 'HEALTHY')),
    degraded(told(istioState(4, 'ERROR'), saying('a component is in error'))),
  ),
  ...kinds('sailoperator.io', 'Istio IstioRevision IstioCNI ZTunnel', ready()),
  'maistra.io/ServiceMeshControlPlane': ready(),
  'projectcontour.io/ExtensionService': rule(healthy(yes('Valid')), degraded(no('Valid'))),
  'projectcontour.io/HTTPProxy': rule(
    healthy(yes('Valid')),
    healthy(told(no('Valid'), includes), includes),
    degraded(validFalse),
  ),
  ...kinds(
    'gateway.solo.io',
    'Gateway MatchableHttpGateway RouteOption RouteTable VirtualHostOption VirtualService',
    glooHealth,
  ),
  ...kinds('gloo.solo.io', 'Proxy Settings Upstream UpstreamGroup', glooHealth),
  'route.openshift.io/Route': admitted,
  'operator.openshift.io/IngressController': rule(
    degraded(yes('Degraded')),
    progressing(no('DeploymentReplicasAllAvailable')),
    progressing(yes('Progressing')),
    healthy(yes('Available')),
  ),
  'nmstate.io/NodeNetworkConfigurationPolicy': rule(
    healthy(yes('Available')),
    degraded(yes('Degraded')),
    progressing(yes('Progressing')),
    suspended(yes('Ignored')),
  ),
  ...kinds('cilium.io', 'CiliumNetworkPolicy CiliumClusterwideNetworkPolicy', validity),
  ...kinds(
    'configuration.konghq.com',
    'KongPlugin KongClusterPlugin KongConsumer KongConsumerGroup KongUpstreamPolicy TCPIngress UDPIngress',
    inTurn(healthy(yes('Programmed')), progressing(no('Programmed', 'Pending')), degraded(no('Programmed'))),
  ),
  ...kinds('k8s.nginx.org', 'VirtualServer VirtualServerRoute TransportServer Policy', nginx),
  'proclaim.dogmatiq.io/DNSSDServiceInstance': rule(
    degraded(no('Adopted')),
    degraded(notYes('Advertised', 'AdvertiseError', 'UnadvertiseError')),
    unknown(either(unsure('Discoverable', 'DiscoveryError'), no('Discoverable', 'DiscoveryError'))),
    healthy(yes('Discoverable')),
  ),
}
