/** One served version of a custom resource: reading bodies, converting, warning of what is deprecated. */
import type { Json, JsonObject, KubeObject } from '../object.ts'
import { StatusError } from '../status.ts'
import { dropNulls, fillDefaults } from './default.ts'
import { pruneEmbedded, unreadableEmbedded } from './embedded.ts'
import { pruneMetadata } from './object-meta.ts'
import { prune } from './prune.ts'
import type { CustomResourceDefinition, DefinitionVersion, JsonSchema } from './schema.ts'
import { compareVersions } from './version-order.ts'

export interface CustomVersion {
  definition: CustomResourceDefinition
  version: DefinitionVersion
  schema: JsonSchema
}

/** The version of that name, served or not; undefined when the definition has none. */
export function customVersion(definition: CustomResourceDefinition, name: string): CustomVersion | undefined {
  const version = definition.spec.versions.find((candidate) => candidate.name === name)
  return version && { definition, version, schema: version.schema?.openAPIV3Schema ?? {} }
}

/** The version that objects are stored in. */
export function storageVersion(definition: CustomResourceDefinition): CustomVersion | undefined {
  const stored = definition.spec.versions.find((candidate) => candidate.storage)
  return stored && customVersion(definition, stored.name)
}

/** Drops what the version does not know; changes `object`, returns the dropped paths in the server's order. */
export function coerce(object: JsonObject, schema: JsonSchema): string[] {
  const metadata = pruneMetadata(object)
  const fields = prune(object, schema)
  dropNulls(object as Json, schema)
  return [...metadata, ...fields, ...pruneEmbedded(object as Json, schema)]
}

export interface DecodeOptions {
  fieldValidation: 'Strict' | 'Warn' | 'Ignore'
  /** Texts about keys that stand twice in the body, such as: duplicate field "spec.a". */
  duplicates?: string[]
}

/** Reads a request's body: prunes and defaults it. Throws the 400 of strict validation. */
export function decodeCustomResource(
  custom: CustomVersion,
  body: KubeObject,
  options: DecodeOptions,
): { object: KubeObject; warnings: string[] } {
  const object = structuredClone(body)
  const unreadable = unreadableEmbedded(object as unknown as Json, custom.schema)
  if (unreadable) throw notHandled(custom, `${unreadable.field}: ${unreadable.message}`)
  const unknown = coerce(object as unknown as JsonObject, custom.schema).map((path) => `unknown field "${path}"`)
  fillDefaults(object as unknown as Json, custom.schema)
  const faults = [...(options.duplicates ?? []), ...unknown]
  if (options.fieldValidation === 'Strict' && faults.length > 0) {
    throw notHandled(custom, `strict decoding error: ${faults.join(', ')}`)
  }
  return { object, warnings: options.fieldValidation === 'Warn' ? faults : [] }
}

function notHandled(custom: CustomVersion, reason: string): StatusError {
  const { kind } = custom.definition.spec.names
  const handled = `${kind} in version "${custom.version.name}" cannot be handled as a ${kind}`
  return new StatusError({ message: `${handled}: ${reason}`, reason: 'BadRequest', code: 400 })
}

/** The object in another version, conversion strategy None: only apiVersion changes, the rest is pruned and defaulted. */
export function convertCustomResource(object: KubeObject, to: CustomVersion): KubeObject {
  const apiVersion = `${to.definition.spec.group}/${to.version.name}`
  const converted = { ...structuredClone(object), apiVersion }
  prune(converted as unknown as JsonObject, to.schema)
  dropNulls(converted as unknown as Json, to.schema)
  fillDefaults(converted as unknown as Json, to.schema)
  return converted
}

/** The warning for each request of a deprecated version; undefined for others. */
export function deprecationWarning(custom: CustomVersion): string | undefined {
  const { version, definition } = custom
  if (!version.deprecated) return undefined
  if (version.deprecationWarning !== undefined) return version.deprecationWarning
  const { group, names, versions } = definition.spec
  const better = versions
    .filter((other) => other.served && !other.deprecated && compareVersions(other.name, version.name) < 0)
    .sort((left, right) => compareVersions(left.name, right.name))
  const advice = better[0] ? `; use ${group}/${better[0].name} ${names.kind}` : ''
  return `${group}/${version.name} ${names.kind} is deprecated${advice}`
}
