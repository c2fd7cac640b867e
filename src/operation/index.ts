/** What is asked of an application: to be synced, rolled back, pinned, deleted. Pure. */
export { cascades, isPropagation } from './deletion.ts'
export { approval, pinned, unpinned } from './marks.ts'
export { entryToReturnTo, rollbackOperation } from './rollback.ts'
export { type SyncRequest, syncOperation } from './sync-operation.ts'
export { isUnderWay } from './under-way.ts'
