/** Validation of a custom resource against its schema, with the server's findings in the server's words. */
import type { Json } from '../object.ts'
import type { FieldFault } from '../status.ts'
import { combinedFindings } from './combine.ts'
import { type Counterpart, counterpartOfField, counterpartOfItem, sameValue } from './correlation.ts'
import { invalidValue, notSupported, required, tooMany } from './fault.ts'
import { type Findings, merge, none, one } from './finding.ts'
import { knowsFormat } from './format.ts'
import { fault, item, type Place, pathOf, property, typeFault, unnamed } from './place.ts'
import { numberFindings, stringFindings } from './scalar.ts'
import { isMap, type JsonSchema } from './schema.ts'

export interface ValidationContext {
  /** The path of `value` in the resource; empty for the resource itself. */
  prefix?: string
  /** The stored value, when this is an update: what did not change may stay invalid. */
  was?: Counterpart
}

/** The faults of `value`, in a fixed order: those of its fields by name. */
export function schemaFaults(value: Json, schema: JsonSchema, context: ValidationContext = {}): FieldFault[] {
  return node(schema, value, { prefix: context.prefix ?? '', name: '' }, context.was).faults
}

/** A schema at a value that has a counterpart: faults of an unchanged value do not count. */
function node(schema: JsonSchema, value: Json, place: Place, was: Counterpart | undefined): Findings {
  const found = check(schema, value, place, was)
  if (found.faults.length > 0 && was && sameValue(was.old, value)) found.faults = []
  return found
}

function check(schema: JsonSchema, value: Json, place: Place, was: Counterpart | undefined): Findings {
  const found = merge(none(), typeFindings(schema, value, place))
  if (value === null) return merge(found, enumFindings(schema, value, place))
  merge(
    found,
    combinedFindings(schema, (other) => check(other, value, place, was), place),
  )
  if (typeof value === 'string') merge(found, stringFindings(schema, value, place))
  if (typeof value === 'number' || typeof value === 'bigint') merge(found, numberFindings(schema, value, place))
  if (Array.isArray(value)) merge(found, listFindings(schema, value, place, was))
  merge(found, enumFindings(schema, value, place))
  if (isMap(value)) merge(found, mapFindings(schema, value, place, was))
  found.matches += 2
  return found
}

function typesOf(schema: JsonSchema): string[] {
  if (schema['x-kubernetes-int-or-string']) return ['integer', 'string']
  return schema.type ? [schema.type] : []
}

/** The JSON type of a value, and the name of its format as the server derives it. */
function kindOf(value: Json): [type: string, format: string] {
  if (value === null) return ['null', '']
  if (Array.isArray(value)) return ['array', '']
  if (typeof value === 'bigint') return ['integer', 'int64']
  // integers that a double can't hold exactly come as bigints; a larger number was written as a float
  if (typeof value === 'number') return Number.isSafeInteger(value) ? ['integer', 'int64'] : ['number', 'float64']
  return [typeof value, '']
}

function typeFindings(schema: JsonSchema, value: Json, place: Place): Findings {
  const types = typesOf(schema)
  const expected = types.join(',')
  const [type, valueFormat] = kindOf(value)
  if (value === null) {
    return types.length === 0 || schema.nullable ? none(1) : one(typeFault(place, expected, type))
  }
  const format = schema.format && knowsFormat(schema.type, schema.format) ? schema.format : ''
  if (types.length === 0 && !format) return none()
  const fits = types.includes(type) || (type === 'integer' && types.includes('number'))
  const numeric = types.includes('number') || types.includes('integer')
  if (format && type !== 'string' && type !== 'array' && !fits) return one(typeFault(place, format, valueFormat))
  if (format && !numeric && (type === 'string' || type === 'array')) return none(2)
  return fits ? none(2) : one(typeFault(place, expected, type))
}

function enumFindings(schema: JsonSchema, value: Json, place: Place): Findings {
  const values = schema.enum
  if (!values?.length || values.some((candidate) => candidate !== null && sameValue(candidate, value))) return none(1)
  const texts = values.map((candidate) => (typeof candidate === 'string' ? candidate : JSON.stringify(candidate)))
  return one(notSupported(pathOf(place), value, texts))
}

function listFindings(schema: JsonSchema, list: Json[], place: Place, was: Counterpart | undefined): Findings {
  const found = none(2)
  const items = schema.items
  if (items) {
    for (const [index, value] of list.entries()) {
      merge(found, node(items, value, item(place, index), counterpartOfItem(was, schema, value)))
    }
  }
  const { minItems, maxItems } = schema
  if (minItems !== undefined && list.length < minItems) {
    found.faults.push(fault(place, list.length, `should have at least ${minItems} items`))
  }
  if (maxItems !== undefined && list.length > maxItems) {
    found.faults.push(tooMany(pathOf(place), list.length, maxItems))
  }
  if (schema.uniqueItems && list.some((value, index) => list.slice(0, index).some((one) => sameValue(one, value)))) {
    found.faults.push(fault(place, '', "shouldn't contain duplicates"))
  }
  return found
}

function mapFindings(
  schema: JsonSchema,
  map: Record<string, Json>,
  place: Place,
  was: Counterpart | undefined,
): Findings {
  const found = merge(none(1), sizeFindings(schema, map, place))
  const properties = schema.properties ?? {}
  const names = Object.keys(map).sort()
  for (const name of names.filter((name) => !Object.hasOwn(properties, name))) {
    merge(found, additionalFindings(schema, name, map[name] ?? null, place, counterpartOfField(was, name)))
  }
  for (const name of names) {
    const own = Object.hasOwn(properties, name) ? properties[name] : undefined
    // apiVersion and kind are what was asked for, not what was stored
    const visible = place.name !== '' || (name !== 'apiVersion' && name !== 'kind')
    const old = visible ? counterpartOfField(was, name) : undefined
    if (own) merge(found, node(own, map[name] ?? null, property(place, name), old))
  }
  for (const name of schema.required ?? []) {
    if (!Object.hasOwn(map, name)) found.faults.push(required(pathOf(unnamed(place, name))))
  }
  return found
}

function sizeFindings(schema: JsonSchema, map: Record<string, Json>, place: Place): Findings {
  const found = none()
  const size = Object.keys(map).length
  const { minProperties, maxProperties } = schema
  if (minProperties !== undefined && size < minProperties) {
    found.faults.push(fault(place, size, `should have at least ${minProperties} properties`))
  }
  if (maxProperties !== undefined && size > maxProperties) {
    found.faults.push(tooMany(pathOf(place), size, maxProperties))
  }
  return found
}

function additionalFindings(
  schema: JsonSchema,
  name: string,
  value: Json,
  place: Place,
  was: Counterpart | undefined,
): Findings {
  const additional = schema.additionalProperties
  if (additional === false) {
    return one(invalidValue(pathOf(place), name, `${place.name}.${name} in body is a forbidden property`))
  }
  return typeof additional === 'object' ? node(additional, value, unnamed(place, name), was) : none()
}
