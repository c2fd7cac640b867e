/** Secret. */
import { deepEqual } from 'fast-equals'
import type { KubeObject } from '../../object.ts'
import type { FieldFault } from '../../status.ts'
import { immutable, invalidFor, invalidValue, required, tooLong } from '../fault.ts'
import { fallbackText, fields, isFields, text } from '../fields.ts'
import type { Kind } from '../kind.ts'
import { configKey } from '../name-rules.ts'
import { column, columns } from '../table.ts'
import { dataCount, frozenFaults } from './config-map.ts'

const mostBytes = 1024 * 1024

/** stringData is for writing only: it goes into data. */
function setDefaults(object: KubeObject): void {
  if (isFields(object.stringData)) {
    const written = Object.entries(object.stringData).map(([key, value]) => [
      key,
      Buffer.from(String(value)).toString('base64'),
    ])
    if (written.length > 0) object.data = { ...fields(object.data), ...Object.fromEntries(written) }
  }
  delete object.stringData
  fallbackText(object, 'type', 'Opaque')
}

function decoded(object: KubeObject, key: string): string | undefined {
  const value = fields(object.data)[key]
  return typeof value === 'string' ? Buffer.from(value, 'base64').toString() : undefined
}

function needs(object: KubeObject, keys: string[]): FieldFault[] {
  return keys.filter((key) => decoded(object, key) === undefined).map((key) => required(`data[${key}]`))
}

/** Go's first complaint about a text that is no JSON. */
function jsonFault(source: string): string | undefined {
  try {
    JSON.parse(source)
    return undefined
  } catch {
    const [first = ''] = source.trimStart()
    return first === '' || '{["-0123456789tfn'.includes(first)
      ? 'unexpected end of JSON input'
      : `invalid character '${first}' looking for beginning of value`
  }
}

function dockerFaults(object: KubeObject, key: string): FieldFault[] {
  const source = decoded(object, key)
  if (source === undefined) return [required(`data[${key}]`)]
  const fault = jsonFault(source)
  return fault === undefined ? [] : [invalidValue(`data[${key}]`, '<secret contents redacted>', fault)]
}

/** What a type asks of a secret. */
const typeRules: Record<string, (object: KubeObject) => FieldFault[]> = {
  'kubernetes.io/service-account-token': (object) => {
    const name = 'kubernetes.io/service-account.name'
    return (object.metadata.annotations?.[name] ?? '') === '' ? [required(`metadata.annotations[${name}]`)] : []
  },
  'kubernetes.io/dockercfg': (object) => dockerFaults(object, '.dockercfg'),
  'kubernetes.io/dockerconfigjson': (object) => dockerFaults(object, '.dockerconfigjson'),
  'kubernetes.io/basic-auth': (object) => {
    const either = decoded(object, 'username') !== undefined || decoded(object, 'password') !== undefined
    return either ? [] : [required('data[username]'), required('data[password]')]
  },
  'kubernetes.io/ssh-auth': (object) =>
    (decoded(object, 'ssh-privatekey') ?? '') === '' ? [required('data[ssh-privatekey]')] : [],
  'kubernetes.io/tls': (object) => needs(object, ['tls.crt', 'tls.key']),
}

function validate(object: KubeObject): FieldFault[] {
  const data = Object.entries(fields(object.data))
  const faults = data.flatMap(([key]) => invalidFor(`data[${key}]`, key, configKey(key)))
  const bytes = data.reduce((sum, [, value]) => sum + Buffer.byteLength(text(value), 'base64'), 0)
  if (bytes > mostBytes) faults.push(tooLong('data', mostBytes))
  return [...faults, ...(typeRules[text(object.type)]?.(object) ?? [])]
}

function changeFaults(object: KubeObject, old: KubeObject): FieldFault[] {
  const typed = deepEqual(object.type, old.type) ? [] : [immutable('type', object.type)]
  return [...typed, ...frozenFaults(object, old, ['data']), ...validate(object)]
}

export const secret: Kind = {
  setDefaults,
  validate,
  validateUpdate: changeFaults,
  selectableFields: (object) => ({ type: text(object.type) }),
  columns: columns(
    column('Type', (object) => text(object.type)),
    column('Data', dataCount),
  ),
}
