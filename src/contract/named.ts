/** Schemas that have a name of their own in the OpenAPI document: the one that Argo CD's document gives them. */
import { type Static, type TSchema, Type } from '../model/schema.ts'

export const nameKey = 'x-schema-name'

export function named<Schema extends TSchema>(name: string, schema: Schema): Schema {
  return { ...schema, [nameKey]: name }
}

export const describedKey = 'x-described-by'

/** An object that the document describes in full, and that is checked only when it is known what it is for. */
export function loosely<Schema extends TSchema>(schema: Schema) {
  return Type.Unsafe<Static<Schema>>({ type: 'object', [describedKey]: schema })
}

/** A Kubernetes object of a kind that is described elsewhere: its definition is what the cluster checks it by. */
export function kubeKind<Kind>(name: string, properties: Record<string, TSchema>) {
  const schema = Type.Object({
    apiVersion: Type.Optional(Type.String()),
    kind: Type.Optional(Type.String()),
    metadata: Type.Unsafe<object>({ type: 'object' }),
    ...properties,
  })
  return Type.Unsafe<Kind>(named(name, schema))
}

/** The same, with fields that the document describes in full and that the cluster checks. */
export function describedKind<Kind>(name: string, properties: Record<string, TSchema>) {
  const described = Object.entries(properties).map(([field, schema]) => [field, Type.Optional(loosely(schema))])
  return kubeKind<Kind>(name, Object.fromEntries(described))
}

/** Query parameters: what comes is text, and what cannot be read as the type asked for is refused. */
export function query<Properties extends Record<string, TSchema>>(properties: Properties) {
  return Type.Partial(Type.Object(properties))
}

/** A parameter that may be given several times, or once with commas. */
export const Names = Type.Unsafe<string | string[]>({ type: 'array', items: { type: 'string' } })

export function listOf<Item extends TSchema>(name: string, item: Item) {
  return named(name, Type.Object({ metadata: Type.Unsafe<object>({ type: 'object' }), items: Type.Array(item) }))
}

/** The answer of what has nothing to tell. */
export const Nothing = named('empty', Type.Object({}))

export type { Static }
