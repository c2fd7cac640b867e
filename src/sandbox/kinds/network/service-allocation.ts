/** Addresses and node ports of Services: given out, or refused when they can't be had. */
import { invalid } from '../../invalid.ts'
import type { KubeObject } from '../../object.ts'
import type { FieldFault } from '../../status.ts'
import { invalidValue } from '../fault.ts'
import { child, type Fields, fallback, fields, isAbsent, list, number, strings, text } from '../fields.ts'
import type { ClusterView } from '../kind.ts'
import { familyOf, isAddress, toAddress, toNumber } from './address.ts'

/** 10.0.0.0/16, of which the first address is the API server's own. */
const range = { base: toNumber('10.0.0.0'), size: 65536 }
const nodePorts = { least: 30000, most: 32767 }

export function isHeadless(spec: Fields): boolean {
  return spec.type === 'ClusterIP' && (strings(spec.clusterIPs)[0] ?? text(spec.clusterIP)) === 'None'
}

export function takesClusterAddress(spec: Fields): boolean {
  return spec.type !== 'ExternalName'
}

export function hasNodePorts(spec: Fields): boolean {
  return spec.type === 'NodePort' || spec.type === 'LoadBalancer'
}

/** What other services hold. */
interface Taken {
  addresses: Set<string>
  ports: Set<string>
}

function takenBy(others: KubeObject[]): Taken {
  const taken: Taken = { addresses: new Set(['10.0.0.1']), ports: new Set() }
  for (const { spec } of others) {
    for (const address of strings(fields(spec).clusterIPs)) taken.addresses.add(address)
    for (const { nodePort, protocol } of list(fields(spec).ports)) taken.ports.add(`${protocol}/${nodePort}`)
    const health = number(fields(spec).healthCheckNodePort)
    if (health !== undefined) taken.ports.add(`TCP/${health}`)
  }
  return taken
}

/** A start that differs by service and is the same in each run. */
function seedOf(object: KubeObject): number {
  let hash = 2166136261
  for (const character of object.metadata.uid ?? object.metadata.name ?? '') {
    hash = Math.imul(hash ^ character.charCodeAt(0), 16777619) >>> 0
  }
  return hash
}

function inRange(address: string): boolean {
  if (familyOf(address) !== 'IPv4') return false
  const offset = toNumber(address) - range.base
  return offset > 0 && offset < range.size - 1
}

function askedFaults(spec: Fields, taken: Taken): FieldFault[] {
  const asked = strings(spec.clusterIPs).filter(isAddress)
  const field = 'spec.clusterIPs'
  return asked.flatMap((address) => {
    const head = `failed to allocate IP ${address}`
    if (!inRange(address)) {
      return [invalidValue(field, asked, `${head}: the provided network does not match the current range`)]
    }
    return taken.addresses.has(address) ? [invalidValue(field, asked, `${head}: provided IP is already allocated`)] : []
  })
}

function freeAddress(taken: Taken, seed: number): string | undefined {
  // As on a real server the lower part stays free for addresses that are asked for by name.
  const [low, span] = [256, range.size - 257]
  for (let step = 0; step < span; step++) {
    const address = toAddress(range.base + low + ((seed + step) % span))
    if (!taken.addresses.has(address)) return address
  }
  return undefined
}

function setFamilies(spec: Fields): void {
  const selectorless = Object.keys(fields(spec.selector)).length === 0
  if (isHeadless(spec) && selectorless) {
    fallback(spec, 'ipFamilies', ['IPv4', 'IPv6'])
    fallback(spec, 'ipFamilyPolicy', strings(spec.ipFamilies).length > 1 ? 'RequireDualStack' : 'SingleStack')
    return
  }
  fallback(spec, 'ipFamilies', ['IPv4'])
  fallback(spec, 'ipFamilyPolicy', 'SingleStack')
}

/** The cluster has one family; only a headless service without a selector may name others. */
function familyFaults(spec: Fields): FieldFault[] {
  if (isHeadless(spec) && Object.keys(fields(spec.selector)).length === 0) return []
  const faults = strings(spec.ipFamilies).flatMap((family, index) =>
    family === 'IPv4' ? [] : [invalidValue(`spec.ipFamilies[${index}]`, family, 'not configured on this cluster')],
  )
  if (spec.ipFamilyPolicy === 'RequireDualStack') {
    const detail = 'this cluster is not configured for dual-stack services'
    faults.push(invalidValue('spec.ipFamilyPolicy', spec.ipFamilyPolicy, detail))
  }
  return faults
}

function giveAddress(object: KubeObject, taken: Taken): FieldFault[] {
  const spec = child(object, 'spec')
  const [first] = strings(spec.clusterIPs)
  if (first === 'None') return []
  if (first !== undefined) return askedFaults(spec, taken)
  const address = freeAddress(taken, seedOf(object))
  if (address === undefined)
    return [invalidValue('spec.clusterIPs', null, 'failed to allocate a serviceIP: range is full')]
  spec.clusterIP = address
  spec.clusterIPs = [address]
  return []
}

function freePort(taken: Taken, protocol: string, seed: number): number | undefined {
  const span = nodePorts.most - nodePorts.least + 1
  for (let step = 0; step < span; step++) {
    const port = nodePorts.least + ((seed + step) % span)
    if (!taken.ports.has(`${protocol}/${port}`)) return port
  }
  return undefined
}

function portFault(port: number, protocol: string, field: string, taken: Taken): FieldFault[] {
  if (port < nodePorts.least || port > nodePorts.most) {
    const told = `${nodePorts.least}-${nodePorts.most}`
    return [invalidValue(field, port, `provided port is not in the valid range. The range of valid ports is ${told}`)]
  }
  const used = taken.ports.has(`${protocol}/${port}`)
  return used ? [invalidValue(field, port, 'provided port is already allocated')] : []
}

function givePorts(object: KubeObject, taken: Taken, kept: Set<string>): FieldFault[] {
  const spec = child(object, 'spec')
  if (!hasNodePorts(spec) || spec.allocateLoadBalancerNodePorts === false) return []
  // Two protocols of one port share one node port.
  const shared = new Map<unknown, number>()
  const faults: FieldFault[] = []
  for (const [index, port] of list(spec.ports).entries()) {
    const protocol = text(port.protocol)
    const asked = number(port.nodePort) ?? 0
    if (asked !== 0) {
      if (!kept.has(`${protocol}/${asked}`))
        faults.push(...portFault(asked, protocol, `spec.ports[${index}].nodePort`, taken))
    } else {
      const twin = shared.get(port.port)
      const free = twin !== undefined && !taken.ports.has(`${protocol}/${twin}`)
      port.nodePort = free ? twin : freePort(taken, protocol, seedOf(object) + index * 97)
    }
    taken.ports.add(`${protocol}/${port.nodePort}`)
    shared.set(port.port, number(port.nodePort) ?? 0)
  }
  return faults
}

function giveHealthPort(object: KubeObject, taken: Taken): void {
  const spec = child(object, 'spec')
  if (spec.type !== 'LoadBalancer' || spec.externalTrafficPolicy !== 'Local' || !isAbsent(spec.healthCheckNodePort))
    return
  spec.healthCheckNodePort = freePort(taken, 'TCP', seedOf(object) + 13)
}

/** Throws a 422 StatusError when an address or port that is asked for can't be given. */
export function allocateService(object: KubeObject, old: KubeObject | undefined, cluster: ClusterView): void {
  const spec = child(object, 'spec')
  if (spec.type === 'ExternalName') return
  const services = cluster.list({ group: '', version: 'v1', resource: 'services' })
  const others = services.filter(
    ({ metadata }) => metadata.name !== object.metadata.name || metadata.namespace !== object.metadata.namespace,
  )
  const taken = takenBy(others)
  const before = fields(old?.spec)
  const held =
    strings(before.clusterIPs)[0] !== undefined && strings(before.clusterIPs)[0] === strings(spec.clusterIPs)[0]
  const faults = familyFaults(spec)
  if (faults.length === 0 && !held) faults.push(...giveAddress(object, taken))
  if (faults.length === 0) setFamilies(spec)
  const kept = new Set(list(before.ports).map(({ nodePort, protocol }) => `${protocol}/${nodePort}`))
  faults.push(...givePorts(object, taken, kept))
  giveHealthPort(object, taken)
  if (faults.length > 0) throw invalid({ kind: 'Service' }, object.metadata.name ?? '', faults)
}
