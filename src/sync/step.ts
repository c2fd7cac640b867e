/** What a sync will do, as a value: it can be printed, checked and resumed. */
import type { DeleteOptions, Target } from '../kube/kube-client.ts'
import type { KubeObject, SyncPhase } from '../model/index.ts'
import type { HookDeletePolicy } from './hooks.ts'

interface Placed {
  target: Target
  phase: SyncPhase
  wave: number
}

/** How an object is written. */
export interface WriteMethod {
  /** PUT instead of server-side apply. */
  replace: boolean
  /** Deletes and creates anew what cannot be changed in place. */
  force: boolean
  /** The server refuses unknown and repeated fields. */
  validate: boolean
  /** The managers whose client-side applied fields are taken over. */
  migrate: readonly string[]
}

export interface ApplyStep extends Placed {
  verb: 'apply'
  object: KubeObject
  method: WriteMethod
  /** Its kind may be unknown to the server when the sync begins. */
  mayComeLater: boolean
  /** As far as is known, applying changes nothing: it is done only if the server says that it does. */
  inSync: boolean
}

export interface HookStep extends Placed {
  verb: 'hook'
  object: KubeObject
  method: WriteMethod
  mayComeLater: boolean
  deletePolicies: HookDeletePolicy[]
}

export interface PruneStep extends Placed {
  verb: 'prune'
  /** The object is deleted only if it is still this one. */
  uid: string | undefined
  propagationPolicy: NonNullable<DeleteOptions['propagationPolicy']>
  /** Why it is left in place; undefined: it is deleted. */
  kept?: string
}

export type SyncStep = ApplyStep | HookStep | PruneStep

/** One phase's wave. First everything in `prune` at once, then one group after the other, each at once. */
export interface SyncWave {
  phase: SyncPhase
  wave: number
  prune: PruneStep[]
  groups: (ApplyStep | HookStep)[][]
}

export interface SyncPlan {
  /** The destination's namespace, where `CreateNamespace=true` has to make or mark it: before everything else. */
  namespace?: ApplyStep
  waves: SyncWave[]
  /** Run when one of `waves` failed. */
  onFailure: SyncWave[]
  /** Whether each wave waits until what it applied is healthy; a sync of one single wave does not. */
  gated: boolean
  /** Whether the server is asked about everything before the first write. */
  preflight: boolean
  /** What is carried out: everything, or only the questions to the server. */
  mode: 'sync' | 'dry-run' | 'preflight'
}

/** Every step in the order in which it begins, those for a failure last. */
export function stepsOf({ namespace, waves, onFailure }: SyncPlan): SyncStep[] {
  const steps = [...waves, ...onFailure].flatMap(({ prune, groups }) => [...prune, ...groups.flat()])
  return namespace ? [namespace, ...steps] : steps
}
