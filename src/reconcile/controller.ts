/** The conductor: looks at one application at a time, asked by name, and sees that what it decides is done. */
import { setMaxListeners } from 'node:events'
import type { LiveChange } from '../live/index.ts'
import {
  type Application,
  annotation,
  instanceName,
  messageOf,
  type OperationState,
  pinnedForm,
  type ResourceKey,
} from '../model/index.ts'
import type { Span } from '../trace/index.ts'
import { applicationsOn, goesTo, neighboursInRepositories, watchersForOrphans } from './concerned.ts'
import { concludeFrom } from './conclusion.ts'
import { deleteResources } from './delete-resources.ts'
import { finalizersForHooks } from './deletion-hooks.ts'
import { DeletionWork } from './deletion-work.ts'
import { Dependants } from './dependencies.ts'
import { Handover } from './handover.ts'
import { type Look, look } from './look.ts'
import { lookDelayMs } from './look-delay.ts'
import { dueAfter, type Memory, newMemory, retryPause } from './memory.ts'
import type { Observation } from './observe.ts'
import { askOwner, hasMoved, isWanted } from './onlookers.ts'
import { OperationRun } from './operation-run.ts'
import { NameQueue } from './queue.ts'
import { RevisionRecords } from './record.ts'
import type { Cluster, Stages } from './stages.ts'
import { changesHealthOnly, healthIntervalMs, StatusWriter } from './status-writer.ts'
import { ofApplication, tellObservation } from './told-to-traces.ts'

/** How long an object of nobody waits for others like it: they often come many at a time. */
const strangerDelayMs = 500

export interface Controller {
  /** An application, or what it consists of, may have changed. */
  look(name: string): void
  lookAtAll(): void
  /** Somebody has pushed to what these applications are taken from: the next look, which is soon, asks their sources. */
  sourcesMoved(names: string[]): void
  /**
   * The last look at an application; undefined before the first. Where another process looks after it, asking has it looked
   * at here as well, for a while.
   */
  observation(name: string): Observation | undefined
  /** The same without having it looked at. */
  lastObservation(name: string): Observation | undefined
  /** Told after each look, when `observation` has its outcome. The answer ends it. */
  onLooked(listener: (name: string) => void): () => void
  /** Applications that wait for their turn. */
  queueDepth(): number
  /** Stops cleanly: what is under way is left for the next process to go on with. */
  stop(): Promise<void>
}

export function startController(stages: Stages): Controller {
  return new ApplicationController(stages)
}

class ApplicationController implements Controller {
  readonly #stages: Stages
  readonly #queue: NameQueue
  readonly #writer: StatusWriter
  readonly #memories = new Map<string, Memory>()
  readonly #dependants = new Dependants()
  readonly #stopping = new AbortController()
  readonly #deletions: DeletionWork
  readonly #handover: Handover
  readonly #unsubscribe: (() => void)[]
  readonly #lookedListeners = new Set<(name: string) => void>()
  /** Absent: nobody else writes any. */
  readonly #records: RevisionRecords | undefined

  constructor(stages: Stages) {
    if (stages.share) this.#records = new RevisionRecords(stages.clock.now())
    // Every look under way listens to it.
    setMaxListeners(0, this.#stopping.signal)
    this.#stages = stages
    this.#writer = new StatusWriter(stages)
    this.#deletions = new DeletionWork({
      stages,
      signal: this.#stopping.signal,
      look: (name) => this.#queue.add(name),
    })
    this.#handover = new Handover({
      stages,
      memory: (name) => this.#memory(name),
      memories: this.#memories,
      deletions: this.#deletions,
      look: (name) => this.#queue.add(name),
    })
    this.#queue = new NameQueue({
      concurrency: stages.settings.concurrency,
      work: (name) => this.#look(name),
      onError: (name, error) => this.#onError(name, error),
    })
    this.#unsubscribe = [
      stages.clusters.onChange((change, cluster) => {
        if (change.instances.length === 0 && change.type !== 'modified') this.#onStranger(change.key, cluster)
        for (const instance of change.instances) this.#onChange(instance, change, cluster)
      }),
      stages.clusters.onNews((cluster) => (cluster ? this.#lookAtThoseOn(cluster) : this.lookAtAll())),
      stages.share?.onChange(() => this.#onShare()) ?? (() => {}),
    ]
    this.lookAtAll()
  }

  look(name: string): void {
    const run = this.#memories.get(name)?.run
    const application = this.#stages.controlPlane.application(name)
    // At once: progress that is written meanwhile would say that it goes on.
    if (isTerminating(application)) run?.terminate()
    if (application) this.#records?.notice(name, application, this.#stages.clock.now())
    run?.notice()
    this.#deletions.notice(name)
    this.#queue.add(name)
    this.#tellDependants(name)
  }

  #tellDependants(name: string): void {
    for (const dependant of this.#noteDependencies(name)) this.#queue.add(dependant)
  }

  #noteDependencies(name: string): string[] {
    const { controlPlane } = this.#stages
    return this.#dependants.note(name, controlPlane.application(name), controlPlane.namespace)
  }

  #nameOf(application: Application): string {
    return instanceName(application, this.#stages.controlPlane.namespace)
  }

  #onChange(name: string, change: LiveChange, cluster: Cluster): void {
    // An object may carry the mark of an application that goes elsewhere.
    if (!goesTo(this.#stages.controlPlane.application(name), cluster, this.#stages)) return
    const { live } = cluster
    const memory = this.#memories.get(name)
    memory?.run?.notice()
    this.#deletions.notice(name)
    const delayMs = lookDelayMs(change, memory, { live, health: this.#stages.health, now: this.#stages.clock.now() })
    if (delayMs === 0) this.#queue.add(name)
    else if (delayMs !== undefined) this.#queue.addAfter(name, delayMs)
  }

  #onStranger({ namespace }: ResourceKey, cluster: Cluster): void {
    if (namespace === '') return
    for (const application of watchersForOrphans(namespace, cluster, this.#stages)) {
      this.#queue.addAfter(this.#nameOf(application), strangerDelayMs)
    }
  }

  #lookAtThoseOn(cluster: Cluster): void {
    for (const application of applicationsOn(cluster, this.#stages)) this.#queue.addBehind(this.#nameOf(application))
  }

  lookAtAll(): void {
    // Those that are known and no longer there are looked at a last time.
    const names = new Set(this.#memories.keys())
    for (const application of this.#stages.controlPlane.applications()) names.add(this.#nameOf(application))
    for (const name of names) {
      this.#noteDependencies(name)
      this.#queue.addBehind(name)
    }
  }

  observation(name: string): Observation | undefined {
    const application = this.#stages.controlPlane.application(name)
    if (application && !this.#handover.looksAfter(application)) {
      const memory = this.#memory(name)
      const now = this.#stages.clock.now()
      const isNew = !isWanted(memory, now)
      memory.askedAt = now
      if (isNew) this.#queue.add(name)
    }
    return this.lastObservation(name)
  }

  lastObservation(name: string): Observation | undefined {
    return this.#memories.get(name)?.observation
  }

  /** Applications may be others' now, or have come to us. */
  #onShare(): void {
    this.#handover.letGoOfLost()
    this.lookAtAll()
  }

  onLooked(listener: (name: string) => void): () => void {
    this.#lookedListeners.add(listener)
    return () => void this.#lookedListeners.delete(listener)
  }

  queueDepth(): number {
    return this.#queue.depth
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('stopping'))
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
    const runs = [...this.#memories.values()].flatMap(({ run }) => (run ? [run.stop()] : []))
    await Promise.all([this.#queue.stop(), this.#deletions.stop(), ...runs])
  }

  #onError(name: string, error: unknown): void {
    if (this.#stopping.signal.aborted) return
    const memory = this.#memory(name)
    this.#stages.log.warn({ application: name, error: messageOf(error) }, 'the application could not be looked at')
    this.#queue.addAfter(name, retryPause(memory, this.#stages.clock.now()))
  }

  #memory(name: string): Memory {
    const known = this.#memories.get(name)
    if (known) return known
    const memory = newMemory()
    this.#memories.set(name, memory)
    return memory
  }

  async #look(name: string): Promise<void> {
    const started = performance.now()
    await this.#lookAt(name)
    this.#stages.observer.looked(name, (performance.now() - started) / 1000)
  }

  async #lookAt(name: string): Promise<void> {
    const found = this.#stages.controlPlane.application(name)
    if (!found) return this.#forget(name)
    const application = pinnedForm(found)
    if (application.metadata.annotations?.[annotation.skipReconcile] === 'true') return
    // Nothing can be said of it yet; whatever becomes of the cluster brings the next look.
    if (this.#stages.clusters.isOpening(application.spec.destination ?? {})) return
    if (!this.#handover.looksAfter(found)) return this.#lookOn(name, application)
    const { tracer } = this.#stages
    const attributes = ofApplication(application)
    if (application.metadata.deletionTimestamp) {
      return tracer.trace('delete', { attributes }, () => this.#finish(application))
    }
    return tracer.trace('look', { attributes }, (span) => this.#lookAtOurs(name, application, span))
  }

  async #lookAtOurs(name: string, application: Application, span: Span): Promise<void> {
    const memory = this.#memory(name)
    if (isTerminating(application)) memory.run?.terminate()
    memory.looking = true
    try {
      const { observation, moved } = await this.#observe(name, application)
      memory.observation = observation
      if (span.isRecorded) tellObservation(observation, span)
      for (const listener of this.#lookedListeners) listener(name)
      // One application has seen a new commit: the others of its repository need not wait for their own turn.
      if (moved) this.#lookAtNeighboursOf(application)
      await this.#conclude(application, memory, observation)
      this.#schedule(name, memory, observation)
    } finally {
      memory.looking = false
    }
  }

  /** Another process looks after it: we only look, and only as long as somebody here wants to know. */
  async #lookOn(name: string, application: Application): Promise<void> {
    const memory = this.#memories.get(name)
    if (!memory) return
    if (memory.run || memory.begunAs !== undefined) this.#handover.letGo(name)
    if (application.metadata.deletionTimestamp) return
    if (!isWanted(memory, this.#stages.clock.now())) {
      if (!memory.run) this.#memories.delete(name)
      return
    }
    if (hasMoved(application, memory)) memory.sourcesDueAt = 0
    const { observation } = await this.#observe(name, application)
    memory.observation = observation
    for (const listener of this.#lookedListeners) listener(name)
    this.#schedule(name, memory, observation)
  }

  #observe(name: string, application: Application): Promise<Look> {
    const memory = this.#memory(name)
    this.#records?.heed(name, application, memory)
    return look(application, memory, { stages: this.#stages, signal: this.#stopping.signal })
  }

  #lookAtNeighboursOf(application: Application): void {
    for (const neighbour of neighboursInRepositories(application, this.#stages)) {
      const name = this.#nameOf(neighbour)
      const memory = this.#memories.get(name)
      if (!memory || memory.sourcesDueAt === 0) continue
      memory.sourcesDueAt = 0
      this.#queue.addBehind(name)
    }
  }

  sourcesMoved(names: string[]): void {
    for (const name of names) {
      const memory = this.#memories.get(name)
      if (memory) memory.sourcesDueAt = 0
      this.#queue.add(name)
      const application = this.#stages.controlPlane.application(name)
      if (application && !this.#handover.looksAfter(application)) askOwner(name, this.#stages)
    }
  }

  /** Writes down what follows from the observation, and starts what was decided. */
  async #conclude(application: Application, memory: Memory, observation: Observation): Promise<void> {
    const name = this.#nameOf(application)
    const { ended } = memory
    // What we have begun is ours to its end, and what comes then is for whoever has the application by now.
    const mayBegin = !ended || (this.#stages.share?.isOurs(name) ?? true)
    const context = { stages: this.#stages, signal: this.#stopping.signal, mayBegin }
    const { after, starts, lookAgainMs } = await concludeFrom(application, { memory, observation }, context)
    for (const ms of lookAgainMs) this.#queue.addAfter(name, ms)
    const now = this.#stages.clock.now()
    const pause = memory.writtenAt + healthIntervalMs - now
    if (pause > 0 && !ended && !starts && changesHealthOnly(application, after)) {
      this.#queue.addAfter(name, pause)
      return
    }
    if (await this.#writer.write(application, after, { observation, starts: starts !== undefined })) {
      memory.writtenAt = now
      this.#tellDependants(name)
    }
    await this.#holdForHooks(name, observation)
    // Only now is it safe to forget it, and to begin the next.
    if (ended && memory.ended === ended) {
      delete memory.ended
      delete memory.begunAs
      this.#stages.observer.synced(application, ended)
    }
    if (starts) this.#start(memory, { name, ...starts })
  }

  /** An application with hooks for its deletion must not go before they have run. */
  async #holdForHooks(name: string, { manifests }: Observation): Promise<void> {
    const application = this.#stages.controlPlane.application(name)
    const finalizers = manifests && application && finalizersForHooks(application, manifests)
    if (!finalizers || application.metadata.deletionTimestamp) return
    const { resourceVersion } = application.metadata
    await this.#stages.controlPlane.patch(name, { metadata: { finalizers, resourceVersion } })
  }

  #start(
    memory: Memory,
    { name, state, before }: { name: string; state: OperationState; before?: OperationState },
  ): void {
    const found = this.#stages.controlPlane.application(name)
    if (!found || this.#stopping.signal.aborted) return
    const application = pinnedForm(found)
    const { controlPlane } = this.#stages
    const guard = this.#handover.begin(name)
    memory.run = new OperationRun({
      application,
      instance: instanceName(application, controlPlane.namespace),
      state,
      ...(before && before !== state && { startedBefore: before.startedAt }),
      stages: this.#stages,
      comparison: memory.comparison,
      ...(guard && { guard }),
      onProgress: (progress) => this.#writeProgress(name, progress),
      onEnd: (ended) => {
        delete memory.run
        memory.ended = ended
        this.#queue.add(name)
      },
    })
  }

  async #writeProgress(name: string, progress: OperationState): Promise<void> {
    try {
      await this.#writer.writeProgress(name, progress)
    } catch (error) {
      const application = this.#stages.controlPlane.application(name)
      if (application && !this.#handover.looksAfter(application)) this.#handover.letGo(name)
      throw error
    }
  }

  #schedule(name: string, memory: Memory, observation: Observation): void {
    const { clock, settings } = this.#stages
    if (observation.retry) {
      this.#queue.addAfter(name, retryPause(memory, this.#stages.clock.now()))
      return
    }
    memory.failures = 0
    memory.retryAt = 0
    // What cannot be rendered now may be right after the next commit.
    const dueAt = memory.sourcesDueAt || dueAfter(settings.pollIntervalMs, clock.now(), settings.jitterMs)
    const next = Math.min(dueAt, memory.hardDueAt)
    if (next < Number.POSITIVE_INFINITY) this.#queue.addAfter(name, Math.max(next - clock.now(), 0))
  }

  async #finish(application: Application): Promise<void> {
    const name = this.#nameOf(application)
    const { controlPlane } = this.#stages
    await this.#memories.get(name)?.run?.stop()
    await this.#writer.claim(application)
    const guard = this.#handover.begin(name)
    const deletion =
      this.#deletions.step(name, application, guard) ?? (await deleteResources(application, this.#stages, guard))
    if (deletion.kind === 'done') {
      const { finalizers, left } = deletion
      if (left.length > 0) await this.#writer.recordLeft(application, left)
      if (finalizers.length < (application.metadata.finalizers?.length ?? 0)) {
        await controlPlane.patch(name, {
          metadata: { finalizers, resourceVersion: application.metadata.resourceVersion },
        })
        this.#queue.add(name)
      }
      return
    }
    await this.#writer.writeFindings(application, deletion.findings)
    // Changes of the resources come as events; this is for what no event tells of.
    this.#queue.addAfter(name, deletion.findings.length > 0 ? 10_000 : 30_000)
  }

  async #forget(name: string): Promise<void> {
    const memory = this.#memories.get(name)
    this.#memories.delete(name)
    this.#records?.forget(name)
    this.#queue.forget(name)
    await memory?.run?.stop()
  }
}

function isTerminating(application: Application | undefined): boolean {
  return application?.status?.operationState?.phase === 'Terminating'
}
