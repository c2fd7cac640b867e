/** core/v1 Events as controllers and kubelets emit them: repeated ones counted, all of them bounded. */
import type { KubeObject } from '../object.ts'
import { type Clock, timestamp } from './clock.ts'
import type { ControllerClient, Reference } from './controller.ts'

export interface EventText {
  type?: 'Normal' | 'Warning'
  reason: string
  message: string
  /** Such as `spec.containers{web}`. */
  fieldPath?: string
  /** The node that reports it. */
  host?: string
}

export interface EventRecorder {
  /** Tells that something happened to `object`; never throws, since an event is a courtesy. */
  record(component: string, object: KubeObject, text: EventText): void
  stop(): void
}

export interface EventLimits {
  /** How many Events are kept in all; the oldest go first. */
  kept: number
  /** How many may come at once, and how many more each second: beyond that they are dropped, as client-go does. */
  burst: number
  perSecond: number
}

const defaultLimits: EventLimits = { kept: 2_000, burst: 500, perSecond: 20 }
/** As long as the API server's --event-ttl. */
const lifetimeMs = 3_600_000

export const events = { group: '', version: 'v1', resource: 'events' }

interface Kept {
  reference: Reference
  seen: number
}

function tokenBucket(clock: Clock, { burst, perSecond }: EventLimits): () => boolean {
  let tokens = burst
  let last = clock.now()
  return () => {
    tokens = Math.min(burst, tokens + ((clock.now() - last) / 1000) * perSecond)
    last = clock.now()
    if (tokens < 1) return false
    tokens -= 1
    return true
  }
}

function involved(object: KubeObject, fieldPath: string | undefined) {
  const { name, namespace, uid, resourceVersion } = object.metadata
  return {
    kind: object.kind,
    ...(namespace !== undefined && { namespace }),
    name,
    uid,
    apiVersion: object.apiVersion,
    resourceVersion,
    ...(fieldPath !== undefined && { fieldPath }),
  }
}

function eventOf(component: string, object: KubeObject, text: EventText & { name: string; now: string }): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: text.name, namespace: object.metadata.namespace ?? 'default' },
    involvedObject: involved(object, text.fieldPath),
    reason: text.reason,
    message: text.message,
    source: { component, ...(text.host !== undefined && { host: text.host }) },
    firstTimestamp: text.now,
    lastTimestamp: text.now,
    count: 1,
    type: text.type ?? 'Normal',
    eventTime: null,
    reportingComponent: component,
    reportingInstance: text.host ?? '',
  }
}

function seenAt(event: KubeObject): number {
  const last = event.lastTimestamp ?? event.metadata.creationTimestamp
  return typeof last === 'string' ? Date.parse(last) : 0
}

class Recorder implements EventRecorder {
  readonly #client: ControllerClient
  readonly #clock: Clock
  readonly #limits: EventLimits
  readonly #allowed: () => boolean
  /** By what makes two events the same one; in order of age. */
  readonly #kept = new Map<string, Kept>()
  #sequence = 0
  #cancelExpiry: (() => void) | undefined

  constructor(client: ControllerClient, clock: Clock, limits: EventLimits) {
    this.#client = client
    this.#clock = clock
    this.#limits = limits
    this.#allowed = tokenBucket(clock, limits)
    const old = client.list(events).sort((a, b) => seenAt(a) - seenAt(b))
    for (const event of old) {
      const { namespace, name = '' } = event.metadata
      this.#kept.set(`${namespace}/${name}`, { reference: { ...events, namespace, name }, seen: seenAt(event) })
    }
    this.#trim()
  }

  record(component: string, object: KubeObject, text: EventText): void {
    const key = JSON.stringify([component, object.metadata.uid, text.type, text.reason, text.message, text.fieldPath])
    if (!this.#allowed()) return
    try {
      if (!this.#countAgain(key)) this.#create(component, object, { key, text })
      this.#trim()
    } catch {
      // The namespace may be going or the object gone: nobody is left to read it
    }
  }

  stop(): void {
    this.#cancelExpiry?.()
  }

  #countAgain(key: string): boolean {
    const kept = this.#kept.get(key)
    const event = kept && this.#client.get(kept.reference)
    if (!event) return false
    const now = this.#clock.now()
    const count = Number(event.count ?? 1) + 1
    this.#client.update(events, { ...event, count, lastTimestamp: timestamp(now) })
    this.#kept.delete(key)
    this.#kept.set(key, { ...kept, seen: now })
    return true
  }

  #create(component: string, object: KubeObject, { key, text }: { key: string; text: EventText }): void {
    const now = this.#clock.now()
    this.#sequence += 1
    const suffix = (BigInt(now) * 1_000_000n + BigInt(this.#sequence)).toString(16)
    const name = `${object.metadata.name}.${suffix}`
    const event = eventOf(component, object, { ...text, name, now: timestamp(now) })
    this.#client.create(events, event)
    this.#kept.set(key, { reference: { ...events, namespace: event.metadata.namespace, name }, seen: now })
  }

  #trim(): void {
    const oldestAllowed = this.#clock.now() - lifetimeMs
    for (const [key, { reference, seen }] of this.#kept) {
      if (this.#kept.size <= this.#limits.kept && seen > oldestAllowed) break
      this.#kept.delete(key)
      this.#remove(reference)
    }
    this.#expireLater()
  }

  #remove(reference: Reference): void {
    try {
      this.#client.delete(reference)
    } catch {
      // Gone already, with its namespace or by hand
    }
  }

  #expireLater(): void {
    const [oldest] = this.#kept.values()
    if (!oldest || this.#cancelExpiry) return
    this.#cancelExpiry = this.#clock.after(oldest.seen + lifetimeMs - this.#clock.now(), () => {
      this.#cancelExpiry = undefined
      this.#trim()
    })
  }
}

export function eventRecorder(
  client: ControllerClient,
  clock: Clock,
  limits: Partial<EventLimits> = {},
): EventRecorder {
  return new Recorder(client, clock, { ...defaultLimits, ...limits })
}
