/** How far a rollout has come, application by application, and which are to be synced now. Pure. */
import { deepEqual } from 'fast-equals'
import type { Application, ApplicationSet } from '../../model/index.ts'
import type { SetCondition, SetStatus } from '../status.ts'
import type { Steps } from './steps.ts'

type Entry = NonNullable<SetStatus['applicationStatus']>[number]

export interface ProgressInput {
  set: ApplicationSet
  steps: Steps
  /** Those that there are. */
  owned: ReadonlyMap<string, Application>
  /** Those whose spec this look changes. */
  changed: ReadonlySet<string>
  /** RFC 3339, in seconds. */
  now: string
}

export interface Progress {
  applicationStatus: Entry[]
  conditions: SetCondition[]
  /** It is somebody's turn who is to be asked in the next second only. */
  isTooSoon: boolean
}

export function progressOf({ set, steps, owned, changed, now }: ProgressInput): Progress {
  const before = new Map((set.status?.applicationStatus ?? []).map((entry) => [entry.application, entry]))
  const entries = new Map<string, Entry>()
  for (const name of [...owned.keys()].sort()) {
    const application = owned.get(name) as Application
    const step = steps.of(name)
    const entry = {
      ...(before.get(name) ?? first(application, now)),
      step: step === undefined ? '-1' : String(step + 1),
    }
    entries.set(name, settled(entry, application, { isChanged: changed.has(name), now }))
  }
  const isTooSoon = promote(entries, { owned, steps, now })
  return { applicationStatus: [...entries.values()], conditions: conditionsOf(entries, steps), isTooSoon }
}

function first(application: Application, now: string): Entry {
  return {
    application: application.metadata.name,
    status: 'Waiting',
    message: 'No Application status found, defaulting status to Waiting',
    targetRevisions: revisionsOf(application),
    lastTransitionTime: now,
  }
}

interface Moment {
  isChanged: boolean
  now: string
}

/** No event may come any more, so that it is taken as far as it has come. */
function settled(entry: Entry, application: Application, moment: Moment): Entry {
  const after = next(entry, application, moment)
  return moment.isChanged || after.status === entry.status ? after : settled(after, application, moment)
}

function next(entry: Entry, application: Application, { isChanged, now }: Moment): Entry {
  const { status = {} } = application
  const to = (state: string, message: string, more: Partial<Entry> = {}): Entry => ({
    ...entry,
    ...more,
    status: state,
    message,
    lastTransitionTime: now,
  })
  const isSynced = status.sync?.status === 'Synced' && isComparedAsItIs(application)
  const isHealthy = status.health?.status === 'Healthy'
  const targetRevisions = revisionsOf(application)
  const isMoved = !deepEqual(entry.targetRevisions ?? [], targetRevisions)
  if (isMoved || isChanged) {
    const what = isMoved && isChanged ? 'revision and spec' : isMoved ? 'revision' : 'spec'
    const waiting = to('Waiting', `Application has pending changes (${what}), setting status to Waiting`, {
      targetRevisions,
    })
    if (isChanged || !isSynced) return waiting
  }
  const known = { ...entry, targetRevisions }
  switch (entry.status) {
    case 'Waiting':
      if (!isSynced || isChanged) return known
      return isHealthy
        ? to('Healthy', 'Application resource has synced, updating status to Healthy', { targetRevisions })
        : to('Progressing', 'Application resource has synced, updating status to Progressing', { targetRevisions })
    case 'Pending':
      if (!hasStartedSince(application, entry.lastTransitionTime) && !cannotSync(application)) return known
      return to('Progressing', 'Application resource became Progressing, updating status from Pending to Progressing')
    case 'Progressing':
      if (!isSynced || !isHealthy) return known
      return to('Healthy', 'Application resource became Healthy, updating status from Progressing to Healthy')
    default:
      return known
  }
}

/** Its status is about the spec that it has now: right after a change it is still about the one before. */
function isComparedAsItIs({ spec, status }: Application): boolean {
  const compared = status?.sync?.comparedTo
  if (!compared) return false
  return (
    deepEqual(compared.source, spec.source) &&
    deepEqual(compared.sources ?? [], spec.sources ?? []) &&
    deepEqual(compared.destination, spec.destination)
  )
}

export function hasStartedSince({ status }: Application, time: string | undefined): boolean {
  const started = status?.operationState?.startedAt
  return started !== undefined && (time === undefined || Date.parse(started) >= Date.parse(time))
}

/** Waiting for its sync would take for ever; and as long as it is not healthy, nothing after it goes on. */
function cannotSync({ status }: Application): boolean {
  return (status?.conditions ?? []).some(({ type }) => type === 'InvalidSpecError' || type === 'UnknownError')
}

function revisionsOf({ status }: Application): string[] {
  const { revision, revisions } = status?.sync ?? {}
  return revisions?.length ? revisions : revision ? [revision] : []
}

/**
 * Step by step: those of one are synced when all of the steps before are healthy. Times are in whole seconds: what
 * has begun a sync in this very second would be taken for having begun the one that it is asked for now, and wait for
 * ever. The answer tells whether there is such a one.
 */
function promote(
  entries: Map<string, Entry>,
  { owned, steps, now }: Pick<ProgressInput, 'owned' | 'steps' | 'now'>,
): boolean {
  let isTooSoon = false
  for (let step = 0; step < steps.count; step++) {
    const names = steps.names(step)
    const members = names.flatMap((name) => entries.get(name) ?? [])
    const busy = members.filter(({ status }) => status === 'Pending' || status === 'Progressing').length
    let free = steps.most(step) - busy
    for (const entry of members) {
      if (free <= 0) break
      if (entry.status !== 'Waiting') continue
      free--
      const application = owned.get(entry.application ?? '')
      if (application && hasStartedSince(application, now)) {
        isTooSoon = true
        continue
      }
      entries.set(entry.application ?? '', {
        ...entry,
        status: 'Pending',
        message: 'Application moved to Pending status, watching for the Application resource to start Progressing',
        lastTransitionTime: now,
      })
    }
    const isDone = members.length === names.length && members.every(({ status }) => status === 'Healthy')
    if (!isDone) break
  }
  return isTooSoon
}

function conditionsOf(entries: Map<string, Entry>, steps: Steps): SetCondition[] {
  const all = [...entries.values()]
  const open = Array.from({ length: steps.count }, (_, index) => String(index + 1)).find((step) =>
    all.some((entry) => entry.step === step && entry.status !== 'Healthy'),
  )
  return [
    open === undefined
      ? {
          type: 'RolloutProgressing',
          status: 'False',
          reason: 'ApplicationSetRolloutComplete',
          message: 'ApplicationSet Rollout has completed',
        }
      : {
          type: 'RolloutProgressing',
          status: 'True',
          reason: 'ApplicationSetModified',
          message: `ApplicationSet is performing rollout of step ${open}`,
        },
    ...configurationFaults(steps.faults),
  ]
}

export function configurationFaults(faults: string[]): SetCondition[] {
  if (faults.length === 0) return []
  return [{ type: 'InvalidRolloutConfig', status: 'True', reason: 'InvalidRolloutConfig', message: faults.join('; ') }]
}
