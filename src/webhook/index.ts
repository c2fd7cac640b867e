/** What a Git host or registry says has happened: signature, payload, which applications it touches. Pure. */
export { type ApplicationIndex, affectedApplications, indexApplications } from './affected.ts'
export { applicationSetIsTouched } from './application-sets.ts'
export { type ArtifactEvent, type GitEvent, type WebhookEvent, WebhookRefused } from './event.ts'
export { detectProvider, maxPayloadBytes, type ReceivedWebhook, readWebhook } from './receive.ts'
export type { WebhookRequest } from './request.ts'
export type { Admits } from './target-revision.ts'
