/** Which objects are hooks, in which phases they run, and when they are deleted. */
import { annotation, type DeletionPhase, type KubeObject, listAnnotation, type SyncPhase } from '../model/index.ts'

export type HookDeletePolicy = 'BeforeHookCreation' | 'HookSucceeded' | 'HookFailed'

/** What an object is to a sync. An `unused` one belongs to another occasion: a deletion, a Helm test, or none. */
export type SyncRole =
  | { kind: 'resource' }
  | { kind: 'hook'; phases: SyncPhase[] }
  | { kind: 'skipped' }
  | { kind: 'unused' }

const syncPhases: readonly string[] = ['PreSync', 'Sync', 'PostSync', 'SyncFail'] satisfies SyncPhase[]

const helmPhases: Record<string, SyncPhase> = {
  'pre-install': 'PreSync',
  'pre-upgrade': 'PreSync',
  'post-install': 'PostSync',
  'post-upgrade': 'PostSync',
}

const helmPolicies: Record<string, HookDeletePolicy> = {
  'before-hook-creation': 'BeforeHookCreation',
  'hook-succeeded': 'HookSucceeded',
  'hook-failed': 'HookFailed',
}

/** Helm's annotation counts only where Argo CD's is absent; a CRD that Helm would install first is an ordinary object. */
export function syncRole(object: KubeObject): SyncRole {
  const annotations = object.metadata.annotations ?? {}
  if (annotation.hook in annotations) {
    const types = listAnnotation(annotations[annotation.hook])
    if (types.length === 1 && types[0] === 'Skip') return { kind: 'skipped' }
    return hookRole(types.filter((type) => syncPhases.includes(type)) as SyncPhase[])
  }
  if (!(annotation.helmHook in annotations)) return { kind: 'resource' }
  const types = listAnnotation(annotations[annotation.helmHook])
  if (types.length === 1 && types[0] === 'crd-install') return { kind: 'resource' }
  const phases = types.flatMap((type) => helmPhases[type] ?? [])
  return hookRole([...new Set(phases)])
}

function hookRole(phases: SyncPhase[]): SyncRole {
  return phases.length > 0 ? { kind: 'hook', phases } : { kind: 'unused' }
}

/** The phases of the application's deletion in which the object is a hook. */
export function deletionPhases({ metadata: { annotations = {} } }: KubeObject): DeletionPhase[] {
  if (annotation.hook in annotations) {
    const types = listAnnotation(annotations[annotation.hook])
    return (['PreDelete', 'PostDelete'] as const).filter((phase) => types.includes(phase))
  }
  const types = listAnnotation(annotations[annotation.helmHook])
  return [
    ...(types.includes('pre-delete') ? (['PreDelete'] as const) : []),
    ...(types.includes('post-delete') ? (['PostDelete'] as const) : []),
  ]
}

/** True for a live object that some sync made as a hook: it is never compared and never pruned. */
export function isHook(object: KubeObject): boolean {
  const { kind } = syncRole(object)
  return kind === 'hook' || kind === 'unused'
}

/** Both annotations add up; with neither, a hook is deleted before it is made again. */
export function deletePolicies(hook: KubeObject): HookDeletePolicy[] {
  const annotations = hook.metadata.annotations ?? {}
  const own = listAnnotation(annotations[annotation.hookDeletePolicy]).filter((policy) =>
    Object.values(helmPolicies).some((known) => known === policy),
  ) as HookDeletePolicy[]
  const helm = listAnnotation(annotations[annotation.helmHookDeletePolicy]).flatMap((name) => helmPolicies[name] ?? [])
  const policies = [...new Set([...own, ...helm])]
  return policies.length > 0 ? policies : ['BeforeHookCreation']
}

/** The wave, from Argo CD's annotation or, where that is no integer, Helm's weight; else 0. */
export function waveOf(object: KubeObject): number {
  const annotations = object.metadata.annotations ?? {}
  for (const text of [annotations[annotation.syncWave], annotations[annotation.helmHookWeight]]) {
    if (text !== undefined && /^[+-]?\d+$/.test(text)) return Number(text)
  }
  return 0
}

export interface HookOccasion {
  revision: string
  phase: SyncPhase
  /** RFC 3339; the same whenever the same operation is resumed. */
  startedAt: string
}

/** A hook with `generateName` gets the name that Argo CD gives it; it stays the same when the operation is resumed. */
export function namedHook(hook: KubeObject, { revision, phase, startedAt }: HookOccasion): KubeObject {
  const { generateName, ...metadata } = hook.metadata
  if (metadata.name || !generateName) return hook
  const seconds = Math.floor(Date.parse(startedAt) / 1000)
  const name = `${generateName}${revision.slice(0, 7)}-${phase}-${seconds}`.toLowerCase()
  return { ...hook, metadata: { ...metadata, name } }
}
