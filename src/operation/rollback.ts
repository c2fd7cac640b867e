/** Going back to what was deployed before. Pure. */
import {
  type Application,
  type ApplicationSource,
  deployedSources,
  type Operation,
  type RevisionHistory,
} from '../model/index.ts'

export interface RollbackRequest {
  entry: RevisionHistory
  prune?: boolean
  dryRun?: boolean
  /** Hooks run; as in Argo CD they do not unless asked for. */
  hooks?: boolean
}

/** Without `id`, the one before the last. */
export function entryToReturnTo({ status }: Application, id: number | undefined): RevisionHistory | undefined {
  const history = status?.history ?? []
  return id === undefined ? history.at(-2) : history.find((candidate) => candidate.id === id)
}

export function rollbackOperation(
  { spec }: Application,
  { entry, prune, dryRun, hooks }: RollbackRequest,
  username: string,
): Operation {
  const { revision, revisions } = entry
  return {
    sync: {
      ...(revision && { revision }),
      ...(revisions && { revisions }),
      ...sourcesWanted(entry),
      ...(prune && { prune }),
      ...(dryRun && { dryRun }),
      syncStrategy: hooks ? { hook: {} } : { apply: {} },
      ...(spec.syncPolicy?.syncOptions && { syncOptions: spec.syncPolicy.syncOptions }),
    },
    initiatedBy: { username },
  }
}

/** Each at the revision that was deployed. */
function sourcesWanted(entry: RevisionHistory): { source?: ApplicationSource; sources?: ApplicationSource[] } {
  const sources = deployedSources(entry)
  const [source] = sources
  if (!source) return {}
  return entry.sources?.length ? { sources } : { source }
}
