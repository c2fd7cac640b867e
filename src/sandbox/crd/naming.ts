/** Which names a CustomResourceDefinition gets, and the conditions that tell so. */
import { sameValue } from './correlation.ts'
import { goQuote } from './fault.ts'
import type { CustomResourceDefinition, DefinitionCondition, DefinitionNames } from './schema.ts'

type Status = NonNullable<CustomResourceDefinition['status']>

interface Taken {
  resources: Set<string>
  kinds: Set<string>
}

/** What the definitions of the same group have been given. */
function takenBy(others: CustomResourceDefinition[], group: string): Taken {
  const taken: Taken = { resources: new Set(), kinds: new Set() }
  for (const { spec, status } of others) {
    if (spec.group !== group || !status) continue
    const { plural, singular, shortNames, kind, listKind } = status.acceptedNames
    for (const name of [plural, singular, ...(shortNames ?? [])]) if (name) taken.resources.add(name)
    for (const name of [kind, listKind]) if (name) taken.kinds.add(name)
  }
  return taken
}

interface Conflict {
  reason: string
  message: string
}

interface Accepted {
  names: DefinitionNames
  conflict?: Conflict
}

const single: [field: 'plural' | 'singular' | 'kind' | 'listKind', set: keyof Taken, reason: string][] = [
  ['plural', 'resources', 'PluralConflict'],
  ['singular', 'resources', 'SingularConflict'],
  ['kind', 'kinds', 'KindConflict'],
  ['listKind', 'kinds', 'ListKindConflict'],
]

function accept(definition: CustomResourceDefinition, taken: Taken): Accepted {
  const wanted = definition.spec.names
  const given = definition.status?.acceptedNames
  const names: DefinitionNames = { ...given, plural: given?.plural ?? '', kind: given?.kind ?? '' }
  let conflict: Conflict | undefined
  for (const [field, set, reason] of single) {
    const name = wanted[field] ?? ''
    if (name !== given?.[field] && taken[set].has(name)) conflict = { reason, message: inUse(name) }
    else names[field] = name
    if (field === 'singular') conflict = acceptShortNames(wanted, names, taken) ?? conflict
  }
  if (wanted.categories) names.categories = wanted.categories
  else delete names.categories
  return { names, conflict }
}

function acceptShortNames(wanted: DefinitionNames, names: DefinitionNames, taken: Taken): Conflict | undefined {
  if (sameValue(wanted.shortNames, names.shortNames)) return undefined
  const refused = (wanted.shortNames ?? []).filter(
    (name) => !names.shortNames?.includes(name) && taken.resources.has(name),
  )
  if (refused.length > 0) {
    const texts = refused.map(inUse)
    return { reason: 'ShortNamesConflict', message: texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]` }
  }
  if (wanted.shortNames) names.shortNames = wanted.shortNames
  else delete names.shortNames
  return undefined
}

function inUse(name: string): string {
  return `${goQuote(name)} is already in use`
}

/**
 * The status of a definition once its names are settled; `others` are all other definitions, `now` an RFC 3339 time.
 * It is the definition's own status when nothing changes.
 */
export function settledStatus(
  definition: CustomResourceDefinition,
  others: CustomResourceDefinition[],
  now: string,
): Status {
  const before = definition.status
  const { names, conflict } = accept(definition, takenBy(others, definition.spec.group))
  const established = before?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True')
  const conditions = withCondition(before?.conditions ?? [], namesCondition(conflict), now)
  const next = established ? conditions : withCondition(conditions, establishedCondition(conflict), now)
  const status = { conditions: next, acceptedNames: names, storedVersions: before?.storedVersions ?? [] }
  return before && sameValue(status as never, before as never) ? before : status
}

function namesCondition(conflict: Conflict | undefined): DefinitionCondition {
  if (conflict) return { type: 'NamesAccepted', status: 'False', ...conflict }
  return { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' }
}

function establishedCondition(conflict: Conflict | undefined): DefinitionCondition {
  if (conflict) {
    return { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' }
  }
  const message = 'the initial names have been accepted'
  return { type: 'Established', status: 'True', reason: 'InitialNamesAccepted', message }
}

/** The condition replaces the one of its type; the time stays when the status does. */
function withCondition(
  conditions: DefinitionCondition[],
  next: DefinitionCondition,
  now: string,
): DefinitionCondition[] {
  const old = conditions.find((condition) => condition.type === next.type)
  const time = old?.status === next.status ? (old.lastTransitionTime ?? now) : now
  const { type, status, reason, message } = next
  const made = { type, status, lastTransitionTime: time, reason, message }
  return old ? conditions.map((condition) => (condition === old ? made : condition)) : [...conditions, made]
}

/** The condition of a definition whose objects are being deleted. */
export function terminatingStatus(definition: CustomResourceDefinition, now: string): Status {
  const { conditions = [], acceptedNames, storedVersions = [] } = definition.status ?? {}
  const condition: DefinitionCondition = {
    type: 'Terminating',
    status: 'True',
    reason: 'InstanceDeletionPending',
    message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
  }
  const names = acceptedNames ?? { plural: '', kind: '' }
  return { conditions: withCondition(conditions ?? [], condition, now), acceptedNames: names, storedVersions }
}

/** Whether requests for the definition's resources are answered. */
export function isEstablished(definition: CustomResourceDefinition): boolean {
  const conditions = definition.status?.conditions ?? []
  return conditions.some(({ type, status }) => type === 'Established' && status === 'True')
}

/** The finalizer that keeps a definition until its objects are gone. */
export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io'
