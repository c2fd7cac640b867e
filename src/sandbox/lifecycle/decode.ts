/** Request bodies as objects of the kind that the endpoint serves. */
import { decodeCustomResource } from '../crd/custom-version.ts'
import type { Json, KubeObject } from '../object.ts'
import type { Duplicates } from '../typed/body.ts'
import { customType } from '../typed/custom-type.ts'
import { type Decoded, decode, decodePatched, type FieldValidation } from '../typed/decode.ts'
import type { Type } from '../typed/type.ts'
import type { Strategy } from './strategy.ts'

export interface Strictness {
  fieldValidation: FieldValidation
  duplicates?: Duplicates
}

function settled(decoded: Decoded): Decoded {
  decoded.object.metadata ??= {}
  return decoded
}

/** Everything but type and metadata of a custom resource is left to its own schema. */
const metadataOnly = customType({ type: 'object', 'x-kubernetes-preserve-unknown-fields': true })

/** A custom resource is read by its own schema, after its type and metadata were looked at like any other's. */
function readCustom(
  strategy: Strategy,
  strictness: Strictness,
  read: (type: Type, own: Strictness) => Decoded,
): Decoded {
  const { type, custom } = strategy
  if (!custom) return settled(read(type, strictness))
  const { object, warnings } = read(metadataOnly, { fieldValidation: 'Warn' })
  const faults = [...(strictness.duplicates?.faults ?? []), ...warnings]
  return settled(
    decodeCustomResource(custom, object, { fieldValidation: strictness.fieldValidation, duplicates: faults }),
  )
}

/** Of a POST or PUT. Throws the 400. */
export function decodeBody(strategy: Strategy, value: Json, strictness: Strictness): Decoded {
  const { gvk } = strategy
  return readCustom(strategy, strictness, (type, own) => decode(value, type, { gvk, ...own }))
}

/** Of a patch's result; `shown` is what a refusal quotes. Throws the 422. */
export function decodePatch(strategy: Strategy, value: Json, strictness: Strictness & { shown: string }): Decoded {
  const { gvk } = strategy
  const { shown } = strictness
  return readCustom(strategy, strictness, (type, own) => decodePatched(value, type, { gvk, shown, ...own }))
}

/** An own copy in the form of its kind, of an object that never was a body. */
export function copied(object: KubeObject): KubeObject {
  const copy = structuredClone(object)
  copy.metadata ??= {}
  return copy
}
