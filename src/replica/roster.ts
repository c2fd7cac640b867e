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

export class Roster {
  readonly #firstAt: number
  readonly #durationMs: number
  readonly #seen = new Map<string, Seen>()
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
  isLive(holder: string): boolean {
    const { identity, generation } = readHolder(holder)
    const seen = this.#seen.get(identity)
    // It may be there without its Lease having been seen so far.
    if (!seen) return this.#knownUpTo - this.#firstAt < this.#durationMs
    return this.#counts(seen) && seen.generation <= generation
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
