/** What a failed sync has tripped over: looked at now and then, so that mending it is noticed without a new commit. */
import { keyOf, keyText, messageOf, type OperationState } from '../model/index.ts'
import { isFailed, predict } from '../sync/index.ts'
import { fingerprintOf } from './fingerprint.ts'
import type { Observation } from './observe.ts'

/** A server is asked about no more objects than this: what stands in the way of one stands mostly in that of many. */
const mostQuestions = 5
const shortestIntervalMs = 3_000
const longestIntervalMs = 60_000

export interface ObstacleContext {
  /** Milliseconds since the epoch. */
  now: number
  signal: AbortSignal
}

export class Obstacle {
  /** Which attempt failed. */
  readonly attempt: string
  readonly #failed: Set<string>
  readonly #since: number
  #askedAt = Number.NEGATIVE_INFINITY
  #answers = ''
  #first: string | undefined

  constructor(state: OperationState, now: number) {
    this.attempt = attemptOf(state)
    this.#failed = new Set((state.syncResult?.resources ?? []).filter(isFailed).map(keyText))
    this.#since = now
  }

  /** True once something that the attempt may have tripped over is not as it was at the first look after it. */
  async hasChanged(observation: Observation, { now, signal }: ObstacleContext): Promise<boolean> {
    if (!observation.cluster || !observation.manifests) return false
    if (now - this.#askedAt >= this.#intervalMs(now)) {
      this.#askedAt = now
      this.#answers = (await Promise.all(this.#questions(observation, signal))).join('\n')
    }
    const print = fingerprintOf(observation, [this.#answers, ...this.#healths(observation)])
    this.#first ??= print
    return print !== this.#first
  }

  /** Mended soon, noticed soon; what has stood for hours may stand a minute longer. */
  nextLookMs(now: number): number {
    return Math.max(this.#askedAt + this.#intervalMs(now) - now, 0)
  }

  #intervalMs(now: number): number {
    return Math.min(Math.max((now - this.#since) / 4, shortestIntervalMs), longestIntervalMs)
  }

  /** A dry-run meets missing namespaces and kinds, webhooks, quotas and rights as the sync did. */
  #questions({ cluster, manifests = [] }: Observation, signal: AbortSignal): Promise<string>[] {
    if (!cluster) return []
    const objects = manifests.map(({ object }) => object).filter((object) => this.#failed.has(keyText(keyOf(object))))
    return objects
      .slice(0, mostQuestions)
      .map((object) => predict(cluster.client, object, signal).then(() => '', messageOf))
  }

  #healths({ resources }: Observation): string[] {
    return resources.filter(({ key }) => this.#failed.has(keyText(key))).map(({ health }) => health?.status ?? '')
  }
}

export function attemptOf({ startedAt, retryCount = 0, phase }: OperationState): string {
  return `${startedAt}/${retryCount}/${phase}`
}
