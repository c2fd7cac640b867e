/** One watch: which changes of a resource reach a client, as which events, in which text. */
import type { Resource } from '../discovery/resource.ts'
import type { Cluster } from '../lifecycle/cluster.ts'
import { presented } from '../lifecycle/convert.ts'
import { matches } from '../lifecycle/read.ts'
import type { KubeObject } from '../object.ts'
import type { Change } from '../store/change.ts'
import type { FieldRequirement } from '../store/field-selector.ts'
import type { Requirement } from '../store/label-selector.ts'

export interface WatchRequest {
  resource: Resource
  namespace?: string
  labels: Requirement[]
  fields: FieldRequirement[]
  /** '' or '0': begin with what there is. */
  resourceVersion: string
  timeoutSeconds: number
  bookmarks: boolean
  /** As the request gave it; true sends the present state and a bookmark that says so. */
  sendInitialEvents?: boolean
}

export interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'
  object: KubeObject
}

/** The event that a change is to a watcher with these selectors; undefined when it does not concern it. */
export function eventOf(cluster: Cluster, change: Change, watch: WatchRequest): WatchEvent | undefined {
  const object = presented(cluster, watch.resource, change.object)
  const before = change.before && presented(cluster, watch.resource, change.before)
  if (watch.namespace !== undefined && object.metadata.namespace !== watch.namespace) return undefined
  if (watch.labels.length === 0 && watch.fields.length === 0) return { type: change.type, object }
  const matched = before !== undefined && matches(before, watch.labels, watch.fields)
  if (change.type === 'DELETED') return matched ? { type: 'DELETED', object } : undefined
  const isMatch = matches(object, watch.labels, watch.fields)
  if (isMatch) return { type: matched ? 'MODIFIED' : 'ADDED', object }
  return matched ? { type: 'DELETED', object: lastMatch(before, object) } : undefined
}

/** The object as it last matched, with the revision of the change that ended it. */
function lastMatch(before: KubeObject, after: KubeObject): KubeObject {
  return { ...before, metadata: { ...before.metadata, resourceVersion: after.metadata.resourceVersion } }
}

export interface Watcher {
  stop(): void
}

/** Longest time between bookmarks; the real server sends one a minute and one two seconds before the end. */
const bookmarkEvery = 60_000

function bookmark(watch: WatchRequest, revision: number, annotations?: Record<string, string>): WatchEvent {
  const { kind, group, version } = watch.resource
  const metadata = { resourceVersion: String(revision), ...(annotations && { annotations }) }
  return { type: 'BOOKMARK', object: { kind, apiVersion: group ? `${group}/${version}` : version, metadata } }
}

function tooOld(revision: string, oldest: number): WatchEvent {
  const message = `too old resource version: ${revision} (${oldest})`
  const object = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason: 'Expired',
    code: 410,
  }
  return { type: 'ERROR', object }
}

/** Where a watch's events go: `send` gets one line an event, `end` is called when the watch is over by itself. */
export interface WatchClient {
  textOf(object: KubeObject, isBookmark: boolean): string
  send(line: string): void
  end(): void
}

export function startWatch(cluster: Cluster, watch: WatchRequest, client: WatchClient): Watcher {
  const bucket = cluster.store.bucket(watch.resource.bucket)
  const send = ({ type, object }: WatchEvent) => {
    const text = type === 'ERROR' ? JSON.stringify(object) : client.textOf(object, type === 'BOOKMARK')
    client.send(`{"type":"${type}","object":${text}}\n`)
  }
  const asked = Number(watch.resourceVersion || 0)
  const fromNow = asked === 0 || watch.sendInitialEvents === true
  if (!fromNow && asked < bucket.compacted) {
    send(tooOld(watch.resourceVersion, bucket.compacted))
    client.end()
    return { stop() {} }
  }
  if (fromNow && watch.sendInitialEvents !== false) {
    for (const stored of bucket.list(watch.namespace)) {
      const object = presented(cluster, watch.resource, stored)
      if (matches(object, watch.labels, watch.fields)) send({ type: 'ADDED', object })
    }
    if (watch.sendInitialEvents && watch.bookmarks) {
      send(bookmark(watch, cluster.store.revision, { 'k8s.io/initial-events-end': 'true' }))
    }
  } else {
    for (const change of bucket.since(asked)) {
      const event = eventOf(cluster, change, watch)
      if (event) send(event)
    }
  }
  const stopListening = bucket.listen((change) => {
    const event = change.revision > asked && eventOf(cluster, change, watch)
    if (event) send(event)
  })
  const timers = watchTimers(watch, { bookmark: () => send(bookmark(watch, cluster.store.revision)), end })
  function stop(): void {
    stopListening()
    for (const timer of timers) clearTimeout(timer)
  }
  function end(): void {
    stop()
    client.end()
  }
  return { stop }
}

function watchTimers(watch: WatchRequest, on: { bookmark(): void; end(): void }): NodeJS.Timeout[] {
  const total = watch.timeoutSeconds * 1000
  const timers = [setTimeout(on.end, total)]
  if (watch.bookmarks) {
    timers.push(setInterval(on.bookmark, bookmarkEvery))
    if (total > 2000) timers.push(setTimeout(on.bookmark, total - 2000))
  }
  return timers
}
