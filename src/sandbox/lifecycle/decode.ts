/** Request bodies as objects of the kind that the endpoint serves. */
import { decodeCustomResource } from '../crd/custom-version.ts'
import type { Json, KubeObject } from '../object.ts'
import type { Duplicates } from '../typed/body.ts'
import { type Decoded, decode, decodePatched, type FieldValidation } from '../typed/decode.ts'
import type { Strategy } from './strategy.ts'

export interface Strictness {
  fieldValidation: FieldValidation
  duplicates?: Duplicates
}

function settled(decoded: Decoded): Decoded {
  decoded.object.metadata ??= {}
  return decoded
}

/** A custom resource is read by its own schema, after its type and metadata were looked at like any other's. */
function custom(strategy: Strategy, decoded: Decoded, { fieldValidation, duplicates }: Strictness): Decoded {
  if (!strategy.custom) return settled(decoded)
  const faults = duplicates?.faults
  return settled(
    decodeCustomResource(strategy.custom, decoded.object, { fieldValidation, ...(faults && { duplicates: faults }) }),
  )
}

/** Of a POST or PUT. Throws the 400. */
export function decodeBody(strategy: Strategy, value: Json, strictness: Strictness): Decoded {
  const { gvk, type } = strategy
  const own = strategy.custom ? ({ fieldValidation: 'Ignore' } as const) : strictness
  return custom(strategy, decode(value, type, { gvk, ...own }), strictness)
}

/** Of a patch's result; `shown` is what a refusal quotes. Throws the 422. */
export function decodePatch(strategy: Strategy, value: Json, strictness: Strictness & { shown: string }): Decoded {
  const { gvk, type } = strategy
  const { shown } = strictness
  const own = strategy.custom ? ({ fieldValidation: 'Ignore' } as const) : strictness
  return custom(strategy, decodePatched(value, type, { gvk, shown, ...own }), strictness)
}

/** An own copy in the form of its kind, of an object that never was a body. */
export function copied(object: KubeObject): KubeObject {
  const copy = structuredClone(object)
  copy.metadata ??= {}
  return copy
}
