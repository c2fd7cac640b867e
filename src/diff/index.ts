/** Desired against live: the verdict and its authors. Pure. */
export { blame, blameRemoval } from './blame.ts'
export { type DriftInput, fieldDrifts } from './field-drifts.ts'
export { type FieldPath, type FieldsV1, fieldPathText } from './field-path.ts'
export { maskSecretDrifts, maskSecrets } from './mask-secret.ts'
export { matchesLocally } from './match-locally.ts'
export { normalise } from './normalise.ts'
