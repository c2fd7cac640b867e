/** The conductor: looks at one application at a time, asked by name, and sees that what it decides is done. */
import { setMaxListeners } from 'node:events'
import {
  type Application,
  instanceName,
  isSkipped,
  messageOf,
  type OperationState,
  pinnedForm,
} from '../model/index.ts'
import type { Span } from '../trace/index.ts'
import { concludeFrom } from './conclusion.ts'
import { finalizersForHooks } from './deletion-hooks.ts'
import { DeletionWork } from './deletion-work.ts'
import { finish } from './finish.ts'
import { Handover } from './handover.ts'
import { type Look, look } from './look.ts'
import { type Memory, newMemory, retryPause } from './memory.ts'
import type { Observation } from './observe.ts'
import { askOwner, hasMoved, isWanted } from './onlookers.ts'
import { OperationRun } from './operation-run.ts'
import { NameQueue } from './queue.ts'
import { RevisionRecords } from './record.ts'
import { isLeftAlone, type Stages } from './stages.ts'
import { changesHealthOnly, healthIntervalMs, StatusWriter } from './status-writer.ts'
import { ofApplication, tellObservation } from './told-to-traces.ts'
import { WakeUps } from './wake-ups.ts'

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
  readonly #stopping = new AbortController()
  readonly #deletions: DeletionWork
  readonly #handover: Handover
  readonly #wakeUps: WakeUps
  readonly #unsubscribe: () => void
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
    this.#wakeUps = new WakeUps({
      stages,
      queue: this.#queue,
      memories: this.#memories,
      notice: (name) => {
        this.#memories.get(name)?.run?.notice()
        this.#deletions.notice(name)
      },
    })
    this.#unsubscribe = stages.share?.onChange(() => this.#onShare()) ?? (() => {})
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
    this.#wakeUps.dependantsOf(name)
  }

  #nameOf(application: Application): string {
    return instanceName(application, this.#stages.controlPlane.namespace)
  }

  lookAtAll(): void {
    this.#wakeUps.all()
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
    this.#unsubscribe()
    this.#wakeUps.stop()
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
    if (isSkipped(application.metadata.annotations)) return
    if (isLeftAlone(application, this.#stages.clusters)) return this.#putAside(name)
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
      if (moved) this.#wakeUps.neighboursOf(application)
      await this.#conclude(application, memory, observation)
      this.#wakeUps.next(name, memory, observation)
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
    this.#wakeUps.next(name, memory, observation)
  }

  #observe(name: string, application: Application): Promise<Look> {
    const memory = this.#memory(name)
    this.#records?.heed(name, application, memory)
    return look(application, memory, { stages: this.#stages, signal: this.#stopping.signal })
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
      this.#wakeUps.dependantsOf(name)
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

  async #finish(application: Application): Promise<void> {
    const name = this.#nameOf(application)
    await this.#memories.get(name)?.run?.stop()
    await this.#writer.claim(application)
    const guard = this.#handover.begin(name)
    const context = { stages: this.#stages, writer: this.#writer, deletions: this.#deletions, ...(guard && { guard }) }
    const againMs = await finish(application, context)
    if (againMs !== undefined) this.#queue.addAfter(name, againMs)
  }

  /** Its cluster is not ours to touch any more: what is under way stays as it is, and what is known of it is no news. */
  async #putAside(name: string): Promise<void> {
    const memory = this.#memories.get(name)
    if (!memory) return
    this.#handover.letGo(name)
    await memory.run?.stop()
    this.#memories.delete(name)
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
