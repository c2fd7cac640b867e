/** One registered cluster at run time: asked whether it is there, and followed from when an application needs it. */
import { deepEqual } from 'fast-equals'
import type { Clock } from '../kube/clock.ts'
import type { ClusterCredentials } from '../kube/credentials.ts'
import { type Link, openLink } from '../kube/link.ts'
import type { KubeClient, LiveCluster } from '../live/index.ts'
import { StageError } from '../model/index.ts'
import type { Tracer } from '../trace/index.ts'
import type { ClusterConnection } from './cluster.ts'
import type { ClusterRecord } from './cluster-record.ts'
import { Following, type FollowingOptions, scopeOf } from './following.ts'
import { outageText } from './outage-text.ts'

export interface ClusterLinkOptions extends FollowingOptions {
  credentials: ClusterCredentials
  tracer?: Tracer | undefined
}

interface Followed {
  following: Following
  /** As applications see it: it knows of outages, and keeps nobody waiting. */
  live: LiveCluster
}

/** Nobody waits for it: it is only asked now and then whether it is there. */
const idleIntervalMs = 60_000
const followedIntervalMs = 4_000
/** A list that an application needs and that takes longer is reported, and waited for elsewhere. */
const listMs = 8_000

export class ClusterLink {
  readonly #options: ClusterLinkOptions
  readonly #link: Link
  #record: ClusterRecord
  #followed: Followed | undefined

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
    return this.#follow().following.client
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
    const { following } = this.#follow()
    // Unless it is plain already what is wrong.
    return this.#link.state().status !== 'away' && following.isOpening()
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
    if (this.#link.state().status === 'up') this.#followed?.following.live.refreshResources().catch(() => {})
    this.#options.onNews()
  }

  #follow(): Followed {
    this.#followed ??= this.#open()
    return this.#followed
  }

  #open(): Followed {
    const { clock } = this.#options
    const following = new Following(this.#link.client, scopeOf(this.#record), this.#options)
    this.#link.askEvery(followedIntervalMs)
    const opened = following.live
    const live: LiveCluster = {
      ...opened,
      problem: () => this.#outage() ?? opened.problem(),
      require: (kinds) => inTime(opened.require(kinds), clock, () => this.#record.name),
    }
    return { following, live }
  }

  async #unfollow(): Promise<void> {
    const followed = this.#followed
    this.#followed = undefined
    await followed?.following.close()
  }
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
