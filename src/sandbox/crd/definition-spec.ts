/** The rules for the spec of a CustomResourceDefinition. */
import { dnsLabel1035, dnsSubdomain } from '../kinds/name-rules.ts'
import type { FieldFault } from '../status.ts'
import { sameValue } from './correlation.ts'
import { defaultFaults } from './default-faults.ts'
import { schemaRuleFaults } from './definition-schema.ts'
import { child, entry, forbidden, goJson, goQuote, invalidText, invalidValue, notSupported, required } from './fault.ts'
import type { CustomResourceDefinition, DefinitionVersion, JsonSchema } from './schema.ts'
import { structuralFaults } from './structural.ts'
import { columnFaults, scalePathFaults, selectableFieldFaults } from './version-faults.ts'

type Spec = CustomResourceDefinition['spec']

/** What all versions have in common is reported once, under the names it had before there were versions. */
interface Hoisted {
  schema: boolean
  subresources: boolean
  columns: boolean
  selectableFields: boolean
}

function hoist(versions: DefinitionVersion[]): Hoisted {
  const [first] = versions
  const same = (part: keyof DefinitionVersion): boolean =>
    versions.every((version) => sameValue(version[part] as never, first?.[part] as never))
  return {
    schema: same('schema'),
    subresources: same('subresources'),
    columns: same('additionalPrinterColumns'),
    selectableFields: same('selectableFields'),
  }
}

export function specFaults(spec: Spec): FieldFault[] {
  const versions = spec.versions ?? []
  const hoisted = hoist(versions)
  const first = versions[0]
  return [
    ...groupFaults(spec.group),
    ...scopeFaults(spec.scope),
    ...missingSchemaFaults(versions),
    ...versions.flatMap((version, index) => versionFaults(version, entry('spec.versions', index), hoisted)),
    ...versionSetFaults(versions, hoisted),
    ...nameFaults(spec),
    ...(first && hoisted.schema ? validationFaults(first, 'spec.validation') : []),
    ...(first && hoisted.subresources ? scalePathFaults(first, 'spec.subresources') : []),
    ...(first && hoisted.columns ? columnFaults(first, 'spec.additionalPrinterColumns') : []),
    ...(first && hoisted.selectableFields ? selectableFieldFaults(first, 'spec.selectableFields') : []),
    ...conversionFaults(spec),
  ]
}

function groupFaults(group: string | undefined): FieldFault[] {
  if (!group) return [required('spec.group')]
  const faults = dnsSubdomain(group)
  if (faults.length > 0) return [invalidValue('spec.group', group, faults.join(','))]
  return group.includes('.') ? [] : [invalidValue('spec.group', group, 'should be a domain with at least one dot')]
}

function scopeFaults(scope: string | undefined): FieldFault[] {
  if (!scope) return [required('spec.scope')]
  return scope === 'Cluster' || scope === 'Namespaced'
    ? []
    : [notSupported('spec.scope', scope, ['Cluster', 'Namespaced'])]
}

function missingSchemaFaults(versions: DefinitionVersion[]): FieldFault[] {
  return versions.flatMap((version, index) =>
    version.schema?.openAPIV3Schema ? [] : [required(`spec.versions[${index}].schema.openAPIV3Schema`)],
  )
}

function versionFaults(version: DefinitionVersion, path: string, hoisted: Hoisted): FieldFault[] {
  const nameFault = dnsLabel1035(version.name).join(',')
  return [
    ...(nameFault ? [invalidValue(child(path, 'name'), version.name, nameFault)] : []),
    ...deprecationFaults(version, child(path, 'deprecationWarning')),
    ...(hoisted.schema ? [] : validationFaults(version, child(path, 'schema'))),
    ...(hoisted.subresources ? [] : scalePathFaults(version, child(path, 'subresources'))),
    ...(hoisted.columns ? [] : columnFaults(version, child(path, 'additionalPrinterColumns'))),
    ...(hoisted.selectableFields ? [] : selectableFieldFaults(version, child(path, 'selectableFields'))),
  ]
}

function deprecationFaults(version: DefinitionVersion, path: string): FieldFault[] {
  const warning = version.deprecationWarning
  if (warning === undefined) return []
  const details: string[] = []
  if (!version.deprecated) details.push('can only be set for deprecated versions')
  else if (warning.length > 256) details.push('must be <= 256 characters long')
  else if (warning === '') details.push('must not be an empty string')
  return details.map((detail) => invalidValue(path, warning, detail))
}

/** The versions as the server prints them: with the names of its own fields, hoisted ones left out. */
function versionsText(versions: DefinitionVersion[], hoisted: Hoisted): string {
  const texts = versions.map((version) => {
    const fields = [
      ['Name', goQuote(version.name)],
      ['Served', String(version.served)],
      ['Storage', String(version.storage)],
      ['Deprecated', String(version.deprecated ?? false)],
      ['DeprecationWarning', goJson(version.deprecationWarning ?? null)],
      ['Schema', goJson((hoisted.schema ? null : version.schema) ?? null)],
      ['Subresources', goJson((hoisted.subresources ? null : version.subresources) ?? null)],
      ['AdditionalPrinterColumns', goJson((hoisted.columns ? null : version.additionalPrinterColumns) ?? null)],
      ['SelectableFields', goJson((hoisted.selectableFields ? null : version.selectableFields) ?? null)],
    ]
    return `{${fields.map(([name, value]) => `"${name}":${value}`).join(',')}}`
  })
  return `[${texts.join(',')}]`
}

function versionSetFaults(versions: DefinitionVersion[], hoisted: Hoisted): FieldFault[] {
  const faults: FieldFault[] = []
  const text = versionsText(versions, hoisted)
  if (new Set(versions.map((version) => version.name)).size < versions.length) {
    faults.push(invalidText('spec.versions', text, 'must contain unique version names'))
  }
  if (versions.filter((version) => version.storage).length !== 1) {
    faults.push(invalidText('spec.versions', text, 'must have exactly one version marked as storage version'))
  }
  return faults
}

function nameFaults(spec: Spec): FieldFault[] {
  const names = spec.names
  const faults: FieldFault[] = []
  for (const field of ['plural', 'singular', 'kind', 'listKind'] as const) {
    if (!names[field]) faults.push(required(`spec.names.${field}`))
  }
  const check = (field: string, value: string | undefined, mixedCase = false): void => {
    const fault = value ? dnsLabel1035(mixedCase ? value.toLowerCase() : value).join(',') : ''
    const detail = mixedCase ? `may have mixed case, but should otherwise match: ${fault}` : fault
    if (fault) faults.push(invalidValue(`spec.names.${field}`, value, detail))
  }
  check('plural', names.plural)
  check('singular', names.singular)
  check('kind', names.kind, true)
  check('listKind', names.listKind, true)
  for (const [index, name] of (names.shortNames ?? []).entries()) check(`shortNames[${index}]`, name)
  if (names.kind && names.kind === names.listKind) {
    faults.push(invalidValue('spec.names.listKind', names.listKind, 'kind and listKind may not be the same'))
  }
  for (const [index, name] of (names.categories ?? []).entries()) check(`categories[${index}]`, name)
  return faults
}

const atRootWithStatus = new Set(
  `description type format title maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems
  minItems uniqueItems multipleOf required items properties externalDocs example
  x-kubernetes-preserve-unknown-fields x-kubernetes-validations`.split(/\s+/),
)
const atRootText =
  '[Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations]'

/** The faults of a version's schema; `path` is that of the schema's holder. */
function validationFaults(version: DefinitionVersion, path: string): FieldFault[] {
  const schema = version.schema?.openAPIV3Schema
  if (!schema) return []
  const at = child(path, 'openAPIV3Schema')
  const faults = version.subresources?.status === undefined ? [] : rootFaults(schema, at)
  if (schema.nullable) faults.push(forbidden(child(at, 'nullable'), 'nullable cannot be true at the root'))
  const structural = structuralFaults(schema, at)
  const unsound = structural.length > 0 ? structural : defaultFaults(schema, at)
  return [...faults, ...unsound, ...schemaRuleFaults(schema, at, unsound.length === 0)]
}

function rootFaults(schema: JsonSchema, path: string): FieldFault[] {
  if (schema.type !== 'object') {
    const detail = 'only "object" is allowed as the type at the root of the schema if the status subresource is enabled'
    return [invalidValue(child(path, 'type'), schema.type ?? '', detail)]
  }
  const stray = Object.keys(schema).find((field) => !atRootWithStatus.has(field))
  const detail = `only ${atRootText} fields are allowed at the root of the schema if the status subresource is enabled`
  return stray ? [invalidValue(path, schema, detail)] : []
}

function conversionFaults(spec: Spec): FieldFault[] {
  const { conversion } = spec
  const path = 'spec.conversion.strategy'
  if (!conversion) return []
  if (!conversion.strategy) return [required(path)]
  if (conversion.strategy !== 'None' && conversion.strategy !== 'Webhook') {
    return [notSupported(path, conversion.strategy, ['None', 'Webhook'])]
  }
  if (conversion.strategy === 'Webhook' && !conversion.webhook) {
    return [
      required('spec.conversion.webhookClientConfig', 'required when strategy is set to Webhook'),
      required('spec.conversion.conversionReviewVersions'),
    ]
  }
  return []
}
