/** Desired state into the cluster: the plan, which is pure, and its execution. */
export { predict, remove } from './apply.ts'
export { isHook, syncRole, waveOf } from './hooks.ts'
export { failsOnShared, isReplaced } from './options.ts'
export { planSync } from './plan.ts'
export { isFailed } from './results.ts'
export { runSync, type SyncOutcome } from './run.ts'
export type { SyncPlan, SyncStep } from './step.ts'
