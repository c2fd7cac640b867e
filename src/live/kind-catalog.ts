/** Keeps the list of kinds right while CustomResourceDefinitions and APIServices come and go. */
import { backoff, type Clock } from '../kube/clock.ts'
import type { ApiResources, KubeClient } from '../kube/kube-client.ts'
import { messageOf } from '../model/index.ts'
import type { Log } from './listeners.ts'

export interface KindCatalogOptions {
  client: KubeClient
  clock: Clock
  random: () => number
  log: Log
  /** A discovery that succeeded. */
  onResources: (resources: ApiResources) => void
  onFailure: (error: unknown) => void
}

export interface KindCatalog {
  current(): ApiResources | undefined
  /** Asks now. */
  refresh(): Promise<ApiResources>
  /** A definition named `plural.group` appeared or vanished: asks until discovery says the same, which may lag. */
  expect(definition: string, present: boolean): void
  /** Something changed that discovery may tell about: asks soon. */
  touch(): void
  stop(): void
}

/** Events of one change come in a bundle. */
const settleMs = 150
const periodMs = 10 * 60_000
/** A definition that is never established (its names are taken, say) is not waited for longer than so many times. */
const patience = 12

export function openKindCatalog({
  client,
  clock,
  random,
  log,
  onResources,
  onFailure,
}: KindCatalogOptions): KindCatalog {
  const stopping = new AbortController()
  const expected = new Map<string, boolean>()
  let current: ApiResources | undefined
  let wake = new AbortController()
  let attempt = 0

  async function refresh(): Promise<ApiResources> {
    const resources = await client.apiResources({ refresh: true })
    if (stopping.signal.aborted) return resources
    current = resources
    onResources(resources)
    return resources
  }

  function isFulfilled(resources: ApiResources): boolean {
    for (const [definition, present] of expected)
      if (has(resources, definition) === present) expected.delete(definition)
    return expected.size === 0
  }

  /** Milliseconds until it is worth asking again. */
  async function ask(): Promise<number> {
    try {
      const fulfilled = isFulfilled(await refresh())
      if (!fulfilled && ++attempt < patience) return backoff(attempt, { first: 100, most: 20_000, random })
      expected.clear()
      attempt = 0
      return periodMs * (0.75 + random() / 2)
    } catch (error) {
      onFailure(error)
      log.debug({ error: messageOf(error) }, 'discovery failed')
      return backoff(++attempt, { first: 250, most: 30_000, random })
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      wake = new AbortController()
      const pause = await ask()
      await clock.sleep(pause, wake.signal).catch(() => {})
      if (wake.signal.aborted) await clock.sleep(settleMs, stopping.signal).catch(() => {})
    }
  }

  void run()

  return {
    current: () => current,
    refresh,
    expect(definition, present) {
      expected.set(definition, present)
      attempt = 0
      wake.abort()
    },
    touch: () => wake.abort(),
    stop() {
      stopping.abort()
      wake.abort()
    },
  }
}

function has(resources: ApiResources, definition: string): boolean {
  const dot = definition.indexOf('.')
  const [plural, group] = [definition.slice(0, dot), definition.slice(dot + 1)]
  return resources.all.some((resource) => resource.resource === plural && resource.group === group)
}
