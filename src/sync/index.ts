/** Desired state into the cluster: the plan, which is pure, and its execution. */
export { predict, type Removal, remove, type WriteContext, write } from './apply.ts'
export { type HookDeletePolicy, isHook, type SyncRole, syncRole, waveOf } from './hooks.ts'
export { managedNamespace, type NamespaceMetadata } from './managed-namespace.ts'
export { type ApplicationSyncOptions, applicationSyncOptions, objectSyncOptions, type SyncOptions } from './options.ts'
export { planSync, type SyncRequest } from './plan.ts'
export { runSync, type SyncOutcome } from './run.ts'
export type { LiveState, SyncRun } from './run-context.ts'
export {
  type ApplyStep,
  type HookStep,
  type PruneStep,
  type SyncPlan,
  type SyncStep,
  type SyncWave,
  stepsOf,
} from './step.ts'
export { track } from './tracking.ts'
