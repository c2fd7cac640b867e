/** What can be done to one object, built in or by script. */
export type { ImpactedResource } from './action.ts'
export { type Actions, resourceActions } from './actions.ts'
export { carryOut } from './carry-out.ts'
