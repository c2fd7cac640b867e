/** The live state of one cluster as it is followed for applications, and whether it is too early to speak of it. */
import type { Clock } from '../kube/clock.ts'
import { type KubeClient, type LiveChange, type LiveCluster, type LiveSettings, rememberWrites } from '../live/index.ts'
import type { ClusterRecord } from './cluster-record.ts'
import { Opening } from './opening.ts'

export type Scope = Pick<LiveSettings, 'namespaces' | 'clusterResources'>

export interface FollowingOptions {
  openLive(client: KubeClient, scope: Scope): LiveCluster
  onChange(change: LiveChange): void
  onKinds(): void
  /** What is to be thought of its applications may have changed. */
  onNews(): void
  clock: Clock
}

/** How often it is seen whether a cluster that is being opened gets on. */
const openingIntervalMs = 500

export class Following {
  readonly live: LiveCluster
  /** Whose writes `live` sees at once. */
  readonly client: KubeClient
  readonly #options: FollowingOptions
  readonly #opening: Opening
  readonly #watching: NodeJS.Timeout

  constructor(client: KubeClient, scope: Scope, options: FollowingOptions) {
    const { openLive, onChange, onKinds, onNews, clock } = options
    this.#options = options
    this.live = openLive(client, scope)
    this.live.onChange(onChange)
    this.live.onKinds(onKinds)
    this.live.onProblem(onNews)
    this.client = rememberWrites(client, this.live)
    this.#opening = new Opening(clock.now())
    this.#watching = setInterval(() => this.#watch(), openingIntervalMs)
    this.#watching.unref()
  }

  /** It is being listed for the first time, and gets on. */
  isOpening(): boolean {
    return this.live.problem() !== undefined && !this.#opening.isOver(this.#options.clock.now())
  }

  async close(): Promise<void> {
    clearInterval(this.#watching)
    await this.live.close()
  }

  /** Who has been told that it is too early to say anything is told when it no longer is. */
  #watch(): void {
    const { clock, onNews } = this.#options
    const { kinds, objects } = this.live.state()
    const listed = kinds.filter(({ status }) => status === 'synced').length
    this.#opening.note({ kinds: kinds.length, listed, objects }, clock.now())
    const isOver = this.#opening.isOver(clock.now())
    if (isOver) onNews()
    if (isOver || this.live.problem() === undefined) clearInterval(this.#watching)
  }
}

export function scopeOf({ namespaces, clusterResources }: ClusterRecord): Scope {
  return { namespaces, clusterResources }
}
