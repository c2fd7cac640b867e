/** This replica among the others: keeps its own Lease, sees those of the others, and says what is whose. */
import { systemClock } from '../kube/clock.ts'
import type { KubeClient } from '../kube/kube-client.ts'
import { isNotFound } from '../kube/kube-error.ts'
import { messageOf } from '../model/index.ts'
import { isOfSameHost } from './identity.ts'
import { leaseObject, leaseTarget, readLease } from './lease-object.ts'
import { listLeases } from './list-leases.ts'
import { longest, type Moment, systemMoment } from './moment.ts'
import { ownerOf } from './rendezvous.ts'
import { holderName, Roster } from './roster.ts'

/** What one role sees of it. */
export interface Share {
  /** By the Leases of those that are live; never while we cannot be sure of our own. */
  isOurs(name: string): boolean
  /** As what is begun now is on record; undefined: nothing may be begun, and nothing that is under way may go on. */
  holder(): string | undefined
  /** Whether what was begun under this name may still be going on, here or elsewhere. */
  isLive(holder: string): boolean
  /** Told when something may belong to somebody else now. The answer ends it. */
  onChange(listener: () => void): () => void
}

export interface MembershipOptions {
  client: KubeClient
  namespace: string
  /** A part of a name in Kubernetes; another one for each process. */
  identity: string
  /** No two processes have the name of this host at a time, as in a Pod: who had it before has ended. */
  aloneOnHost?: boolean
  roles: readonly string[]
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void }
  moment?: () => Moment
  sleep?: (ms: number, signal: AbortSignal) => Promise<void>
}

export interface Membership {
  share(role: string): Share
  /** Gives the Lease up: others take over at once. */
  close(): Promise<void>
}

/** Others take over when they have seen no renewal for so long. */
const leaseMs = 10_000
/** So long after it began its last renewal a replica believes that it has its Lease: well before others take over. */
const sureMs = 6_000
const intervalMs = 2_000
const answerMs = 2_000
/** A Lease that nobody has renewed for so long is cleared away; one that was given up sooner. */
const forgottenMs = 60_000

/** Rejects when the first Lease cannot be written. */
export async function joinReplicas(options: MembershipOptions): Promise<Membership> {
  const membership = new LeaseMembership(options)
  await membership.begin()
  return membership
}

class LeaseMembership implements Membership {
  readonly #options: MembershipOptions
  readonly #moment: () => Moment
  readonly #roster: Roster
  readonly #listeners = new Set<() => void>()
  readonly #stopping = new AbortController()
  readonly #owners = new Map<string, string | undefined>()
  #generation = 1
  #renewedAt: Moment | undefined
  #told = ''
  #running: Promise<void> = Promise.resolve()

  constructor(options: MembershipOptions) {
    this.#options = options
    this.#moment = options.moment ?? systemMoment
    this.#roster = new Roster({ now: this.#moment().steady, durationMs: leaseMs })
  }

  async begin(): Promise<void> {
    if (this.#options.aloneOnHost) await this.#succeed()
    await this.#renew()
    this.#running = this.#run()
  }

  share(role: string): Share {
    return {
      isOurs: (name) => this.holder() !== undefined && this.#ownerOf(role, name) === this.#options.identity,
      holder: () => this.holder(),
      isLive: (holder) => holder === this.holder() || this.#roster.isLive(holder, this.#moment().steady),
      onChange: (listener) => {
        this.#listeners.add(listener)
        return () => void this.#listeners.delete(listener)
      },
    }
  }

  holder(): string | undefined {
    const { identity } = this.#options
    if (!this.#renewedAt) return undefined
    if (longest(this.#renewedAt, this.#moment()) < sureMs) return holderName({ identity, generation: this.#generation })
    // Whoever has taken something over meanwhile must never meet what was begun before.
    this.#renewedAt = undefined
    this.#generation++
    this.#options.log.warn({ identity }, 'the Lease could not be renewed in time: what was under way is left to others')
    queueMicrotask(() => this.#tellIfOther())
    return undefined
  }

  async close(): Promise<void> {
    this.#stopping.abort()
    await this.#running
    if (!this.#renewedAt) return
    this.#renewedAt = undefined
    const signal = AbortSignal.timeout(answerMs)
    await this.#write({ released: true, signal }).catch((error: unknown) => {
      this.#options.log.warn({ error: messageOf(error) }, 'the Lease could not be given up: it ends by itself')
    })
  }

  /** Gives up what whoever was killed here could not: nobody has to wait until it ends by itself. */
  async #succeed(): Promise<void> {
    const { client, namespace, identity } = this.#options
    const signal = AbortSignal.timeout(answerMs)
    for (const lease of await listLeases(client, { namespace, signal })) {
      const other = readLease(lease)
      if (!other || other.released || !isOfSameHost(identity, other.identity)) continue
      const released = { spec: { holderIdentity: '' } }
      await client.patch(leaseTarget(other.identity, namespace), released, { type: 'merge', signal })
    }
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping
    const { sleep = systemClock.sleep } = this.#options
    for (;;) {
      await sleep(intervalMs, signal).catch(() => {})
      if (signal.aborted) return
      try {
        await this.#renew()
      } catch (error) {
        this.#options.log.warn({ error: messageOf(error) }, 'the Lease could not be renewed')
      }
      this.holder()
      this.#tellIfOther()
    }
  }

  async #renew(): Promise<void> {
    // What was held too long ago is lost before it is renewed, so that it gets another generation.
    this.holder()
    const begun = this.#moment()
    const signal = AbortSignal.timeout(answerMs)
    await this.#write({ released: false, signal })
    const asked = this.#moment().steady
    const { client, namespace } = this.#options
    const leases = await listLeases(client, { namespace, signal })
    // A process that has slept meanwhile has seen nothing of what happened.
    if (longest(begun, this.#moment()) >= sureMs) return
    const awaited = this.#roster.awaited()
    this.#roster.take(leases, { asked, answered: this.#moment().steady })
    this.#renewedAt = begun
    // Whoever was left in peace until now is looked at again.
    if (awaited > this.#roster.awaited()) this.#tell()
    await this.#forgetOthers()
  }

  async #write({ released, signal }: { released: boolean; signal: AbortSignal }): Promise<void> {
    const { client, namespace, identity, roles } = this.#options
    const text = { identity, generation: this.#generation, roles, released }
    const lease = leaseObject(text, { namespace, seconds: leaseMs / 1000, now: new Date() })
    const { spec, metadata } = lease
    const patch = { metadata: { labels: metadata.labels, annotations: metadata.annotations }, spec }
    try {
      await client.patch(leaseTarget(identity, namespace), patch, { type: 'merge', signal })
    } catch (error) {
      if (!isNotFound(error)) throw error
      await client.create(lease, { signal })
    }
  }

  /** Leases of those that are gone for good. */
  async #forgetOthers(): Promise<void> {
    const { client, namespace, identity } = this.#options
    for (const gone of this.#roster.forgotten({ lostMs: forgottenMs, releasedMs: leaseMs })) {
      if (gone.identity === identity) continue
      const preconditions = { uid: gone.uid, resourceVersion: gone.version }
      await client.delete(leaseTarget(gone.identity, namespace), { preconditions }).catch(() => {})
    }
  }

  #ownerOf(role: string, name: string): string | undefined {
    const live = this.#roster.live(role)
    const key = `${live.join(' ')}\n${name}`
    if (!this.#owners.has(key)) this.#owners.set(key, ownerOf(name, live))
    return this.#owners.get(key)
  }

  #tellIfOther(): void {
    const { roles, log } = this.#options
    const live = Object.fromEntries(roles.map((role) => [role, this.#roster.live(role)]))
    const text = JSON.stringify([this.#renewedAt !== undefined, this.#generation, live])
    if (text === this.#told) return
    this.#told = text
    this.#owners.clear()
    log.info({ live }, 'the replicas that share the work are others than before')
    this.#tell()
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}
