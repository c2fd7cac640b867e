/** When an application has to be looked at again after a change in its cluster, if at all. */
import { deepEqual } from 'fast-equals'
import type { LiveChange, LiveCluster } from '../live/index.ts'
import { keyText } from '../model/index.ts'
import type { Memory } from './memory.ts'
import { healthOfObject, type Observation, type ObservedResource } from './observe.ts'
import type { Stages } from './stages.ts'
import { healthIntervalMs } from './status-writer.ts'

/** How long a change of health alone waits for others like it. */
const healthDelayMs = 100

interface Surroundings extends Pick<Stages, 'health'> {
  live: Pick<LiveCluster, 'get' | 'children'>
  now: number
}

/**
 * In milliseconds; undefined: nothing that the last look has found is different now. A rollout brings an event for each
 * step of each pod, and a sync one for each of its writes: those are looked at together, and no sooner than what they
 * show would be written down.
 */
export function lookDelayMs(
  change: LiveChange,
  memory: Memory | undefined,
  surroundings: Surroundings,
): number | undefined {
  const { now } = surroundings
  if (!memory) return healthDelayMs
  const { run, looking, obstacle, observation, writtenAt } = memory
  if (run) return healthIntervalMs
  // What a look under way will find is not known yet, and what a failed sync waits for is not known at all.
  const inDoubt = looking || obstacle !== undefined || observation?.manifests === undefined || observation.retry
  if (!inDoubt && !changes(change, observation, surroundings)) return undefined
  if (change.tracked && !change.statusOnly) return 0
  return Math.max(writtenAt + healthIntervalMs - now, healthDelayMs)
}

function changes(change: LiveChange, { resources }: Observation, { live, health }: Surroundings): boolean {
  if (!change.tracked) return !resources.every(isSettled)
  if (change.type !== 'modified' || !change.statusOnly) return true
  const text = keyText(change.key)
  const known = resources.find(({ key }) => keyText(key) === text)
  if (!known || !isSettled(known)) return true
  const now = live.get(change.key)
  return !now || !deepEqual(known.health, healthOfObject(now, live, { health }))
}

/** Such a resource is judged by itself; for one that is not well, what it owns is asked for the cause. */
function isSettled({ health }: ObservedResource): boolean {
  return !health || health.status === 'Healthy' || health.status === 'Suspended'
}
