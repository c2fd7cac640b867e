/** One resource as Git and as the cluster has it, ready to be shown: values of Secrets are masked. Pure. */
import type { ResourceDiff } from '../../contract/resource-diff-kinds.ts'
import { maskSecretsAnd } from '../../diff/index.ts'
import { type KubeObject, type ObjectComparison, type ResourceKey, stringifyJson } from '../../model/index.ts'

export interface ResourceStates {
  key: ResourceKey
  /** What Git declares. */
  target: KubeObject | undefined
  live: KubeObject | undefined
  /** What a sync would make of the live object; undefined: nothing would be left, or nothing would change it. */
  predicted: KubeObject | undefined
}

export type Judged = Pick<ObjectComparison, 'verdict' | 'fields' | 'ignored' | 'message'> &
  Partial<Pick<ObjectComparison, 'undeclared'>>

export function resourceDiff(
  { key, ...states }: ResourceStates,
  { verdict, fields, ignored, undeclared, message }: Judged,
  maskedAnnotations: readonly string[],
): ResourceDiff {
  const [target, live] = [states.target, states.live].map(withoutManagers)
  const after = verdict === 'extra' ? undefined : withoutManagers(states.predicted ?? live ?? target)
  // Together, so that equal values have equal masks.
  const masked = maskSecretsAnd(maskedAnnotations, target, live, after)
  const [targetState, liveState, predictedLiveState] = masked.map((state) => stringifyJson(state ?? null))
  const { group, kind, namespace, name } = key
  return {
    ...(group && { group }),
    kind,
    ...(namespace && { namespace }),
    name,
    targetState: targetState ?? 'null',
    liveState: liveState ?? 'null',
    normalizedLiveState: liveState ?? 'null',
    predictedLiveState: predictedLiveState ?? 'null',
    ...(live?.metadata.resourceVersion && { resourceVersion: live.metadata.resourceVersion }),
    modified: !['synced', 'unknown'].includes(verdict),
    verdict,
    drift: fields,
    ignored,
    ...(undeclared && { undeclared }),
    ...(message && { message }),
  }
}

/** Field sets are longer than what they are about, and the differences have said who is who. */
function withoutManagers(object: KubeObject | undefined): KubeObject | undefined {
  if (!object?.metadata.managedFields) return object
  const { managedFields: _, ...metadata } = object.metadata
  return { ...object, metadata }
}
