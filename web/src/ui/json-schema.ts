/** What a JSON schema, or the schema of a custom resource, says about one place of an object. */

export interface JsonSchema {
  type?: string | string[]
  properties?: Record<string, JsonSchema>
  required?: string[]
  additionalProperties?: boolean | JsonSchema
  items?: JsonSchema
  enum?: unknown[]
  const?: unknown
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  allOf?: JsonSchema[]
  pattern?: string
  minimum?: number
  maximum?: number
  description?: string
  nullable?: boolean
  $ref?: string
  'x-kubernetes-int-or-string'?: boolean
  'x-kubernetes-preserve-unknown-fields'?: boolean
}

/** A reference leads to another place of the document that the schema is in. */
const deepest = 16

/** The schema with its reference followed and what all have to meet taken in; one for each that it may be. */
export function alternatives(schema: JsonSchema, root: JsonSchema, depth = 0): JsonSchema[] {
  if (depth > deepest) return [{}]
  if (schema.$ref !== undefined) return alternatives(referred(schema.$ref, root), root, depth + 1)
  const { allOf, anyOf, oneOf, ...own } = schema
  let found: JsonSchema[] = [own]
  for (const part of allOf ?? []) found = joined(found, alternatives(part, root, depth + 1))
  for (const choice of [anyOf, oneOf]) {
    if (choice)
      found = joined(
        found,
        choice.flatMap((one) => alternatives(one, root, depth + 1)),
      )
  }
  return found
}

function joined(left: JsonSchema[], right: JsonSchema[]): JsonSchema[] {
  return left.flatMap((one) => right.map((other) => merged(one, other)))
}

function merged(one: JsonSchema, other: JsonSchema): JsonSchema {
  const properties = { ...one.properties, ...other.properties }
  const required = [...(one.required ?? []), ...(other.required ?? [])]
  return {
    ...one,
    ...other,
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(required.length > 0 && { required }),
  }
}

function referred(ref: string, root: JsonSchema): JsonSchema {
  let at: unknown = root
  for (const step of ref.replace(/^#\/?/, '').split('/')) {
    at = Object(at)[decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')]
  }
  return Object(at) as JsonSchema
}

/** Of the value of a field; undefined: there is no such field. */
export function schemaOfField({ properties, additionalProperties, ...schema }: JsonSchema, name: string) {
  const declared = properties && Object.hasOwn(properties, name) ? properties[name] : undefined
  if (declared) return declared
  if (typeof additionalProperties === 'object') return additionalProperties
  const isOpen = additionalProperties === true || schema['x-kubernetes-preserve-unknown-fields'] || !properties
  return isOpen ? {} : undefined
}

export function typesOf(schema: JsonSchema): string[] {
  if (schema['x-kubernetes-int-or-string']) return ['integer', 'string']
  const types = [schema.type ?? []].flat()
  if (types.length === 0 && schema.properties) return ['object']
  if (types.length === 0 && schema.items) return ['array']
  return schema.nullable && types.length > 0 ? [...types, 'null'] : types
}

/** What a value may be, where those are few. */
export function choicesOf(schema: JsonSchema): unknown[] {
  if (schema.enum) return schema.enum
  if (schema.const !== undefined) return [schema.const]
  return typesOf(schema).includes('boolean') ? [true, false] : []
}
