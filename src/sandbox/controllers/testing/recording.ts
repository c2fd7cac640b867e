/** The recordings of real controllers, and how an outcome is made comparable with one. */
import { readFileSync } from 'node:fs'
import type { KubeObject } from '../../object.ts'

export interface RecordedEvent {
  kind: string
  type: string
  reason: string
  message: string
  component: string
}

/** A file of fixtures/: its shape is the recording's own. */
export function recording<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8')) as T
}

const drawn = 'bcdfghjklmnpqrstvwxz2456789'

/** Names that the controllers draw or hash, as one word for all. */
export function withoutHashes(text: string): string {
  return text
    .replace(new RegExp(`\\b([a-z]+)-[${drawn}]{6,10}(-[${drawn}0-9a-f]{5}|-<suffix>)?`, 'g'), (_, name, pod) =>
      pod ? `${name}-HASH-POD` : `${name}-HASH`,
    )
    .replace(new RegExp(`\\b([a-z]+)-([${drawn}0-9a-f]{5}|<suffix>)(?![a-z0-9])`, 'g'), '$1-POD')
}

/** `value` without the named fields, at any depth, and with names of drawn letters made equal. */
export function comparable<T>(value: T, ignored: readonly string[]): T {
  return JSON.parse(JSON.stringify(value), (key, inner: unknown) => {
    if (ignored.includes(key)) return undefined
    return typeof inner === 'string' ? withoutHashes(inner) : inner
  }) as T
}

/** Events as the recordings tell them, in their order. */
export function toldOf(events: KubeObject[]): RecordedEvent[] {
  const told = events.map((event) => ({
    kind: String((event.involvedObject as KubeObject).kind),
    type: String(event.type),
    reason: String(event.reason),
    message: withoutHashes(String(event.message)),
    component: String((event.source as { component: string }).component),
  }))
  return sortEvents(told)
}

export function sortEvents(events: RecordedEvent[]): RecordedEvent[] {
  const text = (event: RecordedEvent) => JSON.stringify([event.kind, event.reason, withoutHashes(event.message)])
  return events
    .map((event) => ({ ...event, message: withoutHashes(event.message) }))
    .sort((a, b) => (text(a) < text(b) ? -1 : 1))
}
