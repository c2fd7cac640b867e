/** The operation that a request for a sync comes to. Pure. */
import type { ApplicationSpec, Operation, SyncOperation } from '../model/index.ts'

export interface SyncRequest
  extends Pick<
    SyncOperation,
    'revision' | 'revisions' | 'prune' | 'dryRun' | 'preflightOnly' | 'syncStrategy' | 'resources' | 'manifests'
  > {
  /** In place of those of the application. */
  syncOptions?: string[]
  retry?: Operation['retry']
  info?: Operation['info']
}

export function syncOperation({ syncPolicy }: ApplicationSpec, request: SyncRequest, username: string): Operation {
  const { revision, revisions, prune, dryRun, preflightOnly, syncStrategy, resources, manifests, info } = request
  const { syncOptions = syncPolicy?.syncOptions ?? [], retry = syncPolicy?.retry } = request
  return {
    sync: {
      ...(revision && { revision }),
      ...(revisions?.length && { revisions }),
      ...(prune && { prune }),
      ...(dryRun && { dryRun }),
      ...(preflightOnly && { preflightOnly }),
      syncStrategy: syncStrategy ?? { hook: {} },
      // An empty list would make it a sync of chosen resources, which leaves no history.
      ...(resources?.length && { resources }),
      ...(manifests?.length && { manifests }),
      ...(syncOptions.length > 0 && { syncOptions }),
    },
    initiatedBy: { username },
    ...(info?.length && { info }),
    ...(retry && { retry }),
  }
}
