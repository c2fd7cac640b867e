/** Follows one kind, by metadata or in full, in all namespaces or in some, and changes between these on the fly. */

import type { Clock } from '../kube/clock.ts'
import { type Informer, type InformerState, inform } from '../kube/informer.ts'
import type { ApiResource, KubeClient } from '../kube/kube-client.ts'
import { type StoreChange, storeKey } from '../kube/object-store.ts'
import type { KubeObject } from '../model/index.ts'
import type { PackedObject } from './live-object.ts'

export interface KindWatchOptions {
  client: KubeClient
  /** Empty: all, and cluster-scoped objects. */
  namespaces: string[]
  clock: Clock
  turn: <Result>(task: () => Promise<Result>) => Promise<Result>
  keep: (object: KubeObject, detail: { full: boolean; previous: PackedObject | undefined }) => PackedObject
  onChange: (change: StoreChange<PackedObject>) => void
  onState: () => void
}

export interface KindWatch {
  readonly resource: ApiResource
  readonly full: boolean
  /** The worst of its informers. */
  state(): InformerState
  readonly size: number
  get(namespace: string, name: string): PackedObject | undefined
  /** Follows another version of the kind, or in more detail, without a moment in which nothing is known. */
  change(next: { resource?: ApiResource; full?: boolean }): void
  /** Resolves when what was asked for last is listed or has failed. */
  settled(): Promise<InformerState>
  put(object: KubeObject): void
  forget(name: { namespace: string; name: string }, uid?: string): void
  stop(options: { clear: boolean }): Promise<void>
}

type Informers = Map<string, Informer<PackedObject>>

interface Following {
  resource: ApiResource
  full: boolean
  informers: Informers
}

export function watchKind(first: { resource: ApiResource; full: boolean }, options: KindWatchOptions): KindWatch {
  const { client, namespaces, clock, turn, keep } = options
  const waiting: ((state: InformerState) => void)[] = []
  let current = follow(first)
  /** Takes over when it has listed everything. */
  let next: Following | undefined
  let stopped = false

  function follow({ resource, full }: { resource: ApiResource; full: boolean }): Following {
    const following: Following = { resource, full, informers: new Map() }
    const scopes = resource.namespaced && namespaces.length > 0 ? namespaces : ['']
    for (const namespace of scopes) {
      const informer = inform<PackedObject>({
        client,
        clock,
        turn,
        resource,
        namespace: namespace || undefined,
        metadataOnly: !full,
        keep: (object, previous) => keep(object, { full, previous }),
        onChange: (change) => {
          if (following === current) options.onChange(change)
        },
        onState: () => onState(following),
      })
      following.informers.set(namespace, informer)
    }
    return following
  }

  function onState(following: Following): void {
    if (following === next && stateOf(next).status === 'synced') takeOver(next)
    options.onState()
    const state = stateOf(next ?? current)
    if (state.status === 'syncing') return
    for (const resolve of waiting.splice(0)) resolve(state)
  }

  function takeOver(successor: Following): void {
    const before = current
    current = successor
    next = undefined
    void stopAll(before)
    const old = new Map([...before.informers.values()].flatMap((informer) => [...informer.items]))
    for (const informer of successor.informers.values())
      for (const [key, item] of informer.items) {
        const previous = old.get(key)
        old.delete(key)
        options.onChange({ previous, current: item })
      }
    for (const previous of old.values()) options.onChange({ previous })
  }

  function stopAll({ informers }: Following, clear = false) {
    return Promise.all([...informers.values()].map((informer) => informer.stop({ clear })))
  }

  function informerOf({ informers }: Following, namespace: string): Informer<PackedObject> | undefined {
    return informers.get('') ?? informers.get(namespace)
  }

  return {
    get resource() {
      return current.resource
    },
    get full() {
      return (next ?? current).full
    },
    state: () => stateOf(current),
    get size() {
      return [...current.informers.values()].reduce((sum, { items }) => sum + items.size, 0)
    },
    get: (namespace, name) => informerOf(current, namespace)?.items.get(storeKey({ namespace, name })),
    change(wanted) {
      const { resource, full } = next ?? current
      if (stopped || ((wanted.resource ?? resource) === resource && (wanted.full ?? full) === full)) return
      if (next) void stopAll(next)
      next = follow({ resource: wanted.resource ?? resource, full: wanted.full ?? full })
    },
    settled() {
      const state = stateOf(next ?? current)
      if (state.status !== 'syncing') return Promise.resolve(state)
      return new Promise((resolve) => waiting.push(resolve))
    },
    put(object) {
      for (const following of [current, next])
        if (following) informerOf(following, object.metadata.namespace ?? '')?.put(object)
    },
    forget(name, uid) {
      for (const following of [current, next]) if (following) informerOf(following, name.namespace)?.forget(name, uid)
    },
    async stop({ clear }) {
      stopped = true
      const gone = { message: 'the kind is gone', code: 404, listed: false }
      const ended: InformerState = { status: 'failing', since: clock.now(), ...gone }
      for (const resolve of waiting.splice(0)) resolve(ended)
      if (next) await stopAll(next)
      await stopAll(current, clear)
    },
  }
}

function stateOf({ informers }: Following): InformerState {
  const states = [...informers.values()].map((informer) => informer.state())
  const failing = states.find(({ status }) => status === 'failing')
  return failing ?? states.find(({ status }) => status === 'syncing') ?? { status: 'synced' }
}
