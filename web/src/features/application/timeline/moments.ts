/** What has happened to an application, from all that is on record about it. Pure. */
import type { Application } from '../../../lib/api.ts'
import type { ApplicationEvent } from '../data/application-events.ts'
import { deployedRevisions, type HistoryEntry, isCommit, type Phase } from '../data/facts.ts'
import type { RevisionMetadata } from '../data/revision-metadata.ts'

export const lanes = ['git', 'sync', 'drift', 'health', 'people'] as const
export type Lane = (typeof lanes)[number]

export type Happening =
  | { is: 'commit'; revision: string; author: string; message: string }
  | { is: 'deployed'; entry: HistoryEntry; revisions: string[]; by: string | undefined; isAutomated: boolean }
  | {
      is: 'operation'
      phase: Phase
      revision: string | undefined
      by: string | undefined
      isAutomated: boolean
      message: string | undefined
    }
  | { is: 'sync status'; from: string; to: string; message: string | undefined }
  | { is: 'health'; from: string | undefined; to: string; message: string | undefined }
  | { is: 'condition'; type: string; message: string }
  /** Somebody did something, in the words of the record. */
  | { is: 'told'; message: string }

export interface Moment {
  id: string
  /** Milliseconds. */
  at: number
  lane: Lane
  /** A word of ui/status.tsx. */
  status: string | undefined
  happening: Happening
}

export interface MomentsInput {
  application: Application
  events: ApplicationEvent[]
  commits: ReadonlyMap<string, Pick<RevisionMetadata, 'author' | 'date' | 'message'>>
}

/** From the first to the last. */
export function momentsOf({ application, events, commits }: MomentsInput): Moment[] {
  const history = application.status?.history ?? []
  const all = [
    ...commitMoments([...history.flatMap(deployedRevisions), ...wanted(application)], commits),
    ...history.map(deployedMoment),
    ...operationMoment(application),
    ...events.flatMap(eventMoment),
    ...healthMoment(application, events),
    ...conditionMoments(application),
  ]
  return all
    .filter(({ at }) => Number.isFinite(at))
    .sort((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1))
}

function wanted({ status }: Application): string[] {
  return status?.sync?.revisions ?? [status?.sync?.revision ?? '']
}

function commitMoments(revisions: string[], commits: MomentsInput['commits']): Moment[] {
  return [...new Set(revisions)].filter(isCommit).flatMap((revision) => {
    const commit = commits.get(revision)
    if (!commit) return []
    const { author, message } = commit
    const happening = { is: 'commit', revision, author, message } as const
    return [
      { id: `commit ${revision}`, at: Date.parse(commit.date), lane: 'git' as const, status: undefined, happening },
    ]
  })
}

function deployedMoment(entry: HistoryEntry): Moment {
  const { id, deployedAt, initiatedBy } = entry
  return {
    id: `deployed ${id}`,
    at: Date.parse(deployedAt),
    lane: 'sync',
    status: 'Succeeded',
    happening: {
      is: 'deployed',
      entry,
      revisions: deployedRevisions(entry),
      by: initiatedBy?.username || undefined,
      isAutomated: initiatedBy?.automated === true,
    },
  }
}

/** The last operation, unless the history tells of it already. */
function operationMoment({ status }: Application): Moment[] {
  const state = status?.operationState
  if (!state) return []
  const { phase, startedAt, finishedAt, operation, syncResult, message } = state
  const isInHistory = phase === 'Succeeded' && status?.history?.some(({ deployedAt }) => deployedAt === finishedAt)
  if (isInHistory) return []
  return [
    {
      id: `operation ${startedAt}`,
      at: Date.parse(finishedAt ?? startedAt),
      lane: 'sync',
      status: phase,
      happening: {
        is: 'operation',
        phase,
        revision: syncResult?.revision ?? operation.sync?.revision,
        by: operation.initiatedBy?.username || undefined,
        isAutomated: operation.initiatedBy?.automated === true,
        message: message || undefined,
      },
    },
  ]
}

const statusChange = /^Updated (sync|health) status: (\w*) -> (\w+)(?: \(([\s\S]*)\))?/

function eventMoment(event: ApplicationEvent, index: number): Moment[] {
  const { metadata, message = '', reason, type, lastTimestamp, eventTime, source } = event
  const at = Date.parse(lastTimestamp ?? eventTime ?? metadata?.creationTimestamp ?? '')
  const id = `event ${metadata?.uid ?? index}`
  const found = statusChange.exec(message)
  if (found) {
    const [, which, from = '', to = '', why] = found
    const is = which === 'sync' ? 'sync status' : 'health'
    const lane = which === 'sync' ? 'drift' : 'health'
    return [{ id, at, lane, status: to, happening: { is, from, to, message: why || undefined } }]
  }
  const isByPeople = source?.component === 'argocd-server'
  const isFailure = reason === 'OperationCompleted' && type === 'Warning'
  const lane = isByPeople ? 'people' : reason?.startsWith('Operation') ? 'sync' : 'health'
  return [{ id, at, lane, status: isFailure ? 'Failed' : undefined, happening: { is: 'told', message } }]
}

/** How it is now, since when; unless an event tells the same. */
function healthMoment({ status }: Application, events: ApplicationEvent[]): Moment[] {
  const { status: to, message, lastTransitionTime } = status?.health ?? {}
  if (!to || !lastTransitionTime) return []
  const at = Date.parse(lastTransitionTime)
  const isTold = events.some((event, index) =>
    eventMoment(event, index).some(
      ({ happening, at: then }) => happening.is === 'health' && happening.to === to && Math.abs(then - at) < 5000,
    ),
  )
  if (isTold) return []
  const happening = { is: 'health', from: undefined, to, message: message || undefined } as const
  return [{ id: `health ${lastTransitionTime}`, at, lane: 'health', status: to, happening }]
}

function conditionMoments({ status }: Application): Moment[] {
  return (status?.conditions ?? []).flatMap(({ type, message, lastTransitionTime }) =>
    lastTransitionTime
      ? [
          {
            id: `condition ${type} ${lastTransitionTime}`,
            at: Date.parse(lastTransitionTime),
            lane: 'health' as const,
            status: type.endsWith('Error') ? 'Error' : undefined,
            happening: { is: 'condition', type, message } as const,
          },
        ]
      : [],
  )
}

export interface Known {
  /** What had been deployed last. */
  deployed: Extract<Happening, { is: 'deployed' }> | undefined
  sync: string | undefined
  health: { to: string; message: string | undefined } | undefined
}

/** What is known of a moment: of what is not on record, nothing is said. */
export function knownAt(moments: Moment[], at: number): Known {
  const known: Known = { deployed: undefined, sync: undefined, health: undefined }
  for (const { at: then, happening } of moments) {
    if (then > at) break
    // After a sync all was as declared, until something is told to the contrary.
    if (happening.is === 'deployed') [known.deployed, known.sync] = [happening, 'Synced']
    if (happening.is === 'sync status') known.sync = happening.to
    if (happening.is === 'health') known.health = { to: happening.to, message: happening.message }
  }
  return known
}
