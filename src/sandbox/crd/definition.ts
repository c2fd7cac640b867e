/** CustomResourceDefinition as a kind: its defaults, rules and columns. */
import type { Kind } from '../kinds/kind.ts'
import { plainColumns } from '../kinds/table.ts'
import type { KubeObject } from '../object.ts'
import type { FieldFault } from '../status.ts'
import { sameValue } from './correlation.ts'
import { formatsIn } from './definition-schema.ts'
import { specFaults } from './definition-spec.ts'
import { entry, goQuote, invalidValue, required } from './fault.ts'
import { knowsFormat } from './format.ts'
import { cleanupFinalizer, terminatingStatus } from './naming.ts'
import { type CustomResourceDefinition, isMap } from './schema.ts'

const approvalAnnotation = 'api-approved.kubernetes.io'
const approvalAdvice = 'see https://github.com/kubernetes/enhancements/pull/1111'

/** The object as what it is; its body has been decoded by the schema of the kind. */
export function asDefinition(object: KubeObject): CustomResourceDefinition {
  return object as CustomResourceDefinition
}

/** The strategy of the kind CustomResourceDefinition. */
export const definitionKind: Kind = {
  setDefaults: (object) => setDefaults(asDefinition(object)),
  prepareForCreate: (object) => {
    object.metadata.generation = 1
    const definition = asDefinition(object)
    definition.status = { conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions: [] }
    noteStorageVersion(definition)
  },
  prepareForUpdate: (object, old) => {
    const definition = asDefinition(object)
    definition.status = structuredClone(asDefinition(old).status)
    noteStorageVersion(definition)
  },
  prepareForStatusUpdate: (object, old) => {
    object.spec = structuredClone(old.spec)
  },
  validate: (object) => createFaults(asDefinition(object)),
  validateUpdate: (object, old) => updateFaults(asDefinition(object), asDefinition(old)),
  validateStatusUpdate: () => [],
  generationGrows: (object, old) => !sameValue(object.spec as never, old.spec as never),
  markForDeletion: (object, now) => markTerminating(asDefinition(object), now),
  warnings: (object, old) => formatWarnings(asDefinition(object), old && asDefinition(old)),
  columns: plainColumns,
}

function markTerminating(definition: CustomResourceDefinition, now: string): void {
  const finalizers = definition.metadata.finalizers ?? []
  if (!finalizers.includes(cleanupFinalizer)) definition.metadata.finalizers = [...finalizers, cleanupFinalizer]
  definition.status = terminatingStatus(definition, now)
}

function setDefaults(definition: CustomResourceDefinition): void {
  const { spec } = definition
  if (!isMap(spec)) return
  const { names, conversion } = spec
  if (isMap(names)) {
    if (!names.singular) names.singular = String(names.kind ?? '').toLowerCase()
    if (!names.listKind && names.kind) names.listKind = `${names.kind}List`
  }
  if (!conversion) spec.conversion = { strategy: 'None' }
  const webhook = conversion?.webhook
  const service = isMap(webhook) && isMap(webhook.clientConfig) ? webhook.clientConfig.service : undefined
  if (isMap(service) && service.port === undefined) service.port = 443
}

function noteStorageVersion(definition: CustomResourceDefinition): void {
  const storage = definition.spec.versions?.find((version) => version.storage)
  const stored = definition.status?.storedVersions
  if (storage && stored && !stored.includes(storage.name)) stored.push(storage.name)
}

function createFaults(definition: CustomResourceDefinition): FieldFault[] {
  const { metadata, spec } = definition
  const named = metadata.name === `${spec.names.plural}.${spec.group}`
  const detail = 'must be spec.names.plural+"."+spec.group'
  return [
    ...(named ? [] : [invalidValue('metadata.name', metadata.name ?? '', detail)]),
    ...specFaults(spec),
    ...storedVersionFaults(definition),
    ...approvalFaults(definition),
    ...preserveFaults(definition),
  ]
}

function updateFaults(definition: CustomResourceDefinition, old: CustomResourceDefinition): FieldFault[] {
  const { spec } = definition
  const established = old.status?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True')
  const fixed = (path: string, value: string, before: string): FieldFault[] =>
    value === before ? [] : [invalidValue(path, value, 'field is immutable')]
  const approved = approvalOf(definition) === approvalOf(old)
  return [
    ...specFaults(spec),
    ...(established ? fixed('spec.scope', spec.scope, old.spec.scope) : []),
    ...(established ? fixed('spec.names.kind', spec.names.kind, old.spec.names.kind) : []),
    ...fixed('spec.group', spec.group, old.spec.group),
    ...fixed('spec.names.plural', spec.names.plural, old.spec.names.plural),
    ...storedVersionFaults(definition),
    ...(approved ? [] : approvalFaults(definition)),
    ...(old.spec.preserveUnknownFields ? [] : preserveFaults(definition)),
  ]
}

function storedVersionFaults({ spec, status }: CustomResourceDefinition): FieldFault[] {
  const path = 'status.storedVersions'
  const stored = status?.storedVersions ?? []
  if (stored.length === 0) return [invalidValue(path, null, 'must have at least one stored version')]
  const versions = spec.versions ?? []
  const lacking = versions.filter((version) => version.storage && !stored.includes(version.name))
  const gone = [...stored.entries()].filter(([, name]) => !versions.some((version) => version.name === name))
  return [
    ...lacking.map((version) => invalidValue(path, stored, `must have the storage version ${version.name}`)),
    ...gone.map(([index, name]) => invalidValue(entry(path, index), name, goneDetail(name))),
  ]
}

function goneDetail(name: string): string {
  const past = `missing from spec.versions; ${name} was previously a storage version`
  const until = `must remain in spec.versions until a storage migration ensures no data remains persisted in ${name}`
  return `${past}, and ${until} and removes ${name} from status.storedVersions`
}

function approvalOf({ metadata }: CustomResourceDefinition): 'missing' | 'bypassed' | 'approved' | 'invalid' {
  const text = metadata.annotations?.[approvalAnnotation] ?? ''
  if (!text) return 'missing'
  if (text.startsWith('unapproved')) return 'bypassed'
  return URL.canParse(text) && new URL(text).host ? 'approved' : 'invalid'
}

/** The groups of Kubernetes itself ask for a note of who approved the API. */
function approvalFaults(definition: CustomResourceDefinition): FieldFault[] {
  if (!/(^|\.)(k8s|kubernetes)\.io$/.test(definition.spec.group ?? '')) return []
  const path = entry('metadata.annotations', approvalAnnotation)
  const demand = `protected groups must have approval annotation ${goQuote(approvalAnnotation)}`
  switch (approvalOf(definition)) {
    case 'missing':
      return [required(path, `${demand}, ${approvalAdvice}`)]
    case 'invalid': {
      const value = definition.metadata.annotations?.[approvalAnnotation]
      const detail = `${demand} with either a URL or a reason starting with "unapproved", ${approvalAdvice}`
      return [invalidValue(path, value, detail)]
    }
    default:
      return []
  }
}

function preserveFaults({ spec }: CustomResourceDefinition): FieldFault[] {
  if (!spec.preserveUnknownFields) return []
  const advice = 'set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead'
  return [invalidValue('spec.preserveUnknownFields', true, `cannot set to true, ${advice}`)]
}

/** Formats that the server ignores; on an update only those that are new. */
function formatWarnings(definition: CustomResourceDefinition, old: CustomResourceDefinition | undefined): string[] {
  const before = old ? unknownFormats(old) : []
  const formats = unknownFormats(definition).filter((format) => !before.includes(format))
  return formats.map((format) => `unrecognized format ${goQuote(format)}`)
}

function unknownFormats({ spec }: CustomResourceDefinition): string[] {
  const schemas = (spec.versions ?? []).map((version) => version.schema?.openAPIV3Schema)
  const different = schemas.filter(
    (schema, index) => schemas.findIndex((one) => sameValue(one as never, schema as never)) === index,
  )
  return different.flatMap((schema) => (schema ? formatsIn(schema, knowsFormat) : []))
}
