/** What somebody asked to be done to an application, and how far it has come. */
import { ApplicationSource } from './application-source.ts'
import { Fields, Flag, Integer, type Static, Text, TextMap, Texts, Time, Type } from './schema.ts'

export const SyncStrategy = Fields({ apply: Fields({ force: Flag }), hook: Fields({ force: Flag }) })

export const RetryStrategy = Fields({
  /** Below 0: without end. */
  limit: Integer,
  /** Go durations, such as `5s` or `3m`; a bare number is seconds. */
  backoff: Fields({ duration: Text, factor: Integer, maxDuration: Text }),
  refresh: Flag,
})
export type RetryStrategy = Static<typeof RetryStrategy>

export const SyncOperationResource = Type.Object({
  group: Type.Optional(Text),
  kind: Text,
  name: Text,
  namespace: Type.Optional(Text),
  exclude: Type.Optional(Flag),
})
export type SyncOperationResource = Static<typeof SyncOperationResource>

export const SyncOperation = Fields({
  revision: Text,
  revisions: Texts,
  prune: Flag,
  dryRun: Flag,
  syncStrategy: SyncStrategy,
  resources: Type.Array(SyncOperationResource),
  source: ApplicationSource,
  sources: Type.Array(ApplicationSource),
  /** Rendered by the client; each a JSON document. */
  manifests: Texts,
  syncOptions: Texts,
  autoHealAttemptsCount: Integer,
  /** Tiphys' own: the server is asked whether the sync would succeed, and nothing is written. */
  preflightOnly: Flag,
})
export type SyncOperation = Static<typeof SyncOperation>

export const InitiatedBy = Fields({ username: Text, automated: Flag })
export type InitiatedBy = Static<typeof InitiatedBy>

export const Operation = Fields({
  sync: SyncOperation,
  initiatedBy: InitiatedBy,
  info: Type.Array(Type.Object({ name: Text, value: Text })),
  retry: RetryStrategy,
})
export type Operation = Static<typeof Operation>

export type OperationPhase = 'Running' | 'Terminating' | 'Failed' | 'Error' | 'Succeeded'
/** Of a deletion, not of a sync. */
export type DeletionPhase = 'PreDelete' | 'PostDelete'
export type SyncPhase = 'PreSync' | 'Sync' | 'PostSync' | 'SyncFail' | DeletionPhase
export type ResultCode = 'Synced' | 'SyncFailed' | 'Pruned' | 'PruneSkipped'

export const ResourceResult = Type.Object({
  group: Text,
  version: Text,
  kind: Text,
  namespace: Text,
  name: Text,
  status: Type.Optional(Type.Unsafe<ResultCode>({ type: 'string' })),
  message: Type.Optional(Text),
  hookType: Type.Optional(Text),
  /** How far the object's hook, or the wait for its health, has come. */
  hookPhase: Type.Optional(Type.Unsafe<OperationPhase>({ type: 'string' })),
  syncPhase: Type.Optional(Type.Unsafe<SyncPhase>({ type: 'string' })),
  images: Type.Optional(Texts),
})
export type ResourceResult = Static<typeof ResourceResult>

export const SyncOperationResult = Type.Object({
  revision: Text,
  revisions: Type.Optional(Texts),
  source: Type.Optional(ApplicationSource),
  sources: Type.Optional(Type.Array(ApplicationSource)),
  resources: Type.Optional(Type.Array(ResourceResult)),
  managedNamespaceMetadata: Type.Optional(Fields({ labels: TextMap, annotations: TextMap })),
})
export type SyncOperationResult = Static<typeof SyncOperationResult>

export const OperationState = Type.Object({
  operation: Operation,
  phase: Type.Unsafe<OperationPhase>({ type: 'string' }),
  startedAt: Time,
  message: Type.Optional(Text),
  syncResult: Type.Optional(SyncOperationResult),
  finishedAt: Type.Optional(Time),
  retryCount: Type.Optional(Integer),
})
export type OperationState = Static<typeof OperationState>
