/** PriorityClass and RuntimeClass. */
import type { KubeObject } from '../../object.ts'
import type { FieldFault } from '../../status.ts'
import { forbidden, immutable, invalidFor, required } from '../fault.ts'
import { fallback, number, text } from '../fields.ts'
import type { Kind } from '../kind.ts'
import { dnsLabel } from '../name-rules.ts'
import { counted, validating } from '../subresource-status.ts'
import { ageColumn, column, columns, nameColumn } from '../table.ts'

const highestOfUsers = 1_000_000_000
const reserved: Record<string, number> = {
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
}

function validate(object: KubeObject): FieldFault[] {
  const { name = '' } = object.metadata
  const value = number(object.value) ?? 0
  if (name.startsWith('system-')) {
    if (reserved[name] === value) return []
    const detail = `priority class names with 'system-' prefix are reserved for system use only. error: ${name} is not a known system priority class`
    return [forbidden('metadata.name', detail)]
  }
  const told = `maximum allowed value of a user defined priority is ${highestOfUsers}`
  return value > highestOfUsers ? [forbidden('value', told)] : []
}

function changeFaults(object: KubeObject, old: KubeObject): FieldFault[] {
  const faults: FieldFault[] = []
  if ((number(object.value) ?? 0) !== (number(old.value) ?? 0)) {
    faults.push(forbidden('value', 'may not be changed in an update.'))
  }
  if (object.preemptionPolicy !== old.preemptionPolicy)
    faults.push(immutable('preemptionPolicy', object.preemptionPolicy))
  return faults
}

export const priorityClass: Kind = {
  ...counted,
  validate,
  validateUpdate: changeFaults,
  setDefaults(object) {
    fallback(object, 'preemptionPolicy', 'PreemptLowerPriority')
    fallback(object, 'value', 0)
  },
  columns: [
    nameColumn,
    column('Value', (object) => number(object.value) ?? 0, { type: 'integer' }),
    column('Global-Default', (object) => object.globalDefault === true, { type: 'boolean' }),
    ageColumn,
    column('PreemptionPolicy', (object) => text(object.preemptionPolicy)),
  ],
}

export const runtimeClass: Kind = {
  ...validating(
    (object) => {
      const handler = text(object.handler)
      return handler === '' ? [required('handler')] : invalidFor('handler', handler, dnsLabel(handler))
    },
    (object, old) => (object.handler === old.handler ? [] : [immutable('handler', object.handler)]),
  ),
  needsResourceVersion: true,
  columns: columns(column('Handler', (object) => text(object.handler))),
}
