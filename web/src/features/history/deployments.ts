/** The history of an application, newest first, and what stands out in it. Pure. */
import type { Application, HistoryEntry } from '../../lib/api.ts'
import { revisionsOf, shortRevision } from '../../lib/operation.ts'

type Source = NonNullable<HistoryEntry['source']>

export interface Deployment {
  entry: HistoryEntry
  /** Each source with the revision that it had. */
  sources: { source: Source; revision: string }[]
  /** What runs now. */
  isLast: boolean
  isPinned: boolean
  /** The one before it in time. */
  previous: number | undefined
}

export interface Pin {
  id: number
  by: string
  at: string
}

export function pinOf({ metadata }: Application): Pin | undefined {
  try {
    const { id, by, at } = JSON.parse(metadata.annotations?.['tiphys.dev/pin'] ?? '') as Partial<Pin>
    return typeof id === 'number' ? { id, by: String(by ?? ''), at: String(at ?? '') } : undefined
  } catch {
    return undefined
  }
}

export function deploymentsOf(application: Application): Deployment[] {
  const history = application.status?.history ?? []
  const pinned = pinOf(application)?.id
  const all = history.map((entry, index) => ({
    entry,
    sources: sourcesOf(entry),
    isLast: index === history.length - 1,
    isPinned: entry.id === pinned,
    previous: history[index - 1]?.id,
  }))
  return all.reverse()
}

function sourcesOf(entry: HistoryEntry): Deployment['sources'] {
  const revisions = revisionsOf(entry)
  const sources = entry.sources?.length ? entry.sources : entry.source ? [entry.source] : []
  return sources.map((source, index) => ({ source, revision: revisions[index] ?? source.targetRevision ?? '' }))
}

export function shortRevisions({ sources }: Pick<Deployment, 'sources'>): string {
  return sources.map(({ revision }) => shortRevision(revision)).join(', ')
}

/** Of what rolling back could be made in Git instead: the commits after that one, up to what runs now. */
export interface Reversal {
  repository: string
  /** Whole. */
  from: string
  to: string
}

/** Undefined where there is none: charts, several sources, other repositories, or the same commit. */
export function reversalTo(target: Deployment, last: Deployment | undefined): Reversal | undefined {
  const [there, ...others] = target.sources
  const [here, ...more] = last?.sources ?? []
  if (!there || !here || others.length + more.length > 0) return undefined
  if (there.source.chart || here.source.chart || there.source.repoURL !== here.source.repoURL) return undefined
  if (!isCommit(there.revision) || !isCommit(here.revision) || there.revision === here.revision) return undefined
  return { repository: here.source.repoURL, from: there.revision, to: here.revision }
}

function isCommit(revision: string): boolean {
  return /^[0-9a-f]{40,64}$/.test(revision)
}
