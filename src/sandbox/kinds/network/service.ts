/** Service. */
import { deepEqual } from 'fast-equals'
import type { KubeObject } from '../../object.ts'
import type { FieldFault } from '../../status.ts'
import { duplicate, forbidden, invalidFor, invalidValue, notSupported, required } from '../fault.ts'
import { child, type Fields, fallback, fallbackText, fields, isAbsent, list, number, strings, text } from '../fields.ts'
import type { Kind } from '../kind.ts'
import { formatLabels } from '../label-selector.ts'
import { dnsLabel, dnsSubdomain, labelName, labelValue, portNumber, qualifiedName } from '../name-rules.ts'
import { portFaults } from '../pod/probe.ts'
import { withStatus } from '../subresource-status.ts'
import { column, columns, orNone, specOf, statusOf } from '../table.ts'
import { badAddress, isAddress } from './address.ts'
import { allocateService, hasNodePorts, isHeadless, takesClusterAddress } from './service-allocation.ts'

function setDefaults(object: KubeObject): void {
  const spec = child(object, 'spec')
  fallbackText(spec, 'sessionAffinity', 'None')
  if (spec.sessionAffinity === 'ClientIP') {
    const config = child(spec, 'sessionAffinityConfig')
    const client = child(config, 'clientIP')
    fallback(client, 'timeoutSeconds', 10800)
  } else delete spec.sessionAffinityConfig
  fallbackText(spec, 'type', 'ClusterIP')
  for (const port of list(spec.ports)) {
    fallbackText(port, 'protocol', 'TCP')
    if (isAbsent(port.targetPort) || port.targetPort === 0 || port.targetPort === '') port.targetPort = port.port
  }
  const exposed = hasNodePorts(spec) || (strings(spec.externalIPs).length > 0 && spec.type === 'ClusterIP')
  if (exposed) fallbackText(spec, 'externalTrafficPolicy', 'Cluster')
  if (takesClusterAddress(spec)) fallbackText(spec, 'internalTrafficPolicy', 'Cluster')
  if (spec.type === 'LoadBalancer') fallback(spec, 'allocateLoadBalancerNodePorts', true)
  for (const entry of list(fields(fields(object.status).loadBalancer).ingress)) {
    if (text(entry.ip) !== '') fallback(entry, 'ipMode', 'VIP')
  }
}

/** As Go prints the key by which ports are told apart. */
function portKey(port: Fields, withNode = false): Fields {
  return {
    Name: '',
    Protocol: text(port.protocol),
    AppProtocol: null,
    Port: withNode ? 0 : (number(port.port) ?? 0),
    TargetPort: 0,
    NodePort: withNode ? (number(port.nodePort) ?? 0) : 0,
  }
}

const protocols = ['SCTP', 'TCP', 'UDP']

function portRules(port: Fields, at: string, named: boolean): FieldFault[] {
  const faults: FieldFault[] = []
  const name = text(port.name)
  if (named && name === '') faults.push(required(`${at}.name`))
  else if (name !== '') faults.push(...invalidFor(`${at}.name`, name, dnsLabel(name)))
  const value = number(port.port) ?? 0
  faults.push(...invalidFor(`${at}.port`, value, portNumber(value)))
  if (text(port.protocol) === '') faults.push(required(`${at}.protocol`))
  else if (!protocols.includes(text(port.protocol))) {
    faults.push(notSupported(`${at}.protocol`, port.protocol, protocols))
  }
  faults.push(...portFaults(port.targetPort, `${at}.targetPort`))
  if (text(port.appProtocol) !== '') {
    faults.push(...invalidFor(`${at}.appProtocol`, port.appProtocol, qualifiedName(text(port.appProtocol))))
  }
  return faults
}

function portsFaults(spec: Fields): FieldFault[] {
  const ports = list(spec.ports)
  const names = new Set<string>()
  const named = ports.length > 1
  return ports.flatMap((port, index) => {
    const at = `spec.ports[${index}]`
    const faults = portRules(port, at, named)
    const name = text(port.name)
    if (name !== '' && names.has(name)) faults.push(duplicate(`${at}.name`, name))
    names.add(name)
    return faults
  })
}

function sameFaults(spec: Fields): FieldFault[] {
  const faults: FieldFault[] = []
  const seen = new Set<string>()
  const nodes = new Set<string>()
  for (const [index, port] of list(spec.ports).entries()) {
    const key = JSON.stringify(portKey(port))
    if (seen.has(key)) faults.push(duplicate(`spec.ports[${index}]`, portKey(port)))
    seen.add(key)
    if (isAbsent(port.nodePort) || port.nodePort === 0) continue
    if (!hasNodePorts(spec)) {
      const detail = `may not be used when \`type\` is '${text(spec.type)}'`
      faults.push(forbidden(`spec.ports[${index}].nodePort`, detail))
    }
    const node = JSON.stringify(portKey(port, true))
    if (nodes.has(node)) faults.push(duplicate(`spec.ports[${index}]`, portKey(port, true)))
    nodes.add(node)
  }
  return faults
}

function typeFaults(spec: Fields): FieldFault[] {
  switch (text(spec.type)) {
    case 'LoadBalancer':
      return isHeadless(spec)
        ? [invalidValue('spec.clusterIPs[0]', 'None', "may not be set to 'None' for LoadBalancer services")]
        : []
    case 'NodePort':
      return isHeadless(spec)
        ? [invalidValue('spec.clusterIPs[0]', 'None', "may not be set to 'None' for NodePort services")]
        : []
    case 'ExternalName': {
      const faults: FieldFault[] = []
      if (strings(spec.clusterIPs).length > 0) {
        faults.push(forbidden('spec.clusterIPs', 'may not be set for ExternalName services'))
      }
      const name = text(spec.externalName).replace(/\.$/, '')
      if (name === '') return [...faults, required('spec.externalName')]
      return [...faults, ...invalidFor('spec.externalName', name, dnsSubdomain(name))]
    }
    default:
      return []
  }
}

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']

function addressFaults(spec: Fields): FieldFault[] {
  const faults: FieldFault[] = []
  for (const [index, address] of strings(spec.clusterIPs).entries()) {
    if (address === 'None') {
      if (strings(spec.clusterIPs).length > 1) {
        faults.push(invalidValue('spec.clusterIPs', spec.clusterIPs, "'None' must be the first and only value"))
        break
      }
    } else if (!isAddress(address)) faults.push(invalidValue(`spec.clusterIPs[${index}]`, address, badAddress))
  }
  const primary = text(spec.clusterIP)
  const [first] = strings(spec.clusterIPs)
  if (first !== undefined && primary !== '' && first !== primary) {
    faults.push(invalidValue('spec.clusterIPs', spec.clusterIPs, 'first value must match `clusterIP`'))
  }
  return faults
}

function policyFaults(spec: Fields): FieldFault[] {
  const faults: FieldFault[] = []
  const external = text(spec.externalTrafficPolicy)
  if (external !== '' && !['Cluster', 'Local'].includes(external)) {
    faults.push(notSupported('spec.externalTrafficPolicy', external, ['Cluster', 'Local']))
  }
  const exposed = hasNodePorts(spec) || strings(spec.externalIPs).length > 0
  if (!exposed && external !== '') {
    faults.push(
      invalidValue('spec.externalTrafficPolicy', external, 'may only be set for externally-accessible services'),
    )
  }
  const inner = text(spec.internalTrafficPolicy)
  if (inner !== '' && !['Cluster', 'Local'].includes(inner)) {
    faults.push(notSupported('spec.internalTrafficPolicy', inner, ['Cluster', 'Local']))
  }
  const health = number(spec.healthCheckNodePort) ?? 0
  if (health !== 0 && (spec.type !== 'LoadBalancer' || external !== 'Local')) {
    const detail = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
    faults.push(invalidValue('spec.healthCheckNodePort', health, detail))
  }
  return faults
}

function sessionFaults(spec: Fields): FieldFault[] {
  const affinity = text(spec.sessionAffinity)
  if (affinity === '') return [required('spec.sessionAffinity')]
  if (!['ClientIP', 'None'].includes(affinity)) {
    return [notSupported('spec.sessionAffinity', affinity, ['ClientIP', 'None'])]
  }
  const timeout = fields(fields(spec.sessionAffinityConfig).clientIP).timeoutSeconds
  const wrong = typeof timeout === 'number' && (timeout <= 0 || timeout > 86400)
  const at = 'spec.sessionAffinityConfig.clientIP.timeoutSeconds'
  return wrong ? [invalidValue(at, timeout, 'must be greater than 0 and less than 86400')] : []
}

function loadBalancerFaults(spec: Fields): FieldFault[] {
  const faults: FieldFault[] = []
  if (strings(spec.loadBalancerSourceRanges).length > 0 && spec.type !== 'LoadBalancer') {
    faults.push(forbidden('spec.loadBalancerSourceRanges', "may only be used when `type` is 'LoadBalancer'"))
  }
  if (spec.type !== 'LoadBalancer' && !isAbsent(spec.allocateLoadBalancerNodePorts)) {
    faults.push(forbidden('spec.allocateLoadBalancerNodePorts', "may only be used when `type` is 'LoadBalancer'"))
  }
  const balancer = spec.loadBalancerClass
  if (!isAbsent(balancer)) {
    if (spec.type !== 'LoadBalancer') {
      faults.push(forbidden('spec.loadBalancerClass', "may only be used when `type` is 'LoadBalancer'"))
    } else faults.push(...invalidFor('spec.loadBalancerClass', balancer, qualifiedName(text(balancer))))
  }
  return faults
}

function validate(object: KubeObject): FieldFault[] {
  const spec = specOf(object)
  const faults: FieldFault[] = []
  if (list(spec.ports).length === 0 && !isHeadless(spec) && spec.type !== 'ExternalName') {
    faults.push(required('spec.ports'))
  }
  faults.push(...typeFaults(spec), ...portsFaults(spec))
  for (const [key, value] of Object.entries(fields(spec.selector))) {
    faults.push(...invalidFor('spec.selector', key, qualifiedName(key)))
    faults.push(...invalidFor('spec.selector', value, labelValue(text(value))))
  }
  faults.push(...sessionFaults(spec), ...addressFaults(spec))
  for (const [index, address] of strings(spec.externalIPs).entries()) {
    if (!isAddress(address)) faults.push(invalidValue(`spec.externalIPs[${index}]`, address, badAddress))
  }
  if (!types.includes(text(spec.type))) faults.push(notSupported('spec.type', text(spec.type), types))
  return [...faults, ...sameFaults(spec), ...loadBalancerFaults(spec), ...policyFaults(spec)]
}

/** An address that was given out stays, unless the service becomes or stops being an ExternalName. */
function changeFaults(object: KubeObject, old: KubeObject): FieldFault[] {
  const [spec, before] = [specOf(object), specOf(old)]
  const [now] = strings(spec.clusterIPs)
  const [then] = strings(before.clusterIPs)
  const kept = spec.type !== 'ExternalName' && before.type !== 'ExternalName'
  if (!kept || then === undefined || now === then) return []
  return [invalidValue('spec.clusterIPs[0]', spec.clusterIPs ?? null, 'may not change once set')]
}

/** clusterIP is the first of clusterIPs; a client that knows one of them says both. */
function mirrorAddresses(spec: Fields, before?: Fields): void {
  if (before === undefined) {
    if (text(spec.clusterIP) !== '' && strings(spec.clusterIPs).length === 0) spec.clusterIPs = [spec.clusterIP]
    return
  }
  const [now, then] = [text(spec.clusterIP), text(before.clusterIP)]
  const sameList = deepEqual(strings(spec.clusterIPs), strings(before.clusterIPs))
  if (now !== then && sameList) {
    if (now === '') delete spec.clusterIPs
    else spec.clusterIPs = [now]
  } else if (now === then && !sameList && strings(spec.clusterIPs).length === 0 && now !== '') spec.clusterIPs = [now]
}

/** What was allocated and is not said again is kept. */
function keepAllocations(spec: Fields, before: Fields): void {
  if (takesClusterAddress(spec) && takesClusterAddress(before)) {
    if (text(spec.clusterIP) === '' && strings(spec.clusterIPs).length === 0) {
      spec.clusterIP = before.clusterIP
      spec.clusterIPs = structuredClone(before.clusterIPs)
    }
    for (const name of ['ipFamilies', 'ipFamilyPolicy']) if (isAbsent(spec[name])) fallback(spec, name, before[name])
  }
  if (hasNodePorts(spec) && hasNodePorts(before)) keepNodePorts(spec, before)
  const local = (each: Fields) => each.type === 'LoadBalancer' && each.externalTrafficPolicy === 'Local'
  if (local(spec) && local(before) && isAbsent(spec.healthCheckNodePort))
    spec.healthCheckNodePort = before.healthCheckNodePort
}

function keepNodePorts(spec: Fields, before: Fields): void {
  const key = (port: Fields) => `${text(port.protocol)}/${port.port}`
  const given = new Map(list(before.ports).map((port) => [key(port), port.nodePort]))
  const used = new Set(list(spec.ports).map(({ nodePort }) => nodePort))
  for (const port of list(spec.ports)) {
    const earlier = given.get(key(port))
    if (isAbsent(port.nodePort) && !isAbsent(earlier) && !used.has(earlier)) port.nodePort = earlier
  }
}

/** What a type that has no use for them leaves behind, when the type changed and they did not. */
function dropLeftovers(spec: Fields, before: Fields): void {
  if (!takesClusterAddress(spec) && takesClusterAddress(before)) {
    if (deepEqual(spec.clusterIPs, before.clusterIPs)) {
      for (const name of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'internalTrafficPolicy'])
        delete spec[name]
    }
  }
  if (!hasNodePorts(spec) && hasNodePorts(before)) {
    const earlier = new Set(list(before.ports).map(({ nodePort }) => nodePort))
    for (const port of list(spec.ports)) if (earlier.has(port.nodePort)) delete port.nodePort
    if (strings(spec.externalIPs).length === 0) delete spec.externalTrafficPolicy
  }
  if (spec.type !== 'LoadBalancer' && before.type === 'LoadBalancer') {
    for (const name of ['allocateLoadBalancerNodePorts', 'loadBalancerClass', 'healthCheckNodePort']) delete spec[name]
  }
  if (spec.externalTrafficPolicy !== 'Local') delete spec.healthCheckNodePort
}

function warnings(object: KubeObject): string[] {
  const spec = specOf(object)
  const told: string[] = []
  if (isHeadless(spec)) {
    if (text(spec.loadBalancerIP) !== '') told.push('spec.loadBalancerIP is ignored for headless services')
    if (strings(spec.externalIPs).length > 0) told.push('spec.externalIPs is ignored for headless services')
    if (spec.sessionAffinity !== 'None') told.push('spec.SessionAffinity is ignored for headless services')
  }
  if (spec.type === 'ExternalName' && strings(spec.externalIPs).length > 0) {
    told.push('spec.externalIPs is ignored when spec.type is "ExternalName"')
  }
  if (object.metadata.annotations?.['service.kubernetes.io/topology-aware-hints'] !== undefined) {
    told.push(
      'annotation service.kubernetes.io/topology-aware-hints is deprecated, please use service.kubernetes.io/topology-mode instead',
    )
  }
  return told
}

function externalCell(object: KubeObject): string {
  const spec = specOf(object)
  const externals = strings(spec.externalIPs)
  if (spec.type === 'ExternalName') return text(spec.externalName)
  if (spec.type !== 'LoadBalancer') return orNone(externals.join(','))
  const given = list(fields(statusOf(object).loadBalancer).ingress).map(
    ({ ip, hostname }) => text(ip) || text(hostname),
  )
  const all = [...given, ...externals]
  return all.length === 0 ? '<pending>' : all.join(',')
}

function portsCell(object: KubeObject): string {
  const told = list(specOf(object).ports).map(({ port, nodePort, protocol }) =>
    isAbsent(nodePort) || nodePort === 0 ? `${port}/${protocol}` : `${port}:${nodePort}/${protocol}`,
  )
  return orNone(told.join(','))
}

const about = {
  type: 'type determines how the Service is exposed. Defaults to ClusterIP. Valid options are ExternalName, ClusterIP, NodePort, and LoadBalancer. "ClusterIP" allocates a cluster-internal IP address for load-balancing to endpoints. Endpoints are determined by the selector or if that is not specified, by manual construction of an Endpoints object or EndpointSlice objects. If clusterIP is "None", no virtual IP is allocated and the endpoints are published as a set of endpoints rather than a virtual IP. "NodePort" builds on ClusterIP and allocates a port on every node which routes to the same endpoints as the clusterIP. "LoadBalancer" builds on NodePort and creates an external load-balancer (if supported in the current cloud) which routes to the same endpoints as the clusterIP. "ExternalName" aliases this service to the specified externalName. Several other fields do not apply to ExternalName services. More info: https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types',
  clusterIP:
    'clusterIP is the IP address of the service and is usually assigned randomly. If an address is specified manually, is in-range (as per system configuration), and is not in use, it will be allocated to the service; otherwise creation of the service will fail. This field may not be changed through updates unless the type field is also being changed to ExternalName (which requires this field to be blank) or the type field is being changed from ExternalName (in which case this field may optionally be specified, as describe above).  Valid values are "None", empty string (""), or a valid IP address. Setting this to "None" makes a "headless service" (no virtual IP), which is useful when direct endpoint connections are preferred and proxying is not required.  Only applies to types ClusterIP, NodePort, and LoadBalancer. If this field is specified when creating a Service of type ExternalName, creation will fail. This field will be wiped when updating a Service to type ExternalName. More info: https://kubernetes.io/docs/concepts/services-networking/service/#virtual-ips-and-service-proxies',
  external:
    'externalIPs is a list of IP addresses for which nodes in the cluster will also accept traffic for this service.  These IPs are not managed by Kubernetes.  The user is responsible for ensuring that traffic arrives at a node with this IP.  A common example is external load-balancers that are not part of the Kubernetes system.',
  ports:
    'The list of ports that are exposed by this service. More info: https://kubernetes.io/docs/concepts/services-networking/service/#virtual-ips-and-service-proxies',
  selector:
    'Route service traffic to pods with label keys and values matching this selector. If empty or not present, the service is assumed to have an external process managing its endpoints, which Kubernetes will not modify. Only applies to types ClusterIP, NodePort, and LoadBalancer. Ignored if type is ExternalName. More info: https://kubernetes.io/docs/concepts/services-networking/service/',
}

const shared = withStatus({ initial: () => ({ loadBalancer: {} }), uncounted: true })

export const service: Kind = {
  ...shared,
  nameRule: labelName,
  setDefaults,
  validate,
  prepareForCreate(object) {
    shared.prepareForCreate?.(object)
    mirrorAddresses(child(object, 'spec'))
  },
  prepareForUpdate(object, old) {
    shared.prepareForUpdate?.(object, old)
    const [spec, before] = [child(object, 'spec'), specOf(old)]
    mirrorAddresses(spec, before)
    keepAllocations(spec, before)
    dropLeftovers(spec, before)
  },
  validateUpdate: (object, old) => [...changeFaults(object, old), ...validate(object)],
  allocate: allocateService,
  createsOnUpdate: true,
  warnings,
  selectableFields: (object) => ({
    'spec.clusterIP': text(specOf(object).clusterIP),
    'spec.type': text(specOf(object).type),
  }),
  columns: columns(
    column('Type', (object) => text(specOf(object).type), { description: about.type }),
    column('Cluster-IP', (object) => orNone(strings(specOf(object).clusterIPs)[0] ?? ''), {
      description: about.clusterIP,
    }),
    column('External-IP', externalCell, { description: about.external }),
    column('Port(s)', portsCell, { description: about.ports }),
    column('Selector', (object) => orNone(formatLabels(specOf(object).selector)), {
      wide: true,
      description: about.selector,
    }),
  ),
}
