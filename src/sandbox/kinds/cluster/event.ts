/** Event, of the core group and of events.k8s.io. */
import type { KubeObject } from '../../object.ts'
import type { FieldFault } from '../../status.ts'
import { invalidFor, invalidValue, required } from '../fault.ts'
import { type Fields, fallback, fields, isAbsent, number, text } from '../fields.ts'
import { ageOf } from '../human-duration.ts'
import type { Kind } from '../kind.ts'
import { qualifiedName } from '../name-rules.ts'
import { column, nameColumn } from '../table.ts'

const foreign = 'does not match event.namespace'
const namespaceField = 'involvedObject.namespace'

/** An old event stands in the namespace of what it is about; of a cluster's object in `default`. */
function oldFaults(event: KubeObject, about: string): FieldFault[] {
  const { namespace = '' } = event.metadata
  const fits = about === '' ? ['', 'default'].includes(namespace) : about === namespace
  return fits ? [] : [invalidValue(namespaceField, about, foreign)]
}

/** A new one, that has eventTime, names who reports it as well. */
function newFaults(event: KubeObject, about: string, controller: string): FieldFault[] {
  const { namespace = '' } = event.metadata
  const faults: FieldFault[] = []
  if (about === '' && !['default', 'kube-system'].includes(namespace)) {
    faults.push(invalidValue(namespaceField, about, foreign))
  }
  const reporter = text(event[controller])
  if (reporter === '') faults.push(required(controller))
  faults.push(...invalidFor(controller, reporter, qualifiedName(reporter)))
  for (const name of ['reportingInstance', 'action', 'reason']) {
    const value = text(event[name])
    if (value === '') faults.push(required(name))
    if (value.length > 128) faults.push(invalidValue(name, '', 'can have at most 128 characters'))
  }
  return faults
}

function validateCore(event: KubeObject): FieldFault[] {
  const about = text(fields(event.involvedObject).namespace)
  return isAbsent(event.eventTime) ? oldFaults(event, about) : newFaults(event, about, 'reportingComponent')
}

function validateNew(event: KubeObject): FieldFault[] {
  const about = text(fields(event.regarding).namespace)
  const timed = !isAbsent(event.eventTime)
  const faults = timed ? newFaults(event, about, 'reportingController') : oldFaults(event, about)
  if (!timed) faults.push(required('eventTime'))
  const type = text(event.type)
  if (!['Normal', 'Warning'].includes(type)) faults.push(invalidValue('type', '', `has invalid value: ${type}`))
  return faults
}

/** Of either group: when it was last and first seen, and how often. */
function seen(event: KubeObject): { last: unknown; first: unknown; count: number } {
  const series = fields(event.series)
  const first = event.firstTimestamp ?? event.deprecatedFirstTimestamp ?? event.eventTime
  const last = series.lastObservedTime ?? event.lastTimestamp ?? event.deprecatedLastTimestamp ?? event.eventTime
  const count = number(series.count) ?? number(event.count ?? event.deprecatedCount) ?? 1
  return { last, first, count: count === 0 ? 1 : count }
}

function subject(event: KubeObject): Fields {
  return fields(event.involvedObject ?? event.regarding)
}

function objectCell(event: KubeObject): string {
  const { kind, name } = subject(event)
  return text(name) === '' ? text(kind).toLowerCase() : `${text(kind).toLowerCase()}/${text(name)}`
}

function sourceCell(event: KubeObject): string {
  const { component, host } = fields(event.source ?? event.deprecatedSource)
  const from = text(component) || text(event.reportingComponent ?? event.reportingController)
  const at = text(host) || text(event.reportingInstance)
  return at === '' ? from : `${from}, ${at}`
}

const eventColumns = [
  column('Last Seen', (event, now) => ageOf(seen(event).last, now)),
  column('Type', (event) => text(event.type)),
  column('Reason', (event) => text(event.reason)),
  column('Object', objectCell),
  column('Subobject', (event) => text(subject(event).fieldPath), { wide: true }),
  column('Source', sourceCell, { wide: true }),
  column('Message', (event) => text(event.message ?? event.note).trim()),
  column('First Seen', (event, now) => ageOf(seen(event).first, now), { wide: true }),
  column('Count', (event) => seen(event).count, { wide: true }),
  { ...nameColumn, priority: 1 },
]

function selectable(event: KubeObject): Record<string, string> {
  const about = subject(event)
  const source = text(fields(event.source ?? event.deprecatedSource).component)
  const prefix = event.apiVersion === 'v1' ? 'involvedObject' : 'regarding'
  const names = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath']
  return {
    ...Object.fromEntries(names.map((name) => [`${prefix}.${name}`, text(about[name])])),
    reason: text(event.reason),
    reportingComponent: text(event.reportingComponent ?? event.reportingController),
    source: source || text(event.reportingComponent ?? event.reportingController),
    type: text(event.type),
  }
}

const shared: Kind = {
  createsOnUpdate: true,
  selectableFields: selectable,
  columns: eventColumns,
  reportedAs: { kind: 'Event' },
}

export const event: Kind = {
  ...shared,
  validate: validateCore,
  validateUpdate: validateCore,
  setDefaults(object) {
    for (const name of ['firstTimestamp', 'lastTimestamp', 'eventTime']) fallback(object, name, null)
    fallback(object, 'involvedObject', {})
    fallback(object, 'source', {})
    fallback(object, 'reportingComponent', '')
    fallback(object, 'reportingInstance', '')
  },
}

export const newEvent: Kind = {
  ...shared,
  validate: validateNew,
  validateUpdate: validateNew,
  setDefaults(object) {
    for (const name of ['deprecatedFirstTimestamp', 'deprecatedLastTimestamp', 'eventTime'])
      fallback(object, name, null)
    fallback(object, 'regarding', {})
    fallback(object, 'deprecatedSource', {})
  },
}
