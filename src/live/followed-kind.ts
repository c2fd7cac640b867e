/** One kind of the objects that steer Tiphys: in the control namespace, and in others as far as they are permitted. */
import type { Clock } from '../kube/clock.ts'
import { type Informer, inform } from '../kube/informer.ts'
import type { ApiResource, KubeClient } from '../kube/kube-client.ts'
import type { StoreChange, Stored } from '../kube/object-store.ts'
import type { KubeObject } from '../model/index.ts'

/** One stored version of an object, as it passes by; a deleted one as it was last. */
export interface ObjectEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED'
  object: KubeObject
}

export interface FollowOptions {
  client: KubeClient
  clock: Clock
  /** The control namespace. */
  namespace: string
  resource: ApiResource
  fieldSelector?: string
  onEvent: (event: ObjectEvent) => void
  matchesNamespace: (patterns: string[], namespace: string) => boolean
}

export interface FollowedKind {
  readonly kind: string
  informers(): Informer<Kept>[]
  all(): KubeObject[]
  find(namespace: string, name: string): KubeObject | undefined
  /** An object as the server gave it back for a write of ours. */
  put(object: KubeObject): void
  /** An object that a delete of ours has removed. */
  forget(object: KubeObject): void
  /** Patterns of the namespaces, besides the control namespace, whose objects count. */
  permit(patterns: string[]): void
}

interface Kept extends Stored {
  object: KubeObject
}

export function followKind(options: FollowOptions): FollowedKind {
  const { namespace: home, onEvent, matchesNamespace } = options
  let permitted: string[] = []
  const own = follow(home, onEvent)
  /** By namespace; the one of '' follows all. */
  const others = new Map<string, Informer<Kept>>()

  function follow(scope: string, tell: (event: ObjectEvent) => void): Informer<Kept> {
    const { client, clock, resource, fieldSelector } = options
    return inform<Kept>({
      client,
      clock,
      resource,
      fieldSelector,
      ...(scope && { namespace: scope }),
      keep: withoutManagers,
      onChange: (change) => {
        for (const event of eventsOf(change)) tell(event)
      },
    })
  }

  function isPermitted({ metadata: { namespace = '' } }: KubeObject): boolean {
    return namespace !== home && matchesNamespace(permitted, namespace)
  }

  function tellPermitted(event: ObjectEvent): void {
    if (isPermitted(event.object)) onEvent(event)
  }

  function informerOf(namespace: string): Informer<Kept> | undefined {
    return namespace === home ? own : (others.get(namespace) ?? others.get(''))
  }

  function elsewhere(): KubeObject[] {
    return [...others.values()].flatMap(objectsOf).filter(isPermitted)
  }

  /** Names are followed one by one, which needs no rights beyond them; a pattern means all namespaces. */
  function followOthers(): void {
    const named = permitted.filter((pattern) => pattern !== home)
    const wanted = named.every((pattern) => /^[a-z0-9-]+$/.test(pattern)) ? named : ['']
    for (const scope of wanted) if (!others.has(scope)) others.set(scope, follow(scope, tellPermitted))
    for (const [scope, informer] of others) {
      if (wanted.includes(scope)) continue
      others.delete(scope)
      void informer.stop()
    }
  }

  return {
    kind: options.resource.kind,
    informers: () => [own, ...others.values()],
    all: () => [...objectsOf(own), ...elsewhere()],
    find(namespace, name) {
      const object = informerOf(namespace)?.items.get(`${namespace}/${name}`)?.object
      return object && (namespace === home || isPermitted(object)) ? object : undefined
    },
    put: (object) => informerOf(object.metadata.namespace ?? '')?.put(object),
    forget({ metadata: { namespace = '', name, uid } }) {
      informerOf(namespace)?.forget({ namespace, name }, uid)
    },
    permit(patterns) {
      const before = new Set(elsewhere())
      permitted = patterns
      followOthers()
      const after = new Set(elsewhere())
      for (const object of before) if (!after.has(object)) onEvent({ type: 'DELETED', object })
      for (const object of after) if (!before.has(object)) onEvent({ type: 'ADDED', object })
    },
  }
}

function objectsOf({ items }: Informer<Kept>): KubeObject[] {
  return [...items.values()].map(({ object }) => object)
}

/** managedFields of an Application with a long status are larger than the rest of it. */
function withoutManagers(object: KubeObject): Kept {
  const { managedFields: _managedFields, ...metadata } = object.metadata
  const { uid = '', resourceVersion = '' } = metadata
  return { uid, resourceVersion, object: { ...object, metadata } }
}

function eventsOf({ previous, current }: StoreChange<Kept>): ObjectEvent[] {
  if (current && previous?.uid === current.uid) return [{ type: 'MODIFIED', object: current.object }]
  // Deleted and made anew while nobody watched.
  return [
    ...(previous ? [{ type: 'DELETED', object: previous.object } as const] : []),
    ...(current ? [{ type: 'ADDED', object: current.object } as const] : []),
  ]
}
