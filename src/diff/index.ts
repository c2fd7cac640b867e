/** Desired against live: the verdict and its authors. Pure. */
export { fieldDrifts } from './field-drifts.ts'
export type { FieldsV1 } from './field-path.ts'
export { matchesLocally } from './match-locally.ts'
export { normalise } from './normalise.ts'
