/** The rules of metadata that hold for every kind, and the names the server makes up. */
import type { KubeObject, ObjectMeta, OwnerReference } from '../object.ts'
import type { FieldFault } from '../status.ts'
import { forbidden, immutable, invalidFor, invalidValue, required } from './fault.ts'
import { quote } from './go-value.ts'
import type { NameRule } from './kind.ts'
import { dnsLabel, labelValue, pathSegment, qualifiedName, subdomainName } from './name-rules.ts'

export interface MetadataRules {
  namespaced: boolean
  nameRule?: NameRule
  /** The stored object, when this is an update. */
  old?: KubeObject
  /** A custom resource: its finalizers need no domain. */
  custom?: boolean
}

const standardFinalizers = new Set(['kubernetes', 'orphan', 'foregroundDeletion'])
const mostAnnotationBytes = 256 * 1024

export function validateLabels(labels: Record<string, string> | undefined, field: string): FieldFault[] {
  return Object.entries(labels ?? {}).flatMap(([key, value]) => [
    ...invalidFor(field, key, qualifiedName(key)),
    ...invalidFor(field, value, labelValue(value)),
  ])
}

export function validateAnnotations(annotations: Record<string, string> | undefined, field: string): FieldFault[] {
  const entries = Object.entries(annotations ?? {})
  // A key counts in lower case here, unlike the key of a label.
  const faults = entries.flatMap(([key]) => invalidFor(field, key, qualifiedName(key.toLowerCase())))
  const bytes = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0)
  if (bytes > mostAnnotationBytes) {
    faults.push({
      reason: 'FieldValueTooLong',
      field,
      message: `Too long: may not be more than ${mostAnnotationBytes} bytes`,
    })
  }
  return faults
}

function ownerReferenceFaults(owner: OwnerReference, field: string): FieldFault[] {
  const faults: FieldFault[] = []
  const version = (owner.apiVersion ?? '').split('/').at(-1) ?? ''
  if (version === '')
    faults.push(invalidValue(`${field}.apiVersion`, owner.apiVersion ?? '', 'version must not be empty'))
  for (const name of ['kind', 'name', 'uid'] as const) {
    if ((owner[name] ?? '') === '') faults.push(invalidValue(`${field}.${name}`, '', 'must not be empty'))
  }
  if (owner.apiVersion === 'v1' && owner.kind === 'Event') {
    faults.push(invalidValue(field, owner, 'is disallowed from being an owner'))
  }
  return faults
}

function validateOwners(owners: OwnerReference[] | undefined, field: string): FieldFault[] {
  const faults = (owners ?? []).flatMap((owner) => ownerReferenceFaults(owner, field))
  const [first, second] = (owners ?? []).filter(({ controller }) => controller)
  if (first && second) {
    const found = `${first.kind}/${first.name} and ${second.kind}/${second.name}`
    faults.push(
      invalidValue(
        field,
        owners,
        `Only one reference can have Controller set to true. Found "true" in references for ${found}`,
      ),
    )
  }
  return faults
}

function validateFinalizers(finalizers: string[] | undefined, custom: boolean): FieldFault[] {
  const field = 'metadata.finalizers'
  const faults = (finalizers ?? []).flatMap((finalizer, index) => {
    const found = invalidFor(custom ? field : `${field}[${index}]`, finalizer, qualifiedName(finalizer))
    if (!custom && found.length === 0 && !finalizer.includes('/') && !standardFinalizers.has(finalizer)) {
      const detail = 'name is neither a standard finalizer name nor is it fully qualified'
      found.push(invalidValue(`${field}[${index}]`, finalizer, detail))
    }
    return found
  })
  if (finalizers?.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    const detail = 'finalizer orphan and foregroundDeletion cannot be both set'
    faults.push(invalidValue(field, finalizers, detail))
  }
  return faults
}

function validateNames(meta: ObjectMeta, { namespaced, nameRule = subdomainName }: MetadataRules): FieldFault[] {
  const { name = '', generateName = '', namespace = '' } = meta
  const faults =
    generateName === '' ? [] : invalidFor('metadata.generateName', generateName, nameRule(generateName, true))
  if (name === '') faults.push(required('metadata.name', 'name or generateName is required'))
  else faults.push(...invalidFor('metadata.name', name, nameRule(name)))
  if (!namespaced && namespace !== '') faults.push(forbidden('metadata.namespace', 'not allowed on this type'))
  else if (namespaced && namespace === '') faults.push(required('metadata.namespace'))
  else if (namespaced) faults.push(...invalidFor('metadata.namespace', namespace, dnsLabel(namespace)))
  return faults
}

function validateContents(meta: ObjectMeta, custom: boolean): FieldFault[] {
  const generation = meta.generation ?? 0
  return [
    ...(generation < 0 ? [invalidValue('metadata.generation', generation, 'must be greater than or equal to 0')] : []),
    ...validateLabels(meta.labels, 'metadata.labels'),
    ...validateAnnotations(meta.annotations, 'metadata.annotations'),
    ...validateOwners(meta.ownerReferences, 'metadata.ownerReferences'),
    ...validateFinalizers(meta.finalizers, custom),
  ]
}

const fixed = [
  'name',
  'namespace',
  'uid',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
] as const

function validateChange(meta: ObjectMeta, old: ObjectMeta): FieldFault[] {
  const faults: FieldFault[] = []
  const added = (meta.finalizers ?? []).filter((finalizer) => !old.finalizers?.includes(finalizer))
  if (old.deletionTimestamp !== undefined && added.length > 0) {
    const found = `[]string{${added.map(quote).join(', ')}}`
    const detail = `no new finalizers can be added if the object is being deleted, found new finalizers ${found}`
    faults.push(forbidden('metadata.finalizers', detail))
  }
  if ((meta.generation ?? 0) < (old.generation ?? 0)) {
    faults.push(invalidValue('metadata.generation', meta.generation ?? 0, 'must not be decremented'))
  }
  for (const name of fixed) {
    if ((meta[name] ?? null) !== (old[name] ?? null)) faults.push(immutable(`metadata.${name}`, meta[name] ?? null))
  }
  return faults
}

/**
 * Faults of the metadata in the server's order. For an update the rules of a change come twice, since a real server
 * asks them once for all kinds and once more in each kind.
 */
export function validateMetadata(object: KubeObject, rules: MetadataRules): FieldFault[] {
  const meta = object.metadata
  const custom = rules.custom ?? false
  if (rules.old === undefined) return [...validateNames(meta, rules), ...validateContents(meta, custom)]
  const change = validateChange(meta, rules.old.metadata)
  return [
    ...validateNames(meta, { ...rules, nameRule: pathSegment }),
    ...validateContents(meta, custom),
    ...change,
    ...change,
  ]
}

const suffixLetters = 'bcdfghjklmnpqrstvwxz2456789'
const longestBase = 58

/** `random` gives a whole number from 0 up to, not including, its argument. */
export function generatedName(base: string, random: (below: number) => number): string {
  const suffix = Array.from({ length: 5 }, () => suffixLetters[random(suffixLetters.length)]).join('')
  return base.slice(0, longestBase) + suffix
}
