/** A custom resource in the words that the server has for built-in kinds. */
import type { Kind } from '../kinds/kind.ts'
import type { Json, KubeObject } from '../object.ts'
import type { FieldFault } from '../status.ts'
import { hasRules, ruleFaults } from './cel/rules.ts'
import { columnsOf } from './columns.ts'
import { sameValue } from './correlation.ts'
import { type CustomVersion, deprecationWarning } from './custom-version.ts'
import { fillDefaults } from './default.ts'
import { embeddedFaults } from './embedded.ts'
import { goJson, invalidText } from './fault.ts'
import { finalizerWarnings } from './finalizer-warning.ts'
import { parseJsonPath, valuesAt } from './json-path.ts'
import { listTypeFaults } from './list-type.ts'
import { scaleFaults } from './scale.ts'
import { isMap } from './schema.ts'
import { schemaFaults } from './validate.ts'

const blocking = new Set<FieldFault['reason']>([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
])

/** The strategy of one version of a custom resource. Bodies have passed `decodeCustomResource` before. */
export function customKind(custom: CustomVersion): Kind {
  const status = custom.version.subresources?.status !== undefined
  return {
    setDefaults: (object) => fillDefaults(json(object), custom.schema),
    prepareForCreate: (object) => {
      object.metadata.generation = 1
      if (status) delete object.status
    },
    prepareForUpdate: (object, old) => {
      if (status) keepField(object, old, 'status')
    },
    prepareForStatusUpdate: (object, old) => keepAllBut(object, old, 'status'),
    validate: (object) => createFaults(custom, object),
    validateUpdate: (object, old) => updateFaults(custom, object, old),
    validateStatusUpdate: (object, old) => statusFaults(custom, object, old),
    generationGrows: (object, old) => !sameValue(withoutMetadata(object), withoutMetadata(old)),
    deprecation: deprecationWarning(custom),
    warnings: finalizerWarnings,
    needsResourceVersion: true,
    selectableFields: (object) => selectableValues(custom, object),
    columns: columnsOf(custom.version),
  }
}

function selectableValues({ version }: CustomVersion, object: KubeObject): Record<string, string> {
  const fields = version.selectableFields ?? []
  return Object.fromEntries(fields.map(({ jsonPath }) => [jsonPath.replace(/^\./, ''), textAt(object, jsonPath)]))
}

function textAt(object: KubeObject, jsonPath: string): string {
  const [value = null] = valuesAt(json(object), parseJsonPath(jsonPath) ?? [])
  if (value === null) return ''
  return typeof value === 'string' ? value : goJson(value)
}

function json(object: KubeObject): Json {
  return object as unknown as Json
}

function withoutMetadata(object: KubeObject): Json {
  const { metadata: _, ...rest } = object
  return rest as unknown as Json
}

function keepField(object: KubeObject, old: KubeObject, field: string): void {
  if (Object.hasOwn(old, field)) object[field] = structuredClone(old[field])
  else delete object[field]
}

function keepAllBut(object: KubeObject, old: KubeObject, field: string): void {
  const { managedFields } = object.metadata
  for (const name of new Set([...Object.keys(object), ...Object.keys(old)])) {
    if (name !== field && name !== 'apiVersion' && name !== 'kind') keepField(object, old, name)
  }
  if (managedFields) object.metadata.managedFields = managedFields
}

function createFaults(custom: CustomVersion, object: KubeObject): FieldFault[] {
  const value = json(object)
  const faults = [
    ...schemaFaults(value, custom.schema),
    ...scaleFaults(object, custom.version.subresources?.scale, 'all'),
    ...embeddedFaults(value, custom.schema),
    ...listTypeFaults(value, custom.schema),
  ]
  // that the name is missing is told before these faults, and weighs like one of them
  const unnamed = !object.metadata.name
  return withRules(custom, { faults, unnamed }, () => ruleFaults(value, custom.schema))
}

function updateFaults(custom: CustomVersion, object: KubeObject, old: KubeObject): FieldFault[] {
  const value = json(object)
  const faults = [
    ...schemaFaults(value, custom.schema, { was: { old: json(old) } }),
    ...scaleFaults(object, custom.version.subresources?.scale, 'all'),
    ...embeddedFaults(value, custom.schema),
    ...newListFaults(custom, object, old),
  ]
  return withRules(custom, { faults }, () => ruleFaults(value, custom.schema, { old: json(old) }))
}

function statusFaults(custom: CustomVersion, object: KubeObject, old: KubeObject): FieldFault[] {
  const schema = custom.schema.properties?.status
  const status = json(object)
  const value = isMap(status) ? status.status : undefined
  const oldStatus = (old as { status?: Json }).status
  const was = oldStatus === undefined ? undefined : { old: oldStatus }
  const faults = [
    ...(schema && value !== undefined ? schemaFaults(value, schema, { prefix: 'status', was }) : []),
    ...scaleFaults(object, custom.version.subresources?.scale, 'status'),
    ...newListFaults(custom, object, old),
  ]
  return withRules(custom, { faults }, () => ruleFaults(status, custom.schema, { old: json(old) }))
}

/** Doubled items count only when the stored object had none. */
function newListFaults(custom: CustomVersion, object: KubeObject, old: KubeObject): FieldFault[] {
  const before = listTypeFaults(json(old), custom.schema)
  return before.length > 0 ? [] : listTypeFaults(json(object), custom.schema)
}

interface Found {
  faults: FieldFault[]
  unnamed?: boolean
}

/** Rules are asked only where nothing says that the object is not of the shape they expect. */
function withRules(custom: CustomVersion, { faults, unnamed }: Found, rules: () => FieldFault[]): FieldFault[] {
  if (!unnamed && !faults.some((fault) => blocking.has(fault.reason))) return [...faults, ...rules()]
  return hasRules(custom.schema) ? [...faults, unchecked] : faults
}

const unchecked = invalidText(
  '',
  'null',
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
)
