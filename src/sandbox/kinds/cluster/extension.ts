/** Kinds that extend or guard the API server itself: APIService, CertificateSigningRequest, flow control, addresses. */
import type { KubeObject } from '../../object.ts'
import type { FieldFault } from '../../status.ts'
import { invalidValue, required } from '../fault.ts'
import { child, fallback, fields, isFields, list, number, strings, text } from '../fields.ts'
import type { Kind } from '../kind.ts'
import { pathSegment } from '../name-rules.ts'
import { validating, withStatus } from '../subresource-status.ts'
import { column, columns, orNone, specOf, statusOf } from '../table.ts'

function validateService(object: KubeObject): FieldFault[] {
  const spec = specOf(object)
  const faults: FieldFault[] = []
  const [group, version] = [text(spec.group), text(spec.version)]
  const wanted = `${version}.${group}`
  if (object.metadata.name !== wanted) {
    faults.push(
      invalidValue(
        'metadata.name',
        object.metadata.name ?? '',
        '`spec.version+"."+spec.group` must be `metadata.name`',
      ),
    )
  }
  for (const name of ['groupPriorityMinimum', 'versionPriority']) {
    const value = number(spec[name]) ?? 0
    const most = name === 'versionPriority' ? 1000 : 20000
    if (value <= 0 || value > most)
      faults.push(invalidValue(`spec.${name}`, value, `must be positive and less than ${most}`))
  }
  if (isFields(spec.service)) {
    for (const name of ['namespace', 'name'])
      if (text(spec.service[name]) === '') faults.push(required(`spec.service.${name}`))
  }
  return faults
}

function availableCell(object: KubeObject): string {
  const available = list(statusOf(object).conditions).find(({ type }) => type === 'Available')
  if (available === undefined) return 'Unknown'
  return available.status === 'True' ? 'True' : `${text(available.status)} (${text(available.reason)})`
}

export const apiService: Kind = {
  ...withStatus({ uncounted: true }),
  ...validating(validateService),
  needsResourceVersion: true,
  setDefaults(object) {
    const { service } = child(object, 'spec')
    if (isFields(service)) fallback(service, 'port', 443)
  },
  columns: columns(
    column('Service', (object) => {
      const { namespace, name } = fields(specOf(object).service)
      return text(name) === '' ? 'Local' : `${text(namespace)}/${text(name)}`
    }),
    column('Available', availableCell),
  ),
}

function requestCell(object: KubeObject): string {
  const types = list(statusOf(object).conditions).map(({ type }) => text(type))
  const told = types.includes('Denied') ? 'Denied' : types.includes('Approved') ? 'Approved' : 'Pending'
  const failed = types.includes('Failed') ? `${told},Failed` : told
  return text(statusOf(object).certificate) === '' ? failed : `${failed},Issued`
}

export const certificateSigningRequest: Kind = {
  ...withStatus({ uncounted: true }),
  nameRule: pathSegment,
  setDefaults(object) {
    const spec = child(object, 'spec')
    if (strings(spec.usages).length === 0) spec.usages = ['digital signature', 'key encipherment']
  },
  validate(object) {
    const spec = specOf(object)
    return ['request', 'signerName'].flatMap((name) => (text(spec[name]) === '' ? [required(`spec.${name}`)] : []))
  },
  columns: columns(
    column('SignerName', (object) => orNone(text(specOf(object).signerName))),
    column('Requestor', (object) => text(specOf(object).username)),
    column('RequestedDuration', (object) => String(specOf(object).expirationSeconds ?? '<none>')),
    column('Condition', requestCell),
  ),
}

export const flowSchema: Kind = {
  ...withStatus(),
  setDefaults(object) {
    fallback(child(object, 'spec'), 'matchingPrecedence', 1000)
  },
  columns: columns(
    column('PriorityLevel', (object) => text(fields(specOf(object).priorityLevelConfiguration).name)),
    column('MatchingPrecedence', (object) => number(specOf(object).matchingPrecedence) ?? 0, { type: 'integer' }),
    column('DistinguisherMethod', (object) => orNone(text(fields(specOf(object).distinguisherMethod).type))),
    column('MissingPL', () => '?'),
  ),
}

export const priorityLevelConfiguration: Kind = {
  ...withStatus(),
  columns: columns(
    column('Type', (object) => text(specOf(object).type)),
    column('NominalConcurrencyShares', (object) =>
      String(fields(specOf(object).limited).nominalConcurrencyShares ?? '<none>'),
    ),
    column('Queues', (object) =>
      String(fields(fields(fields(specOf(object).limited).limitResponse).queuing).queues ?? '<none>'),
    ),
    column('HandSize', (object) =>
      String(fields(fields(fields(specOf(object).limited).limitResponse).queuing).handSize ?? '<none>'),
    ),
    column('QueueLengthLimit', (object) =>
      String(fields(fields(fields(specOf(object).limited).limitResponse).queuing).queueLengthLimit ?? '<none>'),
    ),
  ),
}

export const serviceCidr: Kind = {
  ...withStatus({ uncounted: true }),
  columns: columns(column('CIDRs', (object) => orNone(strings(specOf(object).cidrs).join(',')))),
}

export const ipAddress: Kind = {
  columns: columns(
    column('ParentRef', (object) => {
      const { group, resource, namespace, name } = fields(specOf(object).parentRef)
      const kind = text(group) === '' ? text(resource) : `${text(resource)}.${text(group)}`
      return [kind, text(namespace), text(name)].filter((part) => part !== '').join('/')
    }),
  ),
}
