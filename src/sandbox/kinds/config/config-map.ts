/** ConfigMap. */
import { deepEqual } from 'fast-equals'
import type { KubeObject } from '../../object.ts'
import type { FieldFault } from '../../status.ts'
import { forbidden, invalidFor, invalidValue, tooLong } from '../fault.ts'
import { fields } from '../fields.ts'
import type { Kind } from '../kind.ts'
import { configKey } from '../name-rules.ts'
import { ageColumn, column, nameColumn } from '../table.ts'

const mostBytes = 1024 * 1024

function entriesOf(object: KubeObject, name: string): [string, string][] {
  return Object.entries(fields(object[name])).map(([key, value]) => [key, String(value)])
}

function validate(object: KubeObject): FieldFault[] {
  const [data, binary] = [entriesOf(object, 'data'), entriesOf(object, 'binaryData')]
  const faults: FieldFault[] = []
  const both = new Set(binary.map(([key]) => key))
  let bytes = 0
  for (const [key, value] of data) {
    faults.push(...invalidFor(`data[${key}]`, key, configKey(key)))
    if (both.has(key)) faults.push(invalidValue(`data[${key}]`, key, 'duplicate of key present in binaryData'))
    bytes += Buffer.byteLength(value)
  }
  for (const [key, value] of binary) {
    faults.push(...invalidFor(`binaryData[${key}]`, key, configKey(key)))
    bytes += Buffer.byteLength(value, 'base64')
  }
  if (bytes > mostBytes) faults.push(tooLong('[]', mostBytes))
  return faults
}

const frozen = 'field is immutable when `immutable` is set'

/** What an object that was declared immutable may no longer change. */
export function frozenFaults(object: KubeObject, old: KubeObject, names: string[]): FieldFault[] {
  if (old.immutable !== true) return []
  const faults = object.immutable === true ? [] : [forbidden('immutable', frozen)]
  for (const name of names) if (!deepEqual(object[name], old[name])) faults.push(forbidden(name, frozen))
  return faults
}

export function dataCount(object: KubeObject): number {
  return entriesOf(object, 'data').length + entriesOf(object, 'binaryData').length
}

const aboutData =
  "Data contains the configuration data. Each key must consist of alphanumeric characters, '-', '_' or '.'. Values with non-UTF-8 byte sequences must use the BinaryData field. The keys stored in Data must not overlap with the keys in the BinaryData field, this is enforced during validation process."

export const configMap: Kind = {
  validate,
  validateUpdate: (object, old) => [...frozenFaults(object, old, ['data', 'binaryData']), ...validate(object)],
  columns: [nameColumn, column('Data', dataCount, { description: aboutData }), ageColumn],
}
