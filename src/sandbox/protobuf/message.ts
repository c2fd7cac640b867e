/**
 * Messages of the built-in kinds as JSON. Clients such as kubectl and helm write in protobuf; the numbers, names and
 * types of the fields (data/protobuf.json) are those of Kubernetes 1.36, which never change once given.
 */
import table from '../data/protobuf.json' with { type: 'json' }
import type { Json, JsonObject } from '../object.ts'
import { WireError, type WireField, wireFields } from './wire.ts'

/** By field number: the name in JSON ('' for one whose fields stand among its parent's) and the type. */
type Fields = Record<string, [name: string, type: string]>

const messages = table as unknown as Record<string, Fields>

export function knowsMessage(name: string): boolean {
  return Object.hasOwn(messages, name)
}

/** The message `name`, such as `core.v1.Secret`, as JSON; unknown fields are left out. Throws a WireError. */
export function messageJson(name: string, bytes: Uint8Array): JsonObject {
  const fields = messages[name] ?? {}
  const object: JsonObject = {}
  for (const field of wireFields(bytes)) {
    const known = fields[field.number]
    if (known) put(object, known, field)
  }
  return object
}

function put(object: JsonObject, [name, type]: [string, string], { value }: WireField): void {
  if (type.startsWith('[]')) {
    const list = (object[name] ?? []) as Json[]
    list.push(readValue(type.slice(2), value))
    object[name] = list
  } else if (type.startsWith('{}')) {
    const map = (object[name] ?? {}) as JsonObject
    const [key, item] = entryOf(type.slice(2), bytesOf(value))
    map[key] = item
    object[name] = map
  } else if (name === '') Object.assign(object, readValue(type, value))
  else object[name] = readValue(type, value)
}

function entryOf(type: string, bytes: Uint8Array): [key: string, value: Json] {
  const fields = wireFields(bytes)
  const key = fields.find(({ number }) => number === 1)
  const item = fields.find(({ number }) => number === 2)
  return [key ? textOf(key.value) : '', item ? readValue(type, item.value) : emptyOf(type)]
}

function emptyOf(type: string): Json {
  return readValue(type, type === 'i' || type === 'b' || type === 'd' ? 0n : new Uint8Array())
}

function bytesOf(value: WireField['value']): Uint8Array {
  if (typeof value === 'bigint') throw new WireError('wrong wireType for a field of bytes')
  return value
}

function textOf(value: WireField['value']): string {
  return Buffer.from(bytesOf(value)).toString('utf8')
}

function integerOf(value: WireField['value']): number | bigint {
  if (typeof value !== 'bigint') throw new WireError('wrong wireType for an integer')
  const signed = BigInt.asIntN(64, value)
  return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed
}

function doubleOf(value: WireField['value']): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setBigUint64(0, typeof value === 'bigint' ? value : 0n)
  return view.getFloat64(0)
}

const scalars: Record<string, (value: WireField['value']) => Json> = {
  s: textOf,
  i: integerOf,
  b: (value) => integerOf(value) !== 0,
  y: (value) => Buffer.from(bytesOf(value)).toString('base64'),
  d: doubleOf,
  time: (value) => timeOf(bytesOf(value), false),
  microTime: (value) => timeOf(bytesOf(value), true),
  quantity: (value) => partOf(value, 1, textOf, '0'),
  raw: (value) => JSON.parse(partOf(value, 1, textOf, 'null')) as Json,
  intOrString: intOrStringOf,
}

/** Types whose message is a list in JSON, or one of several things. */
const odd: Record<string, (parts: JsonObject) => Json> = {
  'authentication.v1.ExtraValue': itemsOf,
  'authorization.v1.ExtraValue': itemsOf,
  'certificates.v1.ExtraValue': itemsOf,
  'apiextensions.v1.JSONSchemaPropsOrArray': ({ schema, jSONSchemas }) => schema ?? jSONSchemas ?? null,
  'apiextensions.v1.JSONSchemaPropsOrBool': ({ schema, allows }) => schema ?? allows ?? false,
  'apiextensions.v1.JSONSchemaPropsOrStringArray': ({ schema, property }) => schema ?? property ?? null,
}

function itemsOf({ items }: JsonObject): Json {
  return items ?? []
}

function readValue(type: string, value: WireField['value']): Json {
  const scalar = scalars[type]
  if (scalar) return scalar(value)
  const object = messageJson(type, bytesOf(value))
  return odd[type] ? odd[type](object) : object
}

/** One field of a small message; `absent` when it is not there. */
function partOf<T>(value: WireField['value'], number: number, read: (value: WireField['value']) => T, absent: T): T {
  const field = wireFields(bytesOf(value)).findLast((candidate) => candidate.number === number)
  return field ? read(field.value) : absent
}

function intOrStringOf(value: WireField['value']): Json {
  const isText = partOf(value, 1, integerOf, 0) === 1
  return isText ? partOf(value, 3, textOf, '') : Number(BigInt.asIntN(32, BigInt(partOf(value, 2, integerOf, 0))))
}

/** A time without seconds is one that was never set. */
function timeOf(bytes: Uint8Array, micro: boolean): Json {
  if (bytes.length === 0) return null
  const seconds = Number(partOf(bytes, 1, integerOf, 0))
  const nanos = Number(partOf(bytes, 2, integerOf, 0))
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19)
  const fraction = String(Math.floor(nanos / 1000)).padStart(6, '0')
  return micro ? `${whole}.${fraction}Z` : `${whole}Z`
}
