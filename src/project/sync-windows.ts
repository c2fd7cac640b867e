/** Sync windows: when an application may be synced, by itself and by hand. Pure. */
import { type AppProjectSpec, matchesGlob, type SyncWindow } from '../model/index.ts'
import { isTimeZone, type WindowTimes, windowTimes } from './window-times.ts'

/** What the selectors of a window look at. */
export interface WindowSubject {
  /** The name of the application, without its namespace. */
  name: string
  /** Of its destination. */
  namespace: string
  /** Names and addresses of the destination's cluster. */
  clusters: string[]
}

export interface WindowQuestion {
  /** Somebody asks for it, rather than Tiphys itself. */
  manual: boolean
  /** Milliseconds since the epoch. */
  now: number
  /** When the operation began that wants to go on; for `syncOverrun`. */
  startedAt?: number
}

export interface WindowVerdict {
  permitted: boolean
  /** One sentence: which window it is, and until when. */
  reason: string
  /** When what is refused now will be permitted, in milliseconds since the epoch; undefined: not within a year. */
  until?: number
}

/** How an operation that a window has refused begins its message, as in Argo CD. */
export const blockedByWindow = 'Sync operation blocked by sync window'

/** The windows that concern the application. */
export function windowsFor({ syncWindows = [] }: AppProjectSpec, subject: WindowSubject): SyncWindow[] {
  return syncWindows.filter((window) => concerns(window, subject))
}

/** Any list that names it is enough; with `andOperator` all lists that there are have to. */
function concerns({ applications, clusters, namespaces, andOperator }: SyncWindow, subject: WindowSubject): boolean {
  const lists = [
    { globs: applications, texts: [subject.name] },
    { globs: clusters, texts: subject.clusters },
    { globs: namespaces, texts: [subject.namespace] },
  ].filter(({ globs }) => globs && globs.length > 0)
  const names = ({ globs = [], texts }: { globs?: string[]; texts: string[] }) =>
    globs.some((glob) => texts.some((text) => matchesGlob(glob, text)))
  return andOperator ? lists.length > 0 && lists.every(names) : lists.some(names)
}

interface TimedWindow {
  window: SyncWindow
  times: WindowTimes
}

/** `windows` as `windowsFor` gives them. A window that cannot be read refuses everything, rather than nothing. */
export function windowVerdict(windows: SyncWindow[], question: WindowQuestion): WindowVerdict {
  if (windows.length === 0) return { permitted: true, reason: 'no sync window applies' }
  const timed: TimedWindow[] = []
  for (const window of windows) {
    const fault = kindFault(window)
    const times = windowTimes(window)
    if (fault !== undefined || typeof times === 'string') {
      return { permitted: false, reason: `a sync window of the project cannot be read: ${fault ?? times}` }
    }
    timed.push({ window, times })
  }
  const { holding, permitted, why } = decide(timed, question)
  // What is permitted in spite of a window is told how long that window lasts, which is a matter of automated syncs.
  const asked = permitted ? { manual: false, now: question.now } : question
  const change = holding.length === 0 ? undefined : nextChange(timed, asked)
  const reason = why(change === undefined ? '' : ` until ${timestamp(change)}`)
  return { permitted, reason, ...(!permitted && change !== undefined && { until: change }) }
}

/** Why a window could never be used; undefined: it can. */
export function windowFault(window: SyncWindow): string | undefined {
  if ((window.description?.length ?? 0) > longestDescription) {
    return `its description is longer than ${longestDescription} characters`
  }
  const times = windowTimes(window)
  return kindFault(window) ?? (typeof times === 'string' ? times : undefined)
}

const longestDescription = 255

/** Those that are open at that time, whomever they concern. */
export function openWindows(windows: SyncWindow[], at: number): SyncWindow[] {
  return windows.filter((window) => {
    const times = windowTimes(window)
    return typeof times !== 'string' && times.isActive(at)
  })
}

function kindFault({ kind }: SyncWindow): string | undefined {
  return kind === 'allow' || kind === 'deny' ? undefined : `its kind ${JSON.stringify(kind)} is neither allow nor deny`
}

interface Decision {
  permitted: boolean
  /** The windows that the decision follows from. */
  holding: SyncWindow[]
  why(until: string): string
}

function decide(windows: TimedWindow[], { manual, now, startedAt }: WindowQuestion): Decision {
  const isActive = ({ times }: TimedWindow) => times.isActive(now)
  const active = windows.filter(isActive).map(({ window }) => window)
  const denies = active.filter(({ kind }) => kind === 'deny')
  const allows = active.filter(({ kind }) => kind === 'allow')
  const closed = windows
    .filter((timed) => timed.window.kind === 'allow' && !isActive(timed))
    .map(({ window }) => window)
  if (denies.length === 0 && allows.length > 0) {
    return { permitted: true, holding: allows, why: (until) => `${describe(allows)} is open${until}` }
  }
  const holding = denies.length > 0 ? denies : closed
  if (holding.length === 0) return { permitted: true, holding, why: () => 'no deny window is open' }
  const state = denies.length > 0 ? 'is open' : 'is closed'
  if (manual && holding.every(({ manualSync }) => manualSync)) {
    return { permitted: true, holding, why: (until) => `${describe(holding)} ${state}${until}, with manualSync` }
  }
  if (isOverrun(windows, holding, { manual, startedAt })) {
    return { permitted: true, holding, why: (until) => `${describe(holding)} ${state}${until}, with syncOverrun` }
  }
  return { permitted: false, holding, why: (until) => `${describe(holding)} ${state}${until}` }
}

/** What began when it was permitted may go on where every window in its way says so. */
function isOverrun(
  windows: TimedWindow[],
  holding: SyncWindow[],
  { manual, startedAt }: { manual: boolean; startedAt: number | undefined },
): boolean {
  if (startedAt === undefined || !holding.every(({ syncOverrun }) => syncOverrun)) return false
  return decide(windows, { manual, now: startedAt }).permitted
}

const yearMs = 366 * 24 * 3_600_000
/** Beyond these the end of a window that never closes is not looked for any longer. */
const mostEdges = 100

/** When the answer becomes another one; undefined: not within a year, as far as can be seen. */
function nextChange(windows: TimedWindow[], question: WindowQuestion): number | undefined {
  const { permitted } = decide(windows, question)
  let at = question.now
  for (let step = 0; step < mostEdges; step++) {
    const before = at
    at = Math.min(...windows.map(({ times }) => times.nextEdge(before)))
    if (at > question.now + yearMs) return undefined
    if (decide(windows, { ...question, now: at }).permitted !== permitted) return at
  }
  return undefined
}

function describe(windows: SyncWindow[]): string {
  const [first, ...others] = windows
  if (!first) return ''
  const { kind, schedule, duration, timeZone, description } = first
  const zone = timeZone ? `, ${timeZone}${isTimeZone(timeZone) ? '' : ', which is no time zone: UTC'}` : ''
  const more = others.length > 0 ? ` (and ${others.length} more)` : ''
  const what = description ? ` (${description})` : ''
  return `the ${kind} window "${schedule}" for ${duration}${zone}${what}${more}`
}

function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
}
