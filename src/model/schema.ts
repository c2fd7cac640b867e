/** Building blocks of the schemas: one description gives the TypeScript type, the check and the CRD. */
import { type Static, type TProperties, type TSchema, Type } from 'typebox'

/** Every field optional, as nearly every field of Argo CD's kinds is. */
export function Fields<Properties extends TProperties>(properties: Properties) {
  return Type.Partial(Type.Object(properties))
}

export const Text = Type.String()
export const Texts = Type.Array(Type.String())
export const TextMap = Type.Record(Type.String(), Type.String())
export const Flag = Type.Boolean()
export const Integer = Type.Integer()
/** RFC 3339. */
export const Time = Type.String({ format: 'date-time' })

/** A JSON object of any content. */
export const Anything = Type.Unsafe<Record<string, unknown>>({
  type: 'object',
  'x-kubernetes-preserve-unknown-fields': true,
})

export const NameValue = Type.Object({ name: Text, value: Text })

export type { Static, TSchema }
export { Type }
