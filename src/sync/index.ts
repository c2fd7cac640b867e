/** Desired state into the cluster: the plan, which is pure, and its execution. */
export { predict, remove } from './apply.ts'
export { deletionPhases, isHook, syncRole, waveOf } from './hooks.ts'
export { failsOnShared, isReplaced } from './options.ts'
export { planDeletionHooks, planSync } from './plan.ts'
export { isFailed } from './results.ts'
export { runHooksOnly, runSync, type SyncOutcome, tidyHooks } from './run.ts'
export type { SyncPlan, SyncStep } from './step.ts'
