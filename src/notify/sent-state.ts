/** The record of what has been sent, kept on the Application: it outlives the process. */
import { annotation } from '../model/index.ts'
import type { Destination } from './subscriptions.ts'

/** As Argo CD writes it: key → when, in seconds since 1970. */
export const sentAnnotation = annotation.notified
/** Tiphys' own: what is on its way, so that a process that starts knows what the one before it was about to send. */
export const underWayAnnotation = annotation.notificationsUnderWay

export type SentState = Readonly<Record<string, number>>

/** `waiting`: certainly not delivered. `sending`: it may have been; who finds that of another does not send it again. */
export interface UnderWay extends Destination {
  state: 'waiting' | 'sending'
  trigger: string
  templates: string[]
}
export type UnderWayState = Readonly<Record<string, UnderWay>>

type Annotations = Readonly<Record<string, string>>

/** The oldest beyond these are forgotten, unless they still hold. */
const longestHistory = 100

export function readSentState(annotations: Annotations = {}): SentState {
  return parsed(annotations[sentAnnotation], (value): value is number => typeof value === 'number')
}

export function readUnderWay(annotations: Annotations = {}): UnderWayState {
  return parsed(annotations[underWayAnnotation], (value): value is UnderWay => {
    const given = value as Partial<UnderWay> | null
    return typeof given?.service === 'string' && typeof given.trigger === 'string' && Array.isArray(given.templates)
  })
}

function parsed<Entry>(text: string | undefined, isEntry: (value: unknown) => value is Entry): Record<string, Entry> {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    if (typeof value !== 'object' || value === null) return {}
    return Object.fromEntries(Object.entries(value).filter((one): one is [string, Entry] => isEntry(one[1])))
  } catch {
    return {}
  }
}

export interface KeyParts extends Destination {
  trigger: string
  condition: string
  oncePer: string
}

export function sentKey({ trigger, condition, oncePer, service, recipient }: KeyParts): string {
  const key = `${trigger}:${condition}:${service}:${recipient}`
  return oncePer === '' ? key : `${oncePer}:${key}`
}

/** The value of an annotation; null removes it. */
export function written(state: SentState | UnderWayState): string | null {
  const entries = Object.entries(state)
  if (entries.length === 0) return null
  return JSON.stringify(Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))))
}

export function shortened(state: SentState, holds: ReadonlySet<string>): SentState {
  const entries = Object.entries(state)
  if (entries.length <= longestHistory) return state
  const [kept, others] = [true, false].map((isHeld) => entries.filter(([key]) => holds.has(key) === isHeld))
  const newest = (others ?? []).sort(([, a], [, b]) => b - a)
  return Object.fromEntries([...(kept ?? []), ...newest.slice(0, Math.max(0, longestHistory - (kept?.length ?? 0)))])
}
