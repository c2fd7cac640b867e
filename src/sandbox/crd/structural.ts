/** A schema is structural when every field's type is told outside of allOf, anyOf, oneOf and not. */
import type { FieldFault } from '../status.ts'
import { sameValue } from './correlation.ts'
import { child, entry, forbidden, invalidValue, required } from './fault.ts'
import { goRegExp } from './go-regexp.ts'
import { additionalSchema, type JsonSchema } from './schema.ts'

type Level = 'root' | 'items' | 'field'

const missingType: Record<Level, string> = {
  root: 'must not be empty at the root',
  items: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
}

const integerOrString = [{ type: 'integer' }, { type: 'string' }]

/** The faults of a schema at `path`, in the server's order. */
export function structuralFaults(schema: JsonSchema, path: string): FieldFault[] {
  const faults = [...invariants(schema, 'root', path), ...completeness(schema, schema, path, path)]
  return faults.sort((left, right) => (textOf(left) < textOf(right) ? -1 : 1))
}

function textOf(fault: FieldFault): string {
  return `${fault.field}: ${fault.message}`
}

function invariants(schema: JsonSchema | undefined, level: Level, path: string): FieldFault[] {
  if (!schema) return []
  const faults: FieldFault[] = []
  if (schema.type === 'array' && !schema.items) faults.push(required(child(path, 'items'), 'must be specified'))
  faults.push(...invariants(schema.items, 'items', child(path, 'items')))
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    faults.push(...invariants(property, 'field', entry(child(path, 'properties'), name)))
  }
  const additionalPath = child(path, 'additionalProperties')
  if (schema.additionalProperties !== undefined && level === 'root') {
    faults.push(forbidden(additionalPath, 'must not be used at the root'))
  }
  faults.push(...invariants(additionalSchema(schema), 'field', additionalPath))
  faults.push(...extensionFaults(schema, path), ...typeFaults(schema, level, path))
  faults.push(...valueFaults(schema, path, true))
  faults.push(...metaFaults(schema, level, path))
  return faults
}

function extensionFaults(schema: JsonSchema, path: string): FieldFault[] {
  if (!schema['x-kubernetes-int-or-string']) return []
  const names = ['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource'] as const
  return names
    .filter((name) => schema[name])
    .map((name) => invalidValue(child(path, name), true, 'must be false if x-kubernetes-int-or-string is true'))
}

function typeFaults(schema: JsonSchema, level: Level, path: string): FieldFault[] {
  const at = child(path, 'type')
  const faults: FieldFault[] = []
  if (schema['x-kubernetes-embedded-resource'] && schema.type !== 'object') {
    const detail = 'must be object if x-kubernetes-embedded-resource is true'
    faults.push(schema.type ? invalidValue(at, schema.type, detail) : required(at, detail))
  } else if (!schema.type && !schema['x-kubernetes-int-or-string'] && !schema['x-kubernetes-preserve-unknown-fields']) {
    faults.push(required(at, missingType[level]))
  }
  if (schema['x-kubernetes-embedded-resource'] && schema.additionalProperties !== undefined) {
    const detail = 'must not be used if x-kubernetes-embedded-resource is set'
    faults.push(forbidden(child(path, 'additionalProperties'), detail))
  }
  if (level === 'root' && schema.type && schema.type !== 'object') {
    faults.push(invalidValue(at, schema.type, 'must be object at the root'))
  }
  return faults
}

function metaFaults(schema: JsonSchema, level: Level, path: string): FieldFault[] {
  const embedded = schema['x-kubernetes-embedded-resource']
  const properties = schema.properties ?? {}
  const faults: FieldFault[] = []
  for (const name of level === 'root' || embedded ? ['kind', 'apiVersion'] : []) {
    const type = properties[name]?.type
    const at = child(entry(child(path, 'properties'), name), 'type')
    if (properties[name] && type !== 'string') faults.push(invalidValue(at, type ?? '', 'must be string'))
  }
  const metadata = properties.metadata
  const metaPath = entry(child(path, 'properties'), 'metadata')
  if (metadata && (level === 'root' || embedded) && metadata.type !== 'object') {
    faults.push(invalidValue(child(metaPath, 'type'), metadata.type ?? '', 'must be object'))
  }
  if (metadata && level === 'root' && !onlyNames(metadata)) {
    const detail = 'must not specify anything other than name and generateName, but metadata is implicitly specified'
    faults.push(forbidden(metaPath, detail))
  }
  if (embedded && !schema['x-kubernetes-preserve-unknown-fields'] && Object.keys(properties).length === 0) {
    const detail =
      'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields'
    faults.push(required(child(path, 'properties'), detail))
  }
  return faults
}

function onlyNames(metadata: JsonSchema): boolean {
  const { type: _type, properties = {}, default: _default, ...rest } = metadata
  const strange = Object.keys(properties).filter((name) => name !== 'name' && name !== 'generateName')
  return strange.length === 0 && Object.keys(rest).length === 0
}

/** The value validations at a schema; `mayBeIntOrString`: an anyOf of integer and string is allowed here. */
function valueFaults(schema: JsonSchema, path: string, mayBeIntOrString: boolean): FieldFault[] {
  const faults: FieldFault[] = []
  const intOrString = (parts: JsonSchema[] | undefined): boolean =>
    mayBeIntOrString && sameValue(parts as never, integerOrString)
  if (!intOrString(schema.anyOf)) faults.push(...junctorFaults(schema.anyOf, child(path, 'anyOf')))
  for (const [index, part] of (schema.allOf ?? []).entries()) {
    faults.push(...nestedFaults(part, entry(child(path, 'allOf'), index), index === 0 && intOrString(part.anyOf)))
  }
  faults.push(...junctorFaults(schema.oneOf, child(path, 'oneOf')))
  faults.push(...nestedFaults(schema.not, child(path, 'not'), false))
  if (schema.pattern) faults.push(...patternFaults(schema.pattern, child(path, 'pattern')))
  return faults
}

function patternFaults(pattern: string, path: string): FieldFault[] {
  try {
    goRegExp(pattern)
    return []
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const told = patternErrors.find(([mark]) => reason.includes(mark))?.[1] ?? 'invalid or unsupported Perl syntax'
    const detail = `must be a valid regular expression, but isn't: error parsing regexp: ${told}: \`${pattern}\``
    return [invalidValue(path, pattern, detail)]
  }
}

/** The errors of RegExp in the words of Go. */
const patternErrors: [mark: string, told: string][] = [
  ['Unterminated group', 'missing closing )'],
  ['Unmatched', 'unexpected )'],
  ['missing closing ]', 'missing closing ]'],
  ['Unterminated character class', 'missing closing ]'],
  ['Nothing to repeat', 'missing argument to repetition operator'],
  ['Range out of order', 'invalid character class range'],
  ['at end of pattern', 'trailing backslash at end of expression'],
]

function junctorFaults(parts: JsonSchema[] | undefined, path: string): FieldFault[] {
  return (parts ?? []).flatMap((part, index) => nestedFaults(part, entry(path, index), false))
}

const forbiddenInside: [field: keyof JsonSchema, detail: string][] = [
  ['type', 'must be empty to be structural'],
  ['additionalProperties', 'must be undefined to be structural'],
  ['default', 'must be undefined to be structural'],
  ['title', 'must be empty to be structural'],
  ['description', 'must be empty to be structural'],
  ['nullable', 'must be false to be structural'],
  ['x-kubernetes-preserve-unknown-fields', 'must be false to be structural'],
  ['x-kubernetes-embedded-resource', 'must be false to be structural'],
  ['x-kubernetes-int-or-string', 'must be false to be structural'],
  ['x-kubernetes-list-map-keys', 'must be empty to be structural'],
  ['x-kubernetes-list-type', 'must be undefined to be structural'],
  ['x-kubernetes-map-type', 'must be undefined to be structural'],
  ['x-kubernetes-validations', 'must be empty to be structural'],
]

/** What may not stand inside allOf, anyOf, oneOf and not; `intOrString`: its own anyOf tells the types. */
function nestedFaults(schema: JsonSchema | undefined, path: string, intOrString: boolean): FieldFault[] {
  if (!schema) return []
  const faults = valueFaults(intOrString ? { ...schema, anyOf: undefined } : schema, path, false)
  faults.push(...nestedFaults(schema.items, child(path, 'items'), false))
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    faults.push(...nestedFaults(property, entry(child(path, 'properties'), name), false))
  }
  for (const [name, detail] of forbiddenInside) {
    const value = schema[name]
    const set = Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false && value !== ''
    if (set) faults.push(forbidden(child(path, name), detail))
  }
  if (schema.properties?.metadata) {
    const at = entry(child(path, 'properties'), 'metadata')
    faults.push(forbidden(at, 'must not be specified in a nested context'))
  }
  return faults
}

/** Each field that a value validation speaks of must be known to the structure. */
function completeness(
  value: JsonSchema,
  structure: JsonSchema | undefined,
  structurePath: string,
  valuePath: string,
): FieldFault[] {
  const parts: [JsonSchema, string][] = []
  if (value.not) parts.push([value.not, child(valuePath, 'not')])
  for (const junctor of ['allOf', 'anyOf', 'oneOf'] as const) {
    for (const [index, part] of (value[junctor] ?? []).entries()) {
      parts.push([part, entry(child(valuePath, junctor), index)])
    }
  }
  return parts.flatMap(([part, path]) => nestedCompleteness(part, structure, structurePath, path))
}

function nestedCompleteness(
  value: JsonSchema,
  structure: JsonSchema | undefined,
  structurePath: string,
  valuePath: string,
): FieldFault[] {
  if (!structure) return [required(structurePath, `because it is defined in ${valuePath}`)]
  const faults = completeness(value, structure, structurePath, valuePath)
  if (value.items) {
    const paths = [child(structurePath, 'items'), child(valuePath, 'items')] as const
    faults.push(...nestedCompleteness(value.items, structure.items, ...paths))
  }
  for (const [name, property] of Object.entries(value.properties ?? {})) {
    const at = entry(child(structurePath, 'properties'), name)
    const inside = entry(child(valuePath, 'properties'), name)
    faults.push(...nestedCompleteness(property, structure.properties?.[name], at, inside))
  }
  return faults
}
