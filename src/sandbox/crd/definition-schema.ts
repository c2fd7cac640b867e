/** What the API server demands of the schema in a CustomResourceDefinition, beyond being structural. */
import type { FieldFault } from '../status.ts'
import { type Program, programsOf } from './cel/program.ts'
import { child, entry, forbidden, goQuote, invalidText, invalidValue, notSupported, required } from './fault.ts'
import { additionalSchema, fieldSchema, isMap, type JsonSchema, type ValidationRule } from './schema.ts'

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string']
const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired']
const metaFields = new Set(['metadata', 'kind', 'apiVersion'])

interface Spot {
  path: string
  isRoot: boolean
  /** Why a default may not stand here. */
  noDefault?: string
  insideMeta: boolean
  /** The list above that has no keys: what is in it can't be compared with what it was. */
  unkeyed?: string
}

interface Faults {
  schema: FieldFault[]
  rules: FieldFault[]
}

/** The faults of a schema at `path`; those of its rules only while the schema itself is sound. */
export function schemaRuleFaults(schema: JsonSchema, path: string, structurallySound: boolean): FieldFault[] {
  const faults: Faults = { schema: [], rules: [] }
  check(schema, { path, isRoot: true, insideMeta: false }, faults)
  return [...faults.schema, ...(structurallySound && faults.schema.length === 0 ? faults.rules : [])]
}

function check(schema: JsonSchema | undefined, spot: Spot, faults: Faults): void {
  if (!schema) return
  faults.schema.push(...standardFaults(schema, spot))
  checkChildren(schema, spot, faults)
  faults.schema.push(...extensionFaults(schema, spot.path))
  const rules = schema['x-kubernetes-validations'] ?? []
  faults.schema.push(...rules.flatMap((rule, index) => ruleFormFaults(schema, rule, rulePath(spot, index))))
  faults.rules.push(...compileFaults(schema, spot))
}

function rulePath(spot: Spot, index: number): string {
  return entry(child(spot.path, 'x-kubernetes-validations'), index)
}

function checkChildren(schema: JsonSchema, spot: Spot, faults: Faults): void {
  const inner = { ...spot, isRoot: false }
  const noDefault = spot.insideMeta ? 'inside additionalProperties applying to object metadata' : spot.noDefault
  check(additionalSchema(schema), { ...inner, noDefault, path: child(spot.path, 'additionalProperties') }, faults)
  for (const name of Object.keys(schema.properties ?? {}).sort()) {
    const isMeta = (spot.isRoot || schema['x-kubernetes-embedded-resource']) && metaFields.has(name)
    const at = { ...inner, path: entry(child(spot.path, 'properties'), name) }
    if (isMeta) at.insideMeta = true
    if (isMeta && spot.isRoot) at.noDefault = `in top-level ${name}`
    check(schema.properties?.[name], at, faults)
  }
  const keyed = schema['x-kubernetes-list-type'] === 'map'
  const unkeyed = spot.unkeyed ?? (keyed ? undefined : spot.path)
  check(schema.items, { ...inner, unkeyed, path: child(spot.path, 'items') }, faults)
}

function standardFaults(schema: JsonSchema, { path, noDefault, insideMeta }: Spot): FieldFault[] {
  const faults: FieldFault[] = []
  if (schema.type && !types.includes(schema.type)) {
    faults.push(notSupported(child(path, 'type'), schema.type, types))
  }
  if (schema.default !== undefined && noDefault) {
    faults.push(forbidden(child(path, 'default'), `must not be set ${noDefault}`))
  }
  for (const name of ['id', 'additionalItems', 'patternProperties', 'definitions', 'dependencies', '$ref'] as const) {
    if (schema[name] !== undefined) faults.push(forbidden(child(path, name), `${name} is not supported`))
  }
  if (Array.isArray(schema.items)) {
    faults.push(forbidden(child(path, 'items'), 'items must be a schema object and not an array'))
  }
  if (insideMeta && schema['x-kubernetes-embedded-resource']) {
    const at = child(path, 'x-kubernetes-embedded-resource')
    faults.push(forbidden(at, 'must not be used inside of resource meta'))
  }
  if (schema.uniqueItems) {
    const detail = 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic'
    faults.push(forbidden(child(path, 'uniqueItems'), detail))
  }
  const additional = schema.additionalProperties
  if (additional !== undefined && additional !== true && Object.keys(schema.properties ?? {}).length > 0) {
    const detail = 'additionalProperties and properties are mutual exclusive'
    faults.push(forbidden(child(path, 'additionalProperties'), detail))
  }
  return faults
}

function extensionFaults(schema: JsonSchema, path: string): FieldFault[] {
  const faults: FieldFault[] = []
  if (schema['x-kubernetes-preserve-unknown-fields'] === false) {
    faults.push(invalidValue(child(path, 'x-kubernetes-preserve-unknown-fields'), false, 'must be true or undefined'))
  }
  const mapType = schema['x-kubernetes-map-type']
  if (mapType !== undefined) {
    faults.push(...typeDemanded(schema, 'object', 'x-kubernetes-map-type', path))
    if (mapType !== 'atomic' && mapType !== 'granular') {
      faults.push(notSupported(child(path, 'x-kubernetes-map-type'), mapType, ['atomic', 'granular']))
    }
  }
  return [...faults, ...listFaults(schema, path)]
}

function typeDemanded(schema: JsonSchema, type: string, extension: string, path: string): FieldFault[] {
  if (schema.type === type) return []
  const detail = `must be ${type} if ${extension} is specified`
  const at = child(path, 'type')
  return [schema.type ? invalidValue(at, schema.type, detail) : required(at, detail)]
}

function listFaults(schema: JsonSchema, path: string): FieldFault[] {
  const listType = schema['x-kubernetes-list-type']
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  const at = child(path, 'x-kubernetes-list-type')
  const faults: FieldFault[] = []
  if (listType !== undefined) {
    faults.push(...typeDemanded(schema, 'array', 'x-kubernetes-list-type', path))
    if (listType === 'set' && schema.type === 'array') faults.push(...setItemFaults(schema.items, path))
    if (!['atomic', 'set', 'map'].includes(listType)) faults.push(notSupported(at, listType, ['atomic', 'set', 'map']))
  }
  if (keys.length > 0 && listType !== 'map') {
    const detail = 'must be map if x-kubernetes-list-map-keys is non-empty'
    faults.push(listType === undefined ? required(at, detail) : invalidValue(at, listType, detail))
  }
  if (listType === 'map') faults.push(...keyFaults(schema, keys, path))
  if (listType === 'map' || listType === 'set') faults.push(...nullableFaults(schema, listType, keys, path))
  return faults
}

function setItemFaults(items: JsonSchema | undefined, path: string): FieldFault[] {
  const detail = 'must be atomic as item of a list with x-kubernetes-list-type=set'
  const [listType, mapType] = [items?.['x-kubernetes-list-type'], items?.['x-kubernetes-map-type']]
  if (items?.type === 'array' && listType !== undefined && listType !== 'atomic') {
    return [invalidValue(child(path, 'items.x-kubernetes-list-type'), listType, detail)]
  }
  if (items?.type === 'object' && mapType !== 'atomic') {
    return [invalidValue(child(path, 'items.x-kubernetes-map-type'), listType ?? null, detail)]
  }
  return []
}

function keyFaults(schema: JsonSchema, keys: string[], path: string): FieldFault[] {
  const at = child(path, 'x-kubernetes-list-map-keys')
  const items = schema.items
  const faults: FieldFault[] = []
  if (keys.length === 0) faults.push(required(at, 'must not be empty if x-kubernetes-list-type is map'))
  if (!items) faults.push(required(child(path, 'items'), 'must have a schema if x-kubernetes-list-type is map'))
  if (items && items.type !== 'object') {
    const detail = "must be object if parent array's x-kubernetes-list-type is map"
    faults.push(invalidValue(child(path, 'items.type'), items.type ?? '', detail))
  }
  if (items?.type !== 'object') return faults
  for (const [index, key] of keys.entries()) {
    const property = items.properties?.[key]
    if (!property) faults.push(invalidValue(at, keys, 'entries must all be names of item properties'))
    if (property?.type === 'array' || property?.type === 'object') {
      const detail = "must be a scalar type if parent array's x-kubernetes-list-type is map"
      faults.push(invalidValue(child(entry(child(path, 'items.properties'), key), 'type'), items.type, detail))
    }
    if (keys.indexOf(key) < index) faults.push(invalidValue(at, keys, 'must not contain duplicate entries'))
  }
  return faults
}

function nullableFaults(schema: JsonSchema, listType: string, keys: string[], path: string): FieldFault[] {
  const items = schema.items
  if (!items) return []
  const faults: FieldFault[] = []
  if (items.nullable) {
    faults.push(
      forbidden(child(path, 'items.nullable'), `cannot be nullable when x-kubernetes-list-type is ${listType}`),
    )
  }
  for (const key of listType === 'map' ? keys : []) {
    const property = items.properties?.[key]
    if (!property) continue
    const at = entry(child(path, 'items.properties'), key)
    const belongs = 'this property is in x-kubernetes-list-map-keys, so it'
    if (!items.required?.includes(key) && property.default === undefined) {
      faults.push(required(child(at, 'default'), `${belongs} must have a default or be a required property`))
    }
    if (property.nullable) faults.push(forbidden(child(at, 'nullable'), `${belongs} cannot be nullable`))
  }
  return faults
}

function ruleFormFaults(schema: JsonSchema, rule: ValidationRule, path: string): FieldFault[] {
  const faults: FieldFault[] = []
  const [text, message] = [rule.rule?.trim() ?? '', rule.message?.trim() ?? '']
  const at = child(path, 'message')
  if (!text) faults.push(required(child(path, 'rule'), 'rule is not specified'))
  else if (rule.message && !message) faults.push(invalidValue(at, rule.message, 'must be non-empty if specified'))
  else if (/[\n\r]/.test(message)) faults.push(invalidValue(at, rule.message, 'must not contain line breaks'))
  else if (/[\n\r]/.test(text) && !message) {
    faults.push(required(at, 'message must be specified if rule contains line breaks'))
  }
  if (rule.messageExpression && !rule.messageExpression.trim()) {
    faults.push(required(child(path, 'messageExpression'), 'messageExpression must be non-empty if specified'))
  }
  if (rule.reason !== undefined && !reasons.includes(rule.reason)) {
    faults.push(notSupported(child(path, 'reason'), rule.reason, reasons))
  }
  if (rule.fieldPath && !leadsToField(schema, rule.fieldPath)) {
    faults.push(invalidValue(child(path, 'fieldPath'), rule.fieldPath, 'must be a valid path'))
  }
  return faults
}

/** Whether a path such as `.spec.name` or `.labels['a.b']` names a field of the schema. */
function leadsToField(schema: JsonSchema, path: string): boolean {
  const steps = path.match(/\.[^.[]+|\['(?:\\.|[^'])*'\]/g) ?? []
  if (steps.join('') !== path) return false
  const names = steps.map((step) => (step.startsWith('.') ? step.slice(1) : step.slice(2, -2).replace(/\\(.)/g, '$1')))
  return names.reduce<JsonSchema | undefined>((at, name) => fieldSchema(at, name), schema) !== undefined
}

function compileFaults(schema: JsonSchema, spot: Spot): FieldFault[] {
  const isRoot = spot.isRoot || schema['x-kubernetes-embedded-resource'] === true
  return programsOf(schema, isRoot).flatMap((program, index) => programFaults(program, rulePath(spot, index), spot))
}

function programFaults(program: Program, path: string, spot: Spot): FieldFault[] {
  const { rule } = program
  const faults: FieldFault[] = []
  if (program.fault) faults.push(invalidText(child(path, 'rule'), ruleText(rule), program.fault))
  if (program.messageFault) {
    faults.push(invalidText(child(path, 'messageExpression'), ruleText(rule), program.messageFault))
  }
  if (program.usesOldSelf && spot.unkeyed) {
    const detail = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${spot.unkeyed}`
    faults.push(invalidValue(child(path, 'rule'), rule.rule, detail))
  }
  if (!program.usesOldSelf && rule.optionalOldSelf !== undefined) {
    const at = child(path, 'optionalOldSelf')
    faults.push(invalidValue(at, rule.optionalOldSelf, 'may not be set if oldSelf is not used in rule'))
  }
  return faults
}

/** A rule as the server prints it: with the names of its own fields. */
function ruleText(rule: ValidationRule): string {
  const fields = [
    ['Rule', goQuote(rule.rule)],
    ['Message', goQuote(rule.message ?? '')],
    ['MessageExpression', goQuote(rule.messageExpression ?? '')],
    ['Reason', rule.reason === undefined ? 'null' : goQuote(rule.reason)],
    ['FieldPath', goQuote(rule.fieldPath ?? '')],
    ['OptionalOldSelf', String(rule.optionalOldSelf ?? null)],
  ]
  return `{${fields.map(([name, value]) => `"${name}":${value}`).join(',')}}`
}

/** Formats in the schema that the server does not know. */
export function formatsIn(schema: JsonSchema, known: (type: string | undefined, format: string) => boolean): string[] {
  const own = schema.format && !known(schema.type, schema.format) ? [schema.format] : []
  const inner = [
    ...(schema.items ? [schema.items] : []),
    ...(schema.allOf ?? []),
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    ...(schema.not ? [schema.not] : []),
    ...Object.values(schema.properties ?? {}),
    ...(isMap(schema.additionalProperties) ? [schema.additionalProperties as JsonSchema] : []),
  ]
  return [...own, ...inner.flatMap((part) => formatsIn(part, known))]
}
