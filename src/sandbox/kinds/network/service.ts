/** Service. */
import { deepEqual } from 'fast-equals'
import type { KubeObject } from '../../object.ts'
import type { FieldFault } from '../../status.ts'
import { invalidValue } from '../fault.ts'
import { child, type Fields, fallback, fallbackText, fields, isAbsent, list, strings, text } from '../fields.ts'
import type { Kind } from '../kind.ts'
import { labelName } from '../name-rules.ts'
import { withStatus } from '../subresource-status.ts'
import { specOf } from '../table.ts'
import { allocateService, hasNodePorts, isHeadless, takesClusterAddress } from './service-allocation.ts'
import { validateService } from './service-rules.ts'
import { serviceColumns } from './service-table.ts'

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

const shared = withStatus({ initial: () => ({ loadBalancer: {} }), uncounted: true })

export const service: Kind = {
  ...shared,
  nameRule: labelName,
  setDefaults,
  validate: validateService,
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
  validateUpdate: (object, old) => [...changeFaults(object, old), ...validateService(object)],
  allocate: allocateService,
  createsOnUpdate: true,
  warnings,
  selectableFields: (object) => ({
    'spec.clusterIP': text(specOf(object).clusterIP),
    'spec.type': text(specOf(object).type),
  }),
  columns: serviceColumns,
}
