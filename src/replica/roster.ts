/** What has been seen of the Leases of all replicas, and which of them may still be at work. */
import type { KubeObject } from '../model/index.ts'
import { type LeaseText, readLease } from './lease-object.ts'

interface Seen extends LeaseText {
  /** Of the object, as the cluster has it. */
  version: string
  uid: string
  /** When it was first seen like this, by a clock that nobody can set. */
  since: number
}

/** More were never there; they are notes of one that has gone, or of somebody's pen. */
const mostUnseen = 1000

export class Roster {
  readonly #firstAt: number
  readonly #durationMs: number
  readonly #seen = new Map<string, Seen>()
  /** Under which names others have begun something before their Lease was seen, and when that was first noticed. */
  readonly #unseen = new Map<string, number>()
  /** Up to then we know what happened: nobody has lost a Lease only because we have not looked. */
  #knownUpTo: number

  constructor({ now, durationMs }: { now: number; durationMs: number }) {
    this.#firstAt = now
    this.#knownUpTo = now
    this.#durationMs = durationMs
  }

  /**
   * Takes a list of all Leases, and when it was asked for and answered. Other machines' clocks do not matter: what counts
   * is how long we have seen no change.
   */
  take(objects: KubeObject[], { asked, answered }: { asked: number; answered: number }): void {
    this.#knownUpTo = asked
    if (this.#unseen.size > mostUnseen) this.#unseen.clear()
    for (const object of objects) {
      const lease = readLease(object)
      if (!lease) continue
      const { resourceVersion: version = '', uid = '' } = object.metadata
      const known = this.#seen.get(lease.identity)
      const since = known?.version === version ? known.since : answered
      this.#seen.set(lease.identity, { ...lease, version, uid, since })
    }
    // One that has vanished may be held by a process that does not know it yet: it counts until it would have ended.
    const present = new Set(objects.flatMap((object) => readLease(object)?.identity ?? []))
    for (const [identity, seen] of this.#seen) {
      if (!present.has(identity) && asked - seen.since >= this.#durationMs) this.#seen.delete(identity)
    }
  }

  /** Those that take part in a role, in order. */
  live(role: string): string[] {
    const live = [...this.#seen.values()].filter((seen) => this.#counts(seen) && seen.roles.includes(role))
    return live.map(({ identity }) => identity).sort()
  }

  /** Whether what was begun under this name may still be going on. */
  isLive(holder: string, now: number): boolean {
    const { identity, generation } = readHolder(holder)
    const seen = this.#seen.get(identity)
    if (seen && seen.generation >= generation) return seen.generation === generation && this.#counts(seen)
    // Nothing is begun before the Lease is written: who is there is in the next list.
    const noticed = this.#unseen.get(holder) ?? now
    this.#unseen.set(holder, noticed)
    if (noticed >= this.#knownUpTo) return true
    return !seen && this.#knownUpTo - this.#firstAt < this.#durationMs
  }

  /** How many names are waited for in the next list. */
  awaited(): number {
    return [...this.#unseen.values()].filter((noticed) => noticed >= this.#knownUpTo).length
  }

  /** Nobody holds them any longer. */
  forgotten({ lostMs, releasedMs }: { lostMs: number; releasedMs: number }): Omit<Seen, 'since'>[] {
    const isOver = ({ since, released }: Seen) => this.#knownUpTo - since >= (released ? releasedMs : lostMs)
    return [...this.#seen.values()].filter(isOver)
  }

  #counts({ released, since }: Seen): boolean {
    return !released && this.#knownUpTo - since < this.#durationMs
  }
}

/** How a replica is named in what it has begun. */
export function holderName({ identity, generation }: Pick<LeaseText, 'identity' | 'generation'>): string {
  return `${identity}/${generation}`
}

function readHolder(holder: string): { identity: string; generation: number } {
  const [identity = '', generation] = holder.split('/')
  return { identity, generation: Number(generation) || 0 }
}
