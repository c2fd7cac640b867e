/** Bodies as Argo CD reads them: any field may be left out, and null counts as left out. */
import { type Static, type TSchema, Type } from '../model/schema.ts'
import { named } from './named.ts'

type Given<Properties extends Record<string, TSchema>> = {
  [Name in keyof Properties]?: Static<Properties[Name]> | null
}

export function body<Properties extends Record<string, TSchema>>(name: string, properties: Properties) {
  const nullable = Object.entries(properties).map(([field, schema]) => [field, { anyOf: [schema, { type: 'null' }] }])
  return Type.Unsafe<Given<Properties>>(named(name, { type: 'object', properties: Object.fromEntries(nullable) }))
}

/** The same fields in an answer: absent when there is nothing to say. */
export function fields<Properties extends Record<string, TSchema>>(name: string, properties: Properties) {
  return named(name, Type.Partial(Type.Object(properties)))
}
