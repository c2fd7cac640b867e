/** How an application stands, and what keeps it from what is declared: the facts of its sentence. Pure. */
import type { Application, ApplicationTree, ResourceDiff } from '../../../lib/api.ts'
import { type HealthCause, readHealthCause } from '../../../lib/health-cause.ts'
import type { ResourceAddress } from '../../../lib/paths.ts'
import {
  deployedRevisions,
  isUnderWay,
  lastDeployment,
  pendingChanges,
  placeOf,
  sourcesOf,
  wantedRevisions,
} from '../data/facts.ts'
import { valueText } from '../tree/graph.ts'

export interface RevisionFact {
  revision: string
  /** What was asked for: a branch, a tag, a chart's range. */
  target: string
  chart?: string
  repoURL: string
  sourceIndex: number
}

export interface CausePart {
  text: string
  /** An object of the tree. */
  address?: ResourceAddress
}

export interface DriftFact {
  path: string
  desired: string
  live: string
  by?: string
  at?: string
}

export interface Standing {
  name: string
  place: { cluster: string; namespace: string }
  /** Of each source what was deployed last; empty when nothing was. */
  deployed: RevisionFact[]
  /** What is wanted and was not deployed yet. */
  next: RevisionFact | undefined
  verdict: 'deleting' | 'unknown' | 'syncing' | 'behind' | 'drifted' | 'new' | 'declared'
  changes: number
  health: string
  cause: CausePart[]
  /** All that is said of the cause, where it is more than a sentence bears. */
  message: string | undefined
  drift: DriftFact | undefined
}

export interface StandingInput {
  application: Application
  tree?: ApplicationTree | undefined
  managed?: ResourceDiff[] | undefined
}

export function standingOf({ application, tree, managed }: StandingInput): Standing {
  const { metadata, status, spec } = application
  const last = lastDeployment(application)
  const deployed = factsOf(sourcesOf(last ?? {}), deployedRevisions(last), spec)
  const wanted = factsOf(sourcesOf(spec), wantedRevisions(application), spec)
  const cause = readHealthCause(status?.health?.message ?? '')
  const next = wanted.find(({ revision, sourceIndex }) => deployed[sourceIndex]?.revision !== revision)
  return {
    name: metadata.name,
    place: placeOf(application),
    deployed,
    next,
    verdict: verdictOf(application, { isNew: deployed.length === 0, isBehind: next !== undefined }),
    changes: pendingChanges(application).changes,
    health: status?.health?.status ?? 'Unknown',
    cause: causeParts(cause, tree),
    message: cause.message,
    drift: firstDrift(managed),
  }
}

function verdictOf(application: Application, { isNew, isBehind }: { isNew: boolean; isBehind: boolean }) {
  if (application.metadata.deletionTimestamp) return 'deleting'
  if (isUnderWay(application)) return 'syncing'
  const sync = application.status?.sync?.status
  if (sync === 'Synced') return 'declared'
  if (sync !== 'OutOfSync') return 'unknown'
  if (isNew) return 'new'
  return isBehind ? 'behind' : 'drifted'
}

/** A source that only gives values to another one is not what runs. */
function factsOf(
  sources: ReturnType<typeof sourcesOf>,
  revisions: string[],
  spec: Application['spec'],
): RevisionFact[] {
  const wanted = sourcesOf(spec)
  return sources.flatMap(({ repoURL, targetRevision, chart }, sourceIndex) => {
    const revision = revisions[sourceIndex]
    // A rollback deploys a commit by its name: which branch is followed, the spec says.
    const target = wanted[sourceIndex]?.targetRevision ?? targetRevision ?? ''
    return revision ? [{ revision, target, repoURL, sourceIndex, ...(chart && { chart }) }] : []
  })
}

function firstDrift(managed: ResourceDiff[] = []): DriftFact | undefined {
  for (const { drift, verdict } of managed) {
    const [field] = drift
    if (verdict !== 'changed' || !field) continue
    const { path, desired, live, author } = field
    return {
      path,
      desired: valueText(desired),
      live: valueText(live),
      ...(author?.manager && { by: author.manager }),
      ...(author?.time && { at: author.time }),
    }
  }
  return undefined
}

/** The objects and the reason, so that each object can be opened. */
export function causeParts({ objects, reason, others }: HealthCause, tree: ApplicationTree | undefined): CausePart[] {
  const parts = objects.flatMap(({ kind, name }, index): CausePart[] => {
    const node = tree?.nodes.find((one) => one.kind === kind && one.name === name)
    return [...(index > 0 ? [{ text: ' → ' }] : []), { text: `${kind} ${name}`, ...(node && { address: node }) }]
  })
  if (reason) parts.push({ text: parts.length > 0 ? `: ${reason}` : reason })
  if (others > 0) parts.push({ text: ` (+ ${others})` })
  return parts
}
