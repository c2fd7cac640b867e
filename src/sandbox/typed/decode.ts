/** Reads a value into the form of its kind, as Go's typed objects would hold and write it again. */
import type { GroupVersionKind, Json, JsonObject, KubeObject } from '../object.ts'
import { StatusError } from '../status.ts'
import { type Duplicates, noDuplicates } from './body.ts'
import { builtinType } from './builtin-type.ts'
import { goQuote } from './go-text.ts'
import { isObject } from './shape.ts'
import type { Type } from './type.ts'
import { DecodeError, TypedReader } from './typed-reader.ts'

export type FieldValidation = 'Strict' | 'Warn' | 'Ignore'

export interface DecodeOptions {
  /** What the endpoint serves. */
  gvk: GroupVersionKind
  fieldValidation: FieldValidation
  duplicates?: Duplicates
}

export interface Decoded {
  object: KubeObject
  /** Texts for Warning headers. */
  warnings: string[]
}

/** Decodes the body of a create or update. Throws a 400 StatusError. */
export function decode(value: Json, type: Type, options: DecodeOptions): Decoded {
  try {
    return read(value, type, options)
  } catch (error) {
    if (!(error instanceof DecodeError)) {
      throw error
    }
    const { kind, version } = kindOf(value as JsonObject, options.gvk)
    throw new StatusError({
      message: `${kind} in version ${goQuote(version)} cannot be handled as a ${options.gvk.kind}: ${error.message}`,
      reason: 'BadRequest',
      code: 400,
    })
  }
}

export interface DecodePatchedOptions extends DecodeOptions {
  /** How the refusal shows the patched object or the patch. */
  shown: string
}

/** Decodes an object that a patch made. Throws a 422 StatusError. */
export function decodePatched(value: Json, type: Type, options: DecodePatchedOptions): Decoded {
  try {
    return read(value, type, options)
  } catch (error) {
    if (!(error instanceof DecodeError)) {
      throw error
    }
    const message = `Invalid value: ${goQuote(options.shown)}: ${error.message}`
    throw new StatusError({
      message: ` "" is invalid: patch: ${message}`,
      reason: 'Invalid',
      details: { causes: [{ reason: 'FieldValueInvalid', message, field: 'patch' }] },
      code: 422,
    })
  }
}

/** Brings an object that the server made, such as the result of an apply, into its kind's form. */
export function normalize(object: KubeObject, type: Type): KubeObject {
  return new TypedReader().object(object as unknown as JsonObject, type) as unknown as KubeObject
}

function read(value: Json, type: Type, options: DecodeOptions): Decoded {
  const { gvk, fieldValidation, duplicates = noDuplicates } = options
  const source = value as JsonObject
  const found = kindOf(source, gvk)
  const same = found.kind === gvk.kind && found.version === gvk.version && found.group === gvk.group
  const reader = new TypedReader()
  const object = reader.object(source, same || type.custom ? type : otherType(found))
  if (!same) {
    throw type.custom ? customMismatch(found, gvk, source) : new DecodeError(mismatch(found, gvk))
  }
  const unknown = reader.unknown.map((path) => `unknown field ${goQuote(path)}`)
  if (fieldValidation === 'Strict' && unknown.length + duplicates.faults.length > 0) {
    throw new DecodeError(`strict decoding error: ${[...unknown, ...duplicates.faults].join(', ')}`)
  }
  object.apiVersion = gvk.group === '' ? gvk.version : `${gvk.group}/${gvk.version}`
  object.kind = gvk.kind
  const warnings = fieldValidation === 'Warn' ? [...unknown, ...duplicates.warnings] : []
  return { object: object as unknown as KubeObject, warnings }
}

/** What the object says it is; what it does not say, the endpoint does. */
function kindOf({ apiVersion, kind }: JsonObject, expected: GroupVersionKind): GroupVersionKind {
  const said = typeof apiVersion === 'string' && apiVersion !== '' ? apiVersion : undefined
  const [version = '', group = ''] = said?.split('/').reverse() ?? [expected.version, expected.group]
  return { group, version, kind: typeof kind === 'string' && kind !== '' ? kind : expected.kind }
}

function otherType(gvk: GroupVersionKind): Type {
  const type = builtinType(gvk)
  if (!type) {
    throw new DecodeError(notRegistered(gvk))
  }
  return type
}

function notRegistered({ group, version, kind }: GroupVersionKind): string {
  const apiVersion = group === '' ? version : `${group}/${version}`
  const scheme = 'k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30'
  return `no kind "${kind}" is registered for version "${apiVersion}" in scheme "${scheme}"`
}

function mismatch(found: GroupVersionKind, expected: GroupVersionKind): string {
  const internal = expected.group === '' ? 'core' : expected.group.split('.')[0]
  return `converting (${found.version}.${found.kind}) to (${internal}.${expected.kind}): unknown conversion`
}

function customMismatch(found: GroupVersionKind, expected: GroupVersionKind, { metadata }: JsonObject): StatusError {
  const { group, version, kind } = expected
  if (found.group !== group || found.version !== version) {
    const said = `${found.group}/${found.version}`
    return new StatusError({
      message: `the API version in the data (${said}) does not match the expected API version (${group}/${version})`,
      reason: 'BadRequest',
      code: 400,
    })
  }
  const name = isObject(metadata) && typeof metadata.name === 'string' ? metadata.name : ''
  const message = `Invalid value: ${goQuote(found.kind)}: must be ${kind}`
  return new StatusError({
    message: `${kind}.${group} ${goQuote(name)} is invalid: kind: ${message}`,
    reason: 'Invalid',
    details: { name, group, kind, causes: [{ reason: 'FieldValueInvalid', message, field: 'kind' }] },
    code: 422,
  })
}
