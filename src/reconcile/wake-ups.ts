/** What brings applications their next look: changes in clusters, others that they wait for, commits, and the clock. */
import type { LiveChange } from '../live/index.ts'
import { type Application, instanceName, type ResourceKey } from '../model/index.ts'
import { applicationsOn, goesTo, neighboursInRepositories, watchersForOrphans } from './concerned.ts'
import { Dependants } from './dependencies.ts'
import { lookDelayMs } from './look-delay.ts'
import { dueAfter, type Memory, retryPause } from './memory.ts'
import type { NameQueue } from './queue.ts'
import type { Cluster, Stages } from './stages.ts'

/** How long an object of nobody waits for others like it: they often come many at a time. */
const strangerDelayMs = 500

export interface WakeUpsOptions {
  stages: Stages
  queue: NameQueue
  memories: ReadonlyMap<string, Memory>
  /** An application's objects are others now: whoever waits for them is told at once. */
  notice(name: string): void
}

export class WakeUps {
  readonly #options: WakeUpsOptions
  readonly #dependants = new Dependants()
  readonly #unsubscribe: (() => void)[]

  constructor(options: WakeUpsOptions) {
    const { clusters } = options.stages
    this.#options = options
    this.#unsubscribe = [
      clusters.onChange((change, cluster) => {
        if (change.instances.length === 0 && change.type !== 'modified') this.#onStranger(change.key, cluster)
        for (const instance of change.instances) this.#onChange(instance, change, cluster)
      }),
      clusters.onNews((cluster) => (cluster ? this.#allOn(cluster) : this.all())),
    ]
  }

  stop(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
  }

  /** Those that are known and no longer there are looked at a last time. */
  all(): void {
    const { stages, queue, memories } = this.#options
    const names = new Set(memories.keys())
    for (const application of stages.controlPlane.applications()) names.add(this.#nameOf(application))
    for (const name of names) {
      this.#noteDependencies(name)
      queue.addBehind(name)
    }
  }

  /** Those that wait for this one, if it is not as it was. */
  dependantsOf(name: string): void {
    for (const dependant of this.#noteDependencies(name)) this.#options.queue.add(dependant)
  }

  /** The others of its repositories: they need not wait for their own turn to ask for a commit. */
  neighboursOf(application: Application): void {
    const { stages, queue, memories } = this.#options
    for (const neighbour of neighboursInRepositories(application, stages)) {
      const name = this.#nameOf(neighbour)
      const memory = memories.get(name)
      if (!memory || memory.sourcesDueAt === 0) continue
      memory.sourcesDueAt = 0
      queue.addBehind(name)
    }
  }

  /** After a look; `retry`: it could not be brought to its end. */
  next(name: string, memory: Memory, { retry }: { retry?: boolean | undefined }): void {
    const { stages, queue } = this.#options
    const { clock, settings } = stages
    if (retry) {
      queue.addAfter(name, retryPause(memory, clock.now()))
      return
    }
    memory.failures = 0
    memory.retryAt = 0
    // What cannot be rendered now may be right after the next commit.
    const dueAt = memory.sourcesDueAt || dueAfter(settings.pollIntervalMs, clock.now(), settings.jitterMs)
    const next = Math.min(dueAt, memory.hardDueAt)
    if (next < Number.POSITIVE_INFINITY) queue.addAfter(name, Math.max(next - clock.now(), 0))
  }

  #nameOf(application: Application): string {
    return instanceName(application, this.#options.stages.controlPlane.namespace)
  }

  #noteDependencies(name: string): string[] {
    const { controlPlane } = this.#options.stages
    return this.#dependants.note(name, controlPlane.application(name), controlPlane.namespace)
  }

  #onChange(name: string, change: LiveChange, cluster: Cluster): void {
    const { stages, queue, memories, notice } = this.#options
    // An object may carry the mark of an application that goes elsewhere.
    if (!goesTo(stages.controlPlane.application(name), cluster, stages)) return
    notice(name)
    const surroundings = { live: cluster.live, health: stages.health, now: stages.clock.now() }
    const delayMs = lookDelayMs(change, memories.get(name), surroundings)
    if (delayMs === 0) queue.add(name)
    else if (delayMs !== undefined) queue.addAfter(name, delayMs)
  }

  #onStranger({ namespace }: ResourceKey, cluster: Cluster): void {
    if (namespace === '') return
    for (const application of watchersForOrphans(namespace, cluster, this.#options.stages)) {
      this.#options.queue.addAfter(this.#nameOf(application), strangerDelayMs)
    }
  }

  #allOn(cluster: Cluster): void {
    const { stages, queue } = this.#options
    for (const application of applicationsOn(cluster, stages)) queue.addBehind(this.#nameOf(application))
  }
}
