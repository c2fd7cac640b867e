/** The CEL types of a schema, and its values as the evaluator wants them. */
import { Environment, Optional } from '@marcbachmann/cel-js'
import type { Json } from '../../object.ts'
import { additionalSchema, isMap, type JsonSchema } from '../schema.ts'
import { celIdentifier } from './identifier.ts'

/** Turns JSON of the schema it belongs to into a CEL value. */
type Convert = (value: Json) => unknown

interface Declared {
  /** The type's name in CEL: `string`, `list<int>`, `object.spec`. */
  type: string
  convert: Convert
}

const text: JsonSchema = { type: 'string' }

/** At the root of a resource apiVersion, kind and two fields of metadata can be reached, whatever the schema says. */
export function withTypeAndMeta(schema: JsonSchema): JsonSchema {
  const metadata: JsonSchema = { type: 'object', properties: { name: text, generateName: text } }
  return { ...schema, properties: { ...schema.properties, apiVersion: text, kind: text, metadata } }
}

/** Registers the types of `schema` in `env`; undefined where expressions may not look (a schema without a type). */
export function declare(env: Environment, schema: JsonSchema, name: string): Declared | undefined {
  if (schema['x-kubernetes-int-or-string']) return { type: 'dyn', convert: scalar }
  const known = schema['x-kubernetes-embedded-resource'] ? withTypeAndMeta(schema) : schema
  switch (known.type) {
    case 'array':
      return declareList(env, known, name)
    case 'object':
      return additionalSchema(known) ? declareMap(env, known, name) : declareObject(env, known, name)
    case 'string':
      return declareString(known)
    case 'integer':
      return { type: 'int', convert: scalar }
    case 'number':
      return { type: 'double', convert: (value) => (typeof value === 'string' ? value : Number(value)) }
    case 'boolean':
      return { type: 'bool', convert: scalar }
    default:
      return undefined
  }
}

/** Integers are bigints in the evaluator, and only they. */
function scalar(value: Json): unknown {
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value
}

function declareString(schema: JsonSchema): Declared {
  switch (schema.format) {
    case 'byte':
      return { type: 'bytes', convert: (value) => Uint8Array.from(Buffer.from(String(value), 'base64')) }
    case 'date':
    case 'date-time':
      return { type: 'google.protobuf.Timestamp', convert: (value) => new Date(String(value)) }
    case 'duration':
      return { type: 'google.protobuf.Duration', convert: toDuration }
    default:
      return { type: 'string', convert: scalar }
  }
}

let durations: Environment | undefined

function toDuration(value: Json): unknown {
  durations ??= new Environment().registerVariable('text', 'string')
  return durations.evaluate('duration(text)', { text: String(value) })
}

function declareList(env: Environment, schema: JsonSchema, name: string): Declared | undefined {
  const item = schema.items && declare(env, schema.items, `${name}.item`)
  if (!item) return undefined
  return { type: `list<${item.type}>`, convert: (value) => (Array.isArray(value) ? value.map(item.convert) : value) }
}

function declareMap(env: Environment, schema: JsonSchema, name: string): Declared | undefined {
  const additional = additionalSchema(schema)
  const item = additional && declare(env, additional, `${name}.value`)
  if (!item) return undefined
  const convert = (value: Json): unknown =>
    isMap(value) ? new Map(Object.entries(value).map(([key, entry]) => [key, item.convert(entry)])) : value
  return { type: `map<string, ${item.type}>`, convert }
}

function declareObject(env: Environment, schema: JsonSchema, name: string): Declared {
  const fields: Record<string, string> = {}
  const converts = new Map<string, [identifier: string, convert: Convert]>()
  for (const [property, propertySchema] of Object.entries(schema.properties ?? {})) {
    const identifier = celIdentifier(property)
    const declared = identifier ? declare(env, propertySchema, `${name}.${identifier}`) : undefined
    if (!identifier || !declared) continue
    fields[identifier] = declared.type
    converts.set(property, [identifier, declared.convert])
  }
  const ObjectValue = class extends Map<string, unknown> {}
  env.registerType(name, { ctor: ObjectValue, fields })
  env.registerOperator(`${name} == ${name}`, equal)
  return { type: name, convert: (value) => toObject(new ObjectValue(), value, converts) }
}

function toObject(into: Map<string, unknown>, value: Json, converts: Map<string, [string, Convert]>): unknown {
  if (!isMap(value)) return value
  for (const [property, [identifier, convert]] of converts) {
    const field = value[property]
    // what is null counts as absent, so that has() guards it
    if (field !== undefined && field !== null) into.set(identifier, convert(field))
  }
  return into
}

/** Equality of two CEL values of one type. */
export function equal(left: unknown, right: unknown): boolean {
  if (left instanceof Map && right instanceof Map) {
    return left.size === right.size && [...left].every(([key, value]) => right.has(key) && equal(value, right.get(key)))
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((value, index) => equal(value, right[index]))
  }
  if (left instanceof Date && right instanceof Date) return left.getTime() === right.getTime()
  if (left instanceof Uint8Array && right instanceof Uint8Array) return Buffer.compare(left, right) === 0
  if (typeof left === 'object' && typeof right === 'object') return String(left) === String(right)
  // an int equals a double of the same size
  return typeof left === typeof right ? left === right : Number(left) === Number(right) && isNumeric(left, right)
}

function isNumeric(...values: unknown[]): boolean {
  return values.every((value) => typeof value === 'number' || typeof value === 'bigint')
}

/** oldSelf of a rule that also runs where there is no old value. */
export function optional(value: unknown): Optional {
  return value === undefined ? Optional.none() : Optional.of(value)
}
