/** The types of the built-in kinds, read from the recorded schema when first asked for. */
import goTypes from '../data/go-types.json' with { type: 'json' }
import schema from '../data/schema.json' with { type: 'json' }
import type { GroupVersionKind, Json } from '../object.ts'
import { anyType, type Field, type GoField, type Type } from './type.ts'

interface Definition {
  type?: string
  format?: string
  $ref?: string
  properties?: Record<string, Definition>
  additionalProperties?: Definition
  items?: Definition
  default?: Json
  'x-kubernetes-group-version-kind'?: GroupVersionKind[]
  'x-kubernetes-list-type'?: string
  'x-kubernetes-list-map-keys'?: string[]
  'x-kubernetes-map-type'?: string
  'x-kubernetes-patch-strategy'?: string
  'x-kubernetes-patch-merge-key'?: string
  'x-kubernetes-int-or-string'?: boolean
}

const definitions = schema.definitions as unknown as Record<string, Definition>
const goFields = goTypes as unknown as Record<string, Record<string, string>>

const special: Record<string, Type> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': untyped('quantity'),
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': untyped('micro-time'),
}

const byName = new Map<string, Type>()
let byKind: Map<string, string> | undefined

/** The type of a built-in kind; undefined when the schema has no such kind. */
export function builtinType(gvk: GroupVersionKind): Type | undefined {
  byKind ??= indexKinds()
  const name = byKind.get(`${gvk.group}/${gvk.version}/${gvk.kind}`)
  return name === undefined ? undefined : definitionType(name)
}

function indexKinds(): Map<string, string> {
  const index = new Map<string, string>()
  for (const [name, definition] of Object.entries(definitions)) {
    for (const { group, version, kind } of definition['x-kubernetes-group-version-kind'] ?? []) {
      index.set(`${group}/${version}/${kind}`, name)
    }
  }
  return index
}

/** The type of a definition such as `io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta`. */
export function definitionType(name: string): Type {
  let type = byName.get(name)
  if (!type) {
    type = special[name] ?? typeOf(definitions[name] ?? {}, name)
    byName.set(name, type)
  }
  return type
}

function untyped(format: string): Type {
  return { shape: 'scalar', atomic: false, scalar: 'untyped', format }
}

function typeOf(definition: Definition, name = ''): Type {
  if (definition.$ref !== undefined) {
    const type = definitionType(definition.$ref)
    const atomic = definition['x-kubernetes-map-type'] === 'atomic'
    return atomic && !type.atomic ? { ...type, atomic } : type
  }
  if (definition.properties) {
    return new StructType(definition, name)
  }
  if (definition['x-kubernetes-int-or-string']) {
    return untyped('int-or-string')
  }
  switch (definition.type) {
    case 'object':
      return mapType(definition)
    case 'array':
      return listType(definition)
    case undefined:
      return anyType
    default:
      return scalarType(definition)
  }
}

function scalarType({ type, format }: Definition): Type {
  const scalar = format === 'date-time' ? 'untyped' : (type as 'string' | 'integer' | 'number' | 'boolean')
  return { shape: 'scalar', atomic: false, scalar, ...(format !== undefined && { format }) }
}

function mapType(definition: Definition): Type {
  const element = definition.additionalProperties ? typeOf(definition.additionalProperties) : anyType
  return { shape: 'map', atomic: definition['x-kubernetes-map-type'] === 'atomic', element }
}

function listType(definition: Definition): Type {
  const element = typeOf(definition.items ?? {})
  const keys = listKeys(definition)
  return { shape: 'list', atomic: keys === undefined, element, ...(keys && { keys }) }
}

/** Undefined: atomic; empty: a set. Without a list type the older patch tags say how the list merges. */
function listKeys(definition: Definition): string[] | undefined {
  const listType = definition['x-kubernetes-list-type']
  if (listType === 'map') {
    return [...(definition['x-kubernetes-list-map-keys'] ?? [])].sort()
  }
  if (listType === 'set') {
    return []
  }
  if (listType === undefined && definition['x-kubernetes-patch-strategy']?.startsWith('merge')) {
    const key = definition['x-kubernetes-patch-merge-key']
    return key === undefined ? [] : [key]
  }
  return undefined
}

/** Builds its fields when first asked, so that recursive and unused definitions cost nothing. */
class StructType implements Type {
  readonly shape = 'struct'
  readonly atomic: boolean
  readonly name: string
  readonly #definition: Definition
  readonly #fullName: string
  #fields: Map<string, Field> | undefined

  constructor(definition: Definition, fullName: string) {
    this.atomic = definition['x-kubernetes-map-type'] === 'atomic'
    this.name = fullName.slice(fullName.lastIndexOf('.') + 1)
    this.#definition = definition
    this.#fullName = fullName
  }

  get fields(): ReadonlyMap<string, Field> {
    this.#fields ??= new Map(
      Object.entries(this.#definition.properties ?? {}).map(([name, property]) => [name, this.#field(name, property)]),
    )
    return this.#fields
  }

  #field(name: string, property: Definition): Field {
    const type = typeOf(property)
    const goType = goFields[this.#fullName]?.[name]
    const strategy = property['x-kubernetes-patch-strategy']?.split(',')
    return {
      name,
      type,
      ...(goType !== undefined && { go: goField(goType, type) }),
      ...(property.default !== undefined && { default: property.default }),
      ...(strategy && {
        patch: {
          merge: strategy.includes('merge'),
          replace: strategy.includes('replace'),
          key: property['x-kubernetes-patch-merge-key'] ?? '',
        },
      }),
    }
  }
}

/** Reads an entry of go-types.json: embedded structs and `/`, the type, then `?` for omitempty and `~` for omitzero. */
function goField(text: string, type: Type): GoField {
  const [, embedded, name = '', flags = ''] = /^(?:([\w.]+)\/)?(.*?)([?~]*)$/.exec(text) ?? []
  return {
    name,
    holds: holds(name, type),
    omitEmpty: flags.includes('?'),
    omitZero: flags.includes('~'),
    ...(embedded !== undefined && { embedded: embedded.split('.') }),
  }
}

function holds(name: string, type: Type): GoField['holds'] {
  if (name.startsWith('*')) {
    return 'pointer'
  }
  if (type.shape === 'list' || name.startsWith('[]')) {
    return 'slice'
  }
  if (type.format === 'date-time' || type.format === 'micro-time') {
    return 'time'
  }
  if (type.shape === 'struct' || type.shape === 'scalar') {
    return type.shape
  }
  return type.shape === 'map' && !name.endsWith('RawExtension') ? 'map' : 'raw'
}
