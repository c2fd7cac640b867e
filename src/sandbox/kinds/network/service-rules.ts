/** The rules of a Service. */
import type { KubeObject } from '../../object.ts'
import type { FieldFault } from '../../status.ts'
import { duplicate, forbidden, invalidFor, invalidValue, notSupported, required } from '../fault.ts'
import { type Fields, fields, isAbsent, list, number, strings, text } from '../fields.ts'
import { dnsLabel, dnsSubdomain, labelValue, portNumber, qualifiedName } from '../name-rules.ts'
import { portFaults } from '../pod/probe.ts'
import { specOf } from '../table.ts'
import { badAddress, isAddress } from './address.ts'
import { hasNodePorts, isHeadless } from './service-allocation.ts'

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

/** Faults of a Service, new or changed. */
export function validateService(object: KubeObject): FieldFault[] {
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
