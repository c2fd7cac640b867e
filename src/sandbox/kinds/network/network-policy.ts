/** NetworkPolicy. */
import type { KubeObject } from '../../object.ts'
import type { FieldFault } from '../../status.ts'
import { forbidden, invalidValue, notSupported, required } from '../fault.ts'
import { child, type Fields, fallbackText, fields, isAbsent, isFields, list, number, strings, text } from '../fields.ts'
import type { Kind } from '../kind.ts'
import { formatSelector, validateSelector } from '../label-selector.ts'
import { portFaults } from '../pod/probe.ts'
import { counted, validating } from '../subresource-status.ts'
import { column, columns, orNone, specOf } from '../table.ts'
import { isRange } from './address.ts'

function setDefaults(object: KubeObject): void {
  const spec = child(object, 'spec')
  for (const rule of [...list(spec.ingress), ...list(spec.egress)]) {
    for (const port of list(rule.ports)) fallbackText(port, 'protocol', 'TCP')
  }
  child(spec, 'podSelector')
  if (strings(spec.policyTypes).length > 0) return
  spec.policyTypes = list(spec.egress).length > 0 ? ['Ingress', 'Egress'] : ['Ingress']
}

const protocols = ['SCTP', 'TCP', 'UDP']

function portRule(port: Fields, field: string): FieldFault[] {
  const faults: FieldFault[] = []
  if (!isAbsent(port.protocol) && !protocols.includes(text(port.protocol))) {
    faults.push(notSupported(`${field}.protocol`, port.protocol, protocols))
  }
  if (!isAbsent(port.port)) {
    faults.push(...portFaults(port.port, `${field}.port`))
    const [first, last] = [number(port.port), number(port.endPort)]
    if (last !== undefined && first === undefined) {
      faults.push(invalidValue(`${field}.endPort`, last, 'may not be specified when `port` is non-numeric'))
    } else if (last !== undefined && first !== undefined && last < first) {
      faults.push(invalidValue(`${field}.endPort`, last, `must be greater than or equal to \`port\``))
    }
  } else if (!isAbsent(port.endPort)) {
    faults.push(invalidValue(`${field}.endPort`, port.endPort, 'may not be specified when `port` is not specified'))
  }
  return faults
}

function blockFaults(block: Fields, field: string): FieldFault[] {
  const cidr = text(block.cidr)
  if (cidr === '') return [required(`${field}.cidr`)]
  const bad = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'
  const faults = isRange(cidr) ? [] : [invalidValue(`${field}.cidr`, cidr, bad)]
  for (const [index, except] of strings(block.except).entries()) {
    if (!isRange(except)) faults.push(invalidValue(`${field}.except[${index}]`, except, bad))
  }
  return faults
}

function peerFaults(peer: Fields, field: string): FieldFault[] {
  const faults: FieldFault[] = []
  let sources = 0
  for (const name of ['podSelector', 'namespaceSelector']) {
    if (!isFields(peer[name])) continue
    sources += 1
    faults.push(...validateSelector(peer[name], `${field}.${name}`))
  }
  if (isFields(peer.ipBlock)) faults.push(...blockFaults(peer.ipBlock, `${field}.ipBlock`))
  if (sources === 0 && !isFields(peer.ipBlock)) faults.push(required(field, 'must specify a peer'))
  if (sources > 0 && isFields(peer.ipBlock)) {
    faults.push(forbidden(field, 'may not specify both ipBlock and another peer'))
  }
  return faults
}

function rulesFaults(rules: unknown, field: string, peers: string): FieldFault[] {
  return list(rules).flatMap((rule, index) => [
    ...list(rule.ports).flatMap((port, at) => portRule(port, `${field}[${index}].ports[${at}]`)),
    ...list(rule[peers]).flatMap((peer, at) => peerFaults(peer, `${field}[${index}].${peers}[${at}]`)),
  ])
}

function validate(object: KubeObject): FieldFault[] {
  const spec = specOf(object)
  const types = strings(spec.policyTypes)
  const faults = [
    ...validateSelector(spec.podSelector, 'spec.podSelector'),
    ...rulesFaults(spec.ingress, 'spec.ingress', 'from'),
    ...rulesFaults(spec.egress, 'spec.egress', 'to'),
  ]
  if (types.length > 2) {
    return [...faults, invalidValue('spec.policyTypes', types, 'may not specify more than two policyTypes')]
  }
  for (const [index, type] of types.entries()) {
    if (!['Ingress', 'Egress'].includes(type)) {
      faults.push(notSupported(`spec.policyTypes[${index}]`, type, ['Egress', 'Ingress']))
    }
  }
  return faults
}

export const networkPolicy: Kind = {
  ...counted,
  ...validating(validate),
  setDefaults,
  columns: columns(column('Pod-Selector', (object) => orNone(formatSelector(fields(specOf(object).podSelector))))),
}
