/** Endpoints and EndpointSlice. */
import type { KubeObject } from '../../object.ts'
import type { FieldFault } from '../../status.ts'
import { immutable, invalidFor, invalidValue, notSupported, required, tooMany } from '../fault.ts'
import { child, type Fields, fallback, fallbackText, fields, isAbsent, list, number, strings, text } from '../fields.ts'
import type { Kind } from '../kind.ts'
import { dnsLabel, dnsSubdomain, portName, portNumber, subdomainName } from '../name-rules.ts'
import { contentChanged } from '../subresource-status.ts'
import { column, columns, orUnset } from '../table.ts'
import { badAddress, familyOf, isAddress } from './address.ts'

const protocols = ['SCTP', 'TCP', 'UDP']
const mostShown = 3

function addressFaults(address: Fields, field: string): FieldFault[] {
  const ip = text(address.ip)
  const faults = isAddress(ip) ? [] : [invalidValue(`${field}.ip`, ip, badAddress)]
  const host = text(address.hostname)
  if (host !== '') faults.push(...invalidFor(`${field}.hostname`, host, dnsLabel(host)))
  if (/^(127\.|0\.0\.0\.0$|::1?$)/.test(ip)) {
    faults.push(
      invalidValue(
        `${field}.ip`,
        ip,
        ip.startsWith('127.') || ip === '::1'
          ? 'may not be in the loopback range (127.0.0.0/8, ::1/128)'
          : 'may not be unspecified (0.0.0.0 or ::)',
      ),
    )
  }
  return faults
}

function portRule(port: Fields, field: string, named: boolean): FieldFault[] {
  const name = text(port.name)
  const faults: FieldFault[] = []
  if (named && name === '') faults.push(required(`${field}.name`))
  else if (name !== '') faults.push(...invalidFor(`${field}.name`, name, dnsLabel(name)))
  const value = number(port.port) ?? 0
  faults.push(...invalidFor(`${field}.port`, value, portNumber(value)))
  if (!protocols.includes(text(port.protocol)))
    faults.push(notSupported(`${field}.protocol`, text(port.protocol), protocols))
  return faults
}

function subsetFaults(subset: Fields, field: string): FieldFault[] {
  const [ready, waiting, ports] = [list(subset.addresses), list(subset.notReadyAddresses), list(subset.ports)]
  const faults: FieldFault[] = []
  if (ready.length === 0 && waiting.length === 0) {
    faults.push(required(field, 'must specify `addresses` or `notReadyAddresses`'))
  }
  return [
    ...faults,
    ...ready.flatMap((address, index) => addressFaults(address, `${field}.addresses[${index}]`)),
    ...waiting.flatMap((address, index) => addressFaults(address, `${field}.notReadyAddresses[${index}]`)),
    ...ports.flatMap((port, index) => portRule(port, `${field}.ports[${index}]`, ports.length > 1)),
  ]
}

function validateEndpoints(object: KubeObject): FieldFault[] {
  return list(object.subsets).flatMap((subset, index) => subsetFaults(subset, `subsets[${index}]`))
}

/** The first few, and how many more there are. */
function few(all: string[]): string {
  if (all.length === 0) return '<none>'
  const shown = all.slice(0, mostShown).join(',')
  return all.length > mostShown ? `${shown} + ${all.length - mostShown} more...` : shown
}

function endpointsCell(object: KubeObject): string {
  const all = list(object.subsets).flatMap((subset) => {
    const ports = list(subset.ports)
    const ready = list(subset.addresses).map(({ ip }) => text(ip))
    if (ports.length === 0) return ready
    return ports.flatMap(({ port }) => ready.map((ip) => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`)))
  })
  return few(all)
}

export const endpoints: Kind = {
  validate: validateEndpoints,
  validateUpdate: validateEndpoints,
  createsOnUpdate: true,
  deprecation: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  setDefaults(object) {
    for (const port of list(object.subsets).flatMap((subset) => list(subset.ports)))
      fallbackText(port, 'protocol', 'TCP')
  },
  columns: columns(column('Endpoints', endpointsCell)),
}

const addressTypes = ['FQDN', 'IPv4', 'IPv6']

function endpointFaults(endpoint: Fields, type: string, field: string): FieldFault[] {
  const addresses = strings(endpoint.addresses)
  const faults: FieldFault[] = []
  if (addresses.length === 0) faults.push(required(`${field}.addresses`, 'must contain at least 1 address'))
  if (addresses.length > 100) faults.push(tooMany(`${field}.addresses`, addresses.length, 100))
  for (const [index, address] of addresses.entries()) {
    const at = `${field}.addresses[${index}]`
    if (type === 'FQDN') faults.push(...invalidFor(at, address, dnsSubdomain(address)))
    else if (!isAddress(address)) faults.push(invalidValue(at, address, badAddress))
    else if (familyOf(address) !== type) faults.push(invalidValue(at, address, `must be an ${type} address`))
  }
  return faults
}

function validateSlice(object: KubeObject): FieldFault[] {
  const type = text(object.addressType)
  const faults: FieldFault[] = []
  if (type === '') faults.push(required('addressType'))
  else if (!addressTypes.includes(type)) faults.push(notSupported('addressType', type, addressTypes))
  const all = list(object.endpoints)
  if (all.length > 1000) faults.push(tooMany('endpoints', all.length, 1000))
  faults.push(...all.flatMap((endpoint, index) => endpointFaults(endpoint, type, `endpoints[${index}]`)))
  const names = new Set<string>()
  for (const [index, port] of list(object.ports).entries()) {
    const name = text(port.name)
    const field = `ports[${index}]`
    if (name !== '') faults.push(...invalidFor(`${field}.name`, name, portName(name)))
    if (names.has(name))
      faults.push({ reason: 'FieldValueDuplicate', field: `${field}.name`, message: `Duplicate value: "${name}"` })
    names.add(name)
    if (!protocols.includes(text(port.protocol)))
      faults.push(notSupported(`${field}.protocol`, text(port.protocol), protocols))
  }
  return faults
}

function portsCell(object: KubeObject): string {
  const ports = list(object.ports).map(({ port, name }) => (isAbsent(port) ? '*' : String(port)) || text(name))
  return orUnset(few(ports).replace('<none>', ''))
}

export const endpointSlice: Kind = {
  nameRule: subdomainName,
  setDefaults(object) {
    object.endpoints = object.endpoints ?? null
    object.ports = object.ports ?? null
    for (const endpoint of list(object.endpoints)) child(endpoint, 'conditions')
    for (const port of list(object.ports)) {
      fallback(port, 'name', '')
      fallback(port, 'protocol', 'TCP')
    }
  },
  prepareForCreate(object) {
    object.metadata.generation = 1
  },
  generationGrows: contentChanged,
  validate: validateSlice,
  validateUpdate(object, old) {
    const changed = object.addressType === old.addressType ? [] : [immutable('addressType', object.addressType)]
    return [...validateSlice(object), ...changed]
  },
  columns: columns(
    column('AddressType', (object) => text(object.addressType)),
    column('Ports', portsCell),
    column('Endpoints', (object) => {
      const all = list(object.endpoints).flatMap((endpoint) => strings(fields(endpoint).addresses))
      return all.length === 0 ? '<unset>' : few(all)
    }),
  ),
}
