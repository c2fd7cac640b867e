/** One registered cluster at run time: asked whether it is there, and followed from when an application needs it. */
import { deepEqual } from 'fast-equals'
import type { Clock } from '../kube/clock.ts'
import type { ClusterCredentials } from '../kube/credentials.ts'
import { type Link, openLink } from '../kube/link.ts'
import { type KubeClient, type LiveChange, type LiveCluster, type LiveSettings, rememberWrites } from '../live/index.ts'
import { StageError } from '../model/index.ts'
import type { Tracer } from '../trace/index.ts'
import type { ClusterConnection } from './cluster.ts'
import type { ClusterRecord } from './cluster-record.ts'
import { Opening } from './opening.ts'
import { outageText } from './outage-text.ts'

export type Scope = Pick<LiveSettings, 'namespaces' | 'clusterResources'>

export interface ClusterLinkOptions {
  credentials: ClusterCredentials
  openLive(client: KubeClient, scope: Scope): LiveCluster
  onChange(change: LiveChange): void
  onKinds(): void
  /** What is to be thought of its applications may have changed. */
  onNews(): void
  clock: Clock
  tracer?: Tracer | undefined
}

interface Followed {
  live: LiveCluster
  client: KubeClient
  opening: Opening
  /** What `openLive` gave. */
  opened: LiveCluster
}

/** Nobody waits for it: it is only asked now and then whether it is there. */
const idleIntervalMs = 60_000
const followedIntervalMs = 4_000
/** How often it is seen whether a cluster that is being opened gets on. */
const openingIntervalMs = 500
/** A list that an application needs and that takes longer is reported, and waited for elsewhere. */
const listMs = 8_000

export class ClusterLink {
  readonly #options: ClusterLinkOptions
  readonly #link: Link
  #record: ClusterRecord
  #followed: Followed | undefined
  #watchingOpening: NodeJS.Timeout | undefined

  constructor(record: ClusterRecord, options: ClusterLinkOptions) {
    this.#record = record
    this.#options = options
    this.#link = openLink(options.credentials, {
      intervalMs: idleIntervalMs,
      clock: options.clock,
      tracer: options.tracer,
      onState: () => this.#onState(),
    })
  }

  get live(): LiveCluster {
    return this.#follow().live
  }

  get client(): KubeClient {
    return this.#follow().client
  }

  /** Takes what its Secret says now; what is known of the cluster stays known as far as that goes. */
  change(record: ClusterRecord, credentials: ClusterCredentials): void {
    const before = this.#record
    this.#record = record
    if (!deepEqual(before.config, record.config)) {
      this.#link.change(credentials)
      this.#followed?.live.retrack()
    }
    if (this.#followed && !deepEqual(scopeOf(before), scopeOf(record))) void this.#unfollow()
  }

  isOpening(): boolean {
    const { live, opening } = this.#follow()
    // Unless it is plain already what is wrong.
    if (this.#link.state().status === 'away') return false
    return live.problem() !== undefined && !opening.isOver(this.#options.clock.now())
  }

  connection(): ClusterConnection {
    const { server, name } = this.#record
    const { status, version, checkedAt } = this.#link.state()
    const live = this.#followed?.live
    const problem = this.#outage() ?? live?.problem()
    const heardAt = this.#link.heard()
    return {
      server,
      name,
      status: problem !== undefined ? 'Failed' : status === 'up' ? 'Successful' : 'Unknown',
      message:
        problem ?? (live || status === 'unknown' ? '' : 'No application needs it: its objects are not followed.'),
      ...(checkedAt !== undefined && { checkedAt: Math.max(checkedAt, heardAt) }),
      ...(version !== undefined && { version }),
      ...(heardAt > 0 && { heardAt }),
      requests: this.#link.client.requests,
      ...(live && { live }),
    }
  }

  /** Every object is listed anew; what is known stays in place meanwhile. */
  relist(): void {
    this.#followed?.live.retrack()
  }

  async close(): Promise<void> {
    await this.#unfollow()
    await this.#link.close()
  }

  #outage(): string | undefined {
    const { error } = this.#link.state()
    return error && outageText(error)
  }

  #onState(): void {
    // What has not been found out meanwhile need not wait for its own turn.
    if (this.#link.state().status === 'up') this.#followed?.opened.refreshResources().catch(() => {})
    this.#options.onNews()
  }

  #follow(): Followed {
    this.#followed ??= this.#open()
    return this.#followed
  }

  #open(): Followed {
    const { openLive, onChange, onKinds, onNews, clock } = this.#options
    const { client } = this.#link
    const opened = openLive(client, scopeOf(this.#record))
    opened.onChange(onChange)
    opened.onKinds(onKinds)
    opened.onProblem(onNews)
    this.#link.askEvery(followedIntervalMs)
    const opening = new Opening(clock.now())
    this.#watchOpening(opened, opening)
    const live: LiveCluster = {
      ...opened,
      problem: () => this.#outage() ?? opened.problem(),
      require: (kinds) => inTime(opened.require(kinds), clock, () => this.#record.name),
    }
    return { opened, live, client: rememberWrites(client, opened), opening }
  }

  /** Who has been told that it is too early to say anything is told when it no longer is. */
  #watchOpening(opened: LiveCluster, opening: Opening): void {
    const { clock, onNews } = this.#options
    const timer = setInterval(() => {
      const { kinds, objects } = opened.state()
      const listed = kinds.filter(({ status }) => status === 'synced').length
      opening.note({ kinds: kinds.length, listed, objects }, clock.now())
      const isOver = opening.isOver(clock.now())
      if (isOver) onNews()
      if (isOver || opened.problem() === undefined) clearInterval(timer)
    }, openingIntervalMs)
    timer.unref()
    this.#watchingOpening = timer
  }

  async #unfollow(): Promise<void> {
    clearInterval(this.#watchingOpening)
    const followed = this.#followed
    this.#followed = undefined
    await followed?.opened.close()
  }
}

function scopeOf({ namespaces, clusterResources }: ClusterRecord): Scope {
  return { namespaces, clusterResources }
}

/** A cluster that keeps its answer to itself must not keep anybody waiting. */
async function inTime(listed: Promise<void>, clock: Clock, name: () => string): Promise<void> {
  const over = new AbortController()
  listed.catch(() => {})
  const tooLate = clock.sleep(listMs, over.signal).then(() => {
    const message = `cluster ${name()} has not listed what the application consists of within ${listMs / 1000} s: it is waited for`
    throw new StageError('live', message, { retry: true })
  })
  tooLate.catch(() => {})
  try {
    await Promise.race([listed, tooLate])
  } finally {
    over.abort()
  }
}
