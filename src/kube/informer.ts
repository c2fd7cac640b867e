/** Follows one kind: a list, then a watch from there, for ever, through disconnects, expiries and restarts. */
import type { KubeObject } from '../model/index.ts'
import { backoff, type Clock, systemClock } from './clock.ts'
import type { ApiResource, KubeClient, ListOptions } from './kube-client.ts'
import { Expired, KubeError } from './kube-error.ts'
import { type ObjectStore, type ObjectStoreOptions, openObjectStore, type Stored, storeKey } from './object-store.ts'
import { isNewer } from './resource-version.ts'
import type { WatchEvent } from './watch-event.ts'

export type InformerState =
  | { status: 'syncing' }
  | { status: 'synced' }
  /** `listed`: what is kept is what was last known. `since` in milliseconds since the epoch; `code` as in KubeError. */
  | { status: 'failing'; message: string; code: number; since: number; listed: boolean }

export interface InformerOptions<Item extends Stored> extends ObjectStoreOptions<Item> {
  client: KubeClient
  resource: ApiResource
  /** All namespaces without it. */
  namespace?: string
  fieldSelector?: string
  metadataOnly?: boolean
  /** Objects a page of a list. */
  pageSize?: number
  onState?: (state: InformerState) => void
  /** Limits how many lists run at once, when there are many informers. */
  turn?: <Result>(task: () => Promise<Result>) => Promise<Result>
  clock?: Clock
  random?: () => number
}

export interface Informer<Item extends Stored> extends Pick<ObjectStore<Item>, 'items' | 'put' | 'forget'> {
  readonly resource: ApiResource
  state(): InformerState
  /** Forgets everything (telling so) when `clear`; otherwise leaves what is kept in place. */
  stop(options?: { clear: boolean }): Promise<void>
}

/** How long a watch lasts at least, in seconds; up to twice that, so that not all end at once. */
const watchSeconds = 300
/** A kind that we may not read is asked for again this often: somebody may grant it. */
const forbiddenRetryMs = 5 * 60_000
/** Longest pauses: a cluster that comes back shall be seen soon, one that refuses shall not be pestered. */
const mostUnreachableMs = 5_000
const mostRefusedMs = 30_000

export function inform<Item extends Stored>(options: InformerOptions<Item>): Informer<Item> {
  const {
    client,
    resource,
    namespace,
    fieldSelector,
    metadataOnly,
    clock = systemClock,
    random = Math.random,
  } = options
  const { turn = (task) => task(), onState } = options
  const store = openObjectStore(options)
  const stopping = new AbortController()
  const scope: ListOptions = { namespace, fieldSelector, metadataOnly, signal: stopping.signal, attempts: 1 }
  let state: InformerState = { status: 'syncing' }
  /** Everything up to here is in the store; undefined: a list is needed. */
  let version: string | undefined
  /** The server went back in time: the versions we know mean nothing to it. */
  let fresh = false
  /** A connection broke: the server that answers next may be another one. */
  let suspicious = false
  let identity: string | undefined
  let failures = 0
  let expiries = 0
  let listed = false

  function become(next: InformerState): void {
    const same = next.status === state.status && next.status !== 'failing'
    state = next
    if (!same) onState?.(state)
  }

  function relist(options = { fresh: false }): void {
    version = undefined
    fresh ||= options.fresh
  }

  async function list(limit?: number): Promise<void> {
    const answering = await client.identity()
    if (listed && answering !== identity) relist({ fresh: true })
    identity = answering
    const listing = store.startList({ fresh })
    try {
      for await (const page of client.pages(resource, { ...scope, limit })) {
        for (const object of page.items) listing.add(object)
        if (!page.last) continue
        listing.finish(page.resourceVersion)
        version = page.resourceVersion
        fresh = false
      }
    } catch (error) {
      // The snapshot was forgotten between two pages: in one piece it cannot be.
      if (!(error instanceof Expired) || limit === 0) throw error
      await list(0)
    }
  }

  /** Is the server that we follow the one we knew, and as far as it was? Two small requests tell, and save a list. */
  async function probe(known: string): Promise<void> {
    if ((await client.identity()) !== identity) return relist({ fresh: true })
    if (!suspicious) return
    for await (const { resourceVersion, items } of client.pages(resource, { ...scope, limit: 1, metadataOnly: true })) {
      const [object] = items
      const kept = object && store.items.get(storeKey(object.metadata))
      const unchanged = object && !isNewer(object.metadata.resourceVersion ?? '', known)
      const other = unchanged ? kept?.uid !== object.metadata.uid : !object && store.items.size > 0
      if (other || isNewer(known, resourceVersion)) relist({ fresh: true })
      break
    }
    suspicious = false
  }

  async function follow(from: string): Promise<void> {
    const ending = new AbortController()
    const { signal } = ending
    stopping.signal.addEventListener('abort', () => ending.abort(), { signal })
    const started = clock.now()
    const timeoutSeconds = Math.round(watchSeconds * (1 + random()))
    try {
      const events = await client.watch(resource, { ...scope, resourceVersion: from, timeoutSeconds, signal })
      // Asked while the watch is open: were it another server afterwards, the watch would break.
      await probe(from)
      if (version === undefined) return
      become({ status: 'synced' })
      for await (const event of events) if (!heed(event)) return relist({ fresh: true })
    } finally {
      ending.abort()
    }
    if (clock.now() - started < timeoutSeconds * 900) suspicious = true
  }

  /** False when the event shows that the server went back in time. */
  function heed(event: WatchEvent): boolean {
    wentWell()
    const seen = event.type === 'BOOKMARK' ? event.resourceVersion : (event.object.metadata.resourceVersion ?? '')
    if (event.type === 'DELETED') store.remove(event.object)
    else if (event.type === 'BOOKMARK' ? isNewer(version ?? '', seen) : !arrived(event.object)) return false
    if (isNewer(seen, version ?? '')) version = seen
    return true
  }

  /** False when the object shows that the server went back in time. */
  function arrived(object: KubeObject): boolean {
    const { uid, resourceVersion = '' } = object.metadata
    if (isNewer(resourceVersion, version ?? '')) {
      store.put(object)
      return true
    }
    // A repetition of what we know is harmless.
    const kept = store.items.get(storeKey(object.metadata))
    return kept?.uid === uid && kept !== undefined && !isNewer(resourceVersion, kept.resourceVersion)
  }

  /** The answer to a write of ours may come when the watch has already told that the object was deleted since. */
  function put(object: KubeObject): void {
    const { resourceVersion = '' } = object.metadata
    const told = version !== undefined && !isNewer(resourceVersion, version)
    if (told && !store.items.has(storeKey(object.metadata))) return
    store.put(object)
  }

  async function step(): Promise<void> {
    if (version === undefined) {
      await turn(() => list(options.pageSize))
      listed = true
      suspicious = false
      become({ status: 'synced' })
    }
    if (version !== undefined) await follow(version)
  }

  function pauseAfter(error: unknown): number {
    if (error instanceof Expired) {
      relist()
      // One is everyday life; it is a failure when what was listed just now has expired, too.
      if (++expiries === 1) return 0
    }
    const { message, code, retryAfterMs } = asKubeError(error)
    if (code === 0) suspicious = true
    const since = state.status === 'failing' ? state.since : clock.now()
    become({ status: 'failing', message, code, since, listed })
    if (code === 403) return forbiddenRetryMs * (0.75 + random() / 2)
    const most = code === 0 ? mostUnreachableMs : mostRefusedMs
    return retryAfterMs ?? backoff(failures, { first: 200, most, random })
  }

  function wentWell(): void {
    failures = 0
    expiries = 0
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const started = clock.now()
      let pause = 0
      try {
        await step()
        // A server that ends every watch at once must not be asked in a tight circle.
        if (clock.now() - started < 1_000) pause = backoff(failures++, { first: 50, most: 10_000, random })
        else wentWell()
      } catch (error) {
        if (stopping.signal.aborted) return
        pause = pauseAfter(error)
        failures++
      }
      if (pause > 0) await clock.sleep(pause, stopping.signal)
    }
  }

  const running = run().catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error
  })

  return {
    resource,
    items: store.items,
    put,
    forget: store.forget,
    state: () => state,
    async stop({ clear } = { clear: false }) {
      stopping.abort()
      await running
      if (clear) store.clear()
    },
  }
}

function asKubeError(error: unknown): KubeError {
  return error instanceof KubeError ? error : new KubeError(String(error), { code: 0, reason: 'Unknown', cause: error })
}
