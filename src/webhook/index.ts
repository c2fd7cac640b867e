/** What a Git host or registry says has happened: signature, payload, which applications it touches. Pure. */
export { type ApplicationIndex, affectedApplications, indexApplications } from './affected.ts'
export { WebhookRefused } from './event.ts'
export { maxPayloadBytes, type ReceivedWebhook, readWebhook } from './receive.ts'
export { repositoryMatcher } from './repository-matcher.ts'
export type { Admits } from './target-revision.ts'
