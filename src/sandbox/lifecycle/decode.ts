/** Request bodies as objects of the kind that the endpoint serves. */

import { type CustomVersion, decodeCustomResource } from '../crd/custom-version.ts'
import { groupVersion } from '../discovery/resource.ts'
import type { Json, JsonObject, KubeObject } from '../object.ts'
import { badRequest } from '../refusal.ts'
import type { Duplicates } from '../typed/body.ts'
import { type Decoded, decode, decodePatched, type FieldValidation } from '../typed/decode.ts'
import { copyOf } from './copy.ts'
import type { Strategy } from './strategy.ts'

export interface Strictness {
  fieldValidation: FieldValidation
  duplicates?: Duplicates
}

function settled(decoded: Decoded): Decoded {
  decoded.object.metadata ??= {}
  return decoded
}

/** The part of a custom resource that is read by Go's types, which the definition's schema says nothing of. */
function common(value: Json): Json {
  const { apiVersion, kind, metadata } = value as JsonObject
  return { apiVersion, kind, ...(metadata !== undefined && { metadata }) }
}

function checkVersion(strategy: Strategy, value: Json): void {
  const expected = groupVersion(strategy.gvk)
  const { apiVersion = expected } = value as { apiVersion?: string }
  if (apiVersion === expected || apiVersion === '') return
  const texts = `(${apiVersion}) does not match the expected API version (${expected})`
  throw badRequest(`the API version in the data ${texts}`)
}

/** A custom resource is read by its own schema, after its type and metadata were looked at like any other's. */
function custom(version: CustomVersion, value: Json, { fieldValidation, duplicates }: Strictness): Decoded {
  const body = value as unknown as KubeObject
  const faults = duplicates?.faults
  return settled(decodeCustomResource(version, body, { fieldValidation, ...(faults && { duplicates: faults }) }))
}

/** Of a POST or PUT. Throws the 400. */
export function decodeBody(strategy: Strategy, value: Json, strictness: Strictness): Decoded {
  const { gvk, type } = strategy
  if (!strategy.custom) return settled(decode(value, type, { gvk, ...strictness }))
  checkVersion(strategy, value)
  decode(common(value), type, { gvk, fieldValidation: 'Ignore' })
  return custom(strategy.custom, value, strictness)
}

/** Of a patch's result; `shown` is what a refusal quotes. Throws the 422. */
export function decodePatch(strategy: Strategy, value: Json, strictness: Strictness & { shown: string }): Decoded {
  const { gvk, type } = strategy
  if (!strategy.custom) return settled(decodePatched(value, type, { gvk, ...strictness }))
  decodePatched(common(value), type, { gvk, fieldValidation: 'Ignore', shown: strictness.shown })
  return custom(strategy.custom, value, strictness)
}

/** An own copy in the form of its kind, of an object that never was a body. */
export function copied(object: KubeObject): KubeObject {
  const copy = copyOf(object)
  copy.metadata ??= {}
  return copy
}
