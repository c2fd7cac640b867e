/** One operation of one application, from its start, or from where a process that died left it, to its end. */
import { setMaxListeners } from 'node:events'
import {
  type Application,
  type Manifest,
  messageOf,
  type OperationState,
  type ResourceResult,
  StageError,
} from '../model/index.ts'
import type { SyncOutcome } from '../sync/index.ts'
import type { Span } from '../trace/index.ts'
import { describeFailure } from './auto-sync.ts'
import { Bell } from './bell.ts'
import { Comparison } from './compare.ts'
import { forbidsSync } from './conditions.ts'
import { localManifests } from './local-manifests.ts'
import { type Observation, observe } from './observe.ts'
import { type OperationFields, operationFields } from './operation-log.ts'
import { windowRefusal } from './operation-permission.ts'
import {
  askedFor,
  begunAnew,
  isOfApplication,
  operationRevisions,
  operationSources,
  withRevisions,
} from './operation-state.ts'
import { type OperationTry, trySync } from './operation-sync.ts'
import { ProgressRecord } from './progress-record.ts'
import { retryDelay } from './retry.ts'
import { openWait, pause, type RetryWait } from './retry-wait.ts'
import type { WriteGuard } from './share.ts'
import type { Stages } from './stages.ts'
import { timestamp } from './status.ts'
import { expireAfter, remainingMs, timedOut } from './sync-timeout.ts'
import { ofApplication, ofOperation, traceOf } from './told-to-traces.ts'

export interface OperationRunOptions {
  application: Application
  instance: string
  state: OperationState
  /** When the operation before began: pruning that it has left for lack of confirmation may be confirmed since. */
  startedBefore?: string
  stages: Stages
  /** Shared with the looks at the application while the operation deploys what the application names. */
  comparison: Comparison
  /** Why nothing may be written for the operation any more; asked as each write leaves. */
  guard?: WriteGuard
  /** Writes progress down; resolves when it is safe. */
  onProgress(state: OperationState): Promise<void>
  onEnd(state: OperationState): void
}

/** So long an operation that has begun waits for what cannot be found out, in ms. */
const patienceMs = 600_000

export class OperationRun {
  readonly done: Promise<void>
  readonly #options: OperationRunOptions
  readonly #record: ProgressRecord
  readonly #stopping = new AbortController()
  readonly #terminating = new AbortController()
  #state: OperationState
  readonly #bell = new Bell()
  #problem: string | undefined
  #wait: RetryWait | undefined
  #manifests: Manifest[] = []
  #overtaken: string | undefined

  constructor(options: OperationRunOptions) {
    // Every write under way listens to them.
    setMaxListeners(0, this.#stopping.signal, this.#terminating.signal)
    this.#options = options
    this.#record = new ProgressRecord({
      write: options.onProgress,
      now: () => options.stages.clock.now(),
      signal: this.#stopping.signal,
    })
    this.#state = options.state.finishedAt ? begunAnew(options.state) : options.state
    if (options.state.phase === 'Terminating') this.terminate()
    this.done = this.#run()
  }

  /** Running hooks are deleted and the operation fails. */
  terminate(): void {
    this.#terminating.abort(new Error('Operation terminated'))
  }

  /** The process ends, or another has the application now: everything stays as it is, for the next one to go on. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('stopping'))
    await this.done
  }

  get state(): OperationState {
    return this.#state
  }

  /**
   * Something else is to be deployed now: there is no further try, and no waiting for the health of what is no longer
   * wanted. Hooks and writes under way come to their end all the same.
   */
  giveUp(reason: string, manifests: Manifest[]): void {
    if (this.#wait) this.#wait.giveUp(reason)
    else if (this.#waitsForHealth() && !sameObjects(this.#manifests, manifests)) {
      this.#overtaken = reason
      this.#terminating.abort(new Error(reason))
    }
  }

  #waitsForHealth(): boolean {
    const open = (this.#state.syncResult?.resources ?? []).filter(({ hookPhase }) => hookPhase === 'Running')
    return open.length > 0 && open.every(({ hookType }) => !hookType)
  }

  /** Something of the application has changed: whoever waits for it looks again. */
  notice(): void {
    this.#bell.ring()
  }

  /** Why the last try failed, as it is told while the operation goes on; undefined before the first failure. */
  get problem(): string | undefined {
    return this.#problem
  }

  /** The pause before the next try, while there is one: it can be ended early, with that try or without. */
  get wait(): RetryWait | undefined {
    return this.#wait
  }

  async #run(): Promise<void> {
    // Nobody is told of an end before the constructor has returned.
    await Promise.resolve()
    const { application, instance, stages } = this.#options
    const fields = operationFields(instance, this.#state)
    const beginning = {
      attributes: { ...ofApplication(application), ...ofOperation(fields, this.#state) },
      // Of the request that asked for it, else of the look that decided on it.
      parent: traceOf(this.#state) ?? stages.tracer.traceparent(),
    }
    await stages.tracer.trace('operation', beginning, (span) => this.#toItsEnd(fields, span))
  }

  async #toItsEnd(fields: OperationFields, span: Span): Promise<void> {
    const { stages } = this.#options
    const { initiatedBy } = this.#state.operation
    const goesOn = this.#state.syncResult !== undefined
    stages.log.info({ ...fields, initiatedBy }, `an operation ${goesOn ? 'goes on' : 'begins'}`)
    const ended = await this.#untilEnd()
    await this.#record.settle()
    if (!ended) return span.event('left for the next process to go on with')
    const { phase, message, retryCount = 0, syncResult } = ended
    const { revision, revisions = [revision] } = syncResult ?? {}
    span.set({ 'tiphys.phase': phase, 'tiphys.retries': retryCount, 'argocd.resolved_revision': revision })
    if (phase !== 'Succeeded') span.fail(message ?? '')
    stages.log.info({ ...fields, phase, retryCount, revisions }, `an operation has ended: ${message}`)
    this.#options.onEnd(ended)
  }

  /** undefined when the process ends first. */
  async #untilEnd(): Promise<OperationState | undefined> {
    try {
      for (;;) {
        const blocked = this.#blocked()
        if (blocked) return this.#ended({ phase: 'Failed', message: blocked })
        const outcome = await this.#try()
        if (this.#overtaken) return this.#ended({ ...outcome, message: this.#overtaken })
        const pause = outcome.phase === 'Succeeded' ? undefined : this.#pauseBeforeRetry()
        if (pause === undefined) return this.#ended(outcome)
        const reason = await this.#waitForRetry(outcome, pause)
        if (reason) return this.#ended({ ...outcome, message: `${outcome.message}. ${reason}` })
      }
    } catch (error) {
      if (this.#stopping.signal.aborted) return undefined
      const terminated = this.#terminating.signal.aborted
      const message = terminated ? (this.#overtaken ?? 'Operation terminated') : messageOf(error)
      return this.#ended({ phase: terminated ? 'Failed' : 'Error', message })
    }
  }

  #blocked(): string | undefined {
    const { application, stages } = this.#options
    return windowRefusal(application, this.#state, stages)
  }

  /** A try that takes longer than it may is terminated, and the next one may follow. */
  async #try(): Promise<SyncOutcome> {
    const { application, stages } = this.#options
    const expiry = new AbortController()
    const stopTimer = expireAfter(expiry, remainingMs(application, this.#state, stages))
    try {
      const outcome = await this.#tryOnce(expiry.signal)
      return expiry.signal.aborted && outcome.phase === 'Failed' ? { ...outcome, message: timedOut } : outcome
    } catch (error) {
      if (!expiry.signal.aborted || this.#stopping.signal.aborted || this.#terminating.signal.aborted) throw error
      return { phase: 'Failed', message: timedOut, results: this.#state.syncResult?.resources ?? [] }
    } finally {
      stopTimer()
    }
  }

  /** Looks at everything anew, plans, and carries the plan out. */
  async #tryOnce(expiry: AbortSignal): Promise<SyncOutcome> {
    const { operation } = this.#state
    if (!operation.sync) {
      throw new StageError('sync', 'the operation holds nothing to do: give it a sync field', { retry: false })
    }
    const terminating = AbortSignal.any([this.#terminating.signal, expiry])
    setMaxListeners(0, terminating)
    const observation = await this.#observe(AbortSignal.any([this.#stopping.signal, terminating]))
    const problem = observation.findings.find(({ type }) => forbidsSync(type))
    const { cluster } = observation
    if (problem || !cluster) {
      return { phase: 'Failed', message: problem?.message ?? 'the application could not be compared', results: [] }
    }
    const { application } = this.#options
    this.#state = withRevisions(this.#state, { application, revisions: observation.rendered?.revisions ?? [] })
    this.#manifests = observation.manifests ?? []
    const attempt: OperationTry = {
      ...this.#options,
      state: this.#state,
      blocked: () => this.#blocked(),
      changed: (ms, signal) => this.#bell.heard(ms, signal),
      onProgress: (results, message) => this.#progress(results, message),
      stopping: this.#stopping.signal,
      terminating,
    }
    return trySync(attempt, observation, cluster)
  }

  /**
   * What has begun is not given up because Git or the server is away for a while. Nothing is because the cluster is just
   * being read, as it is when it is to be followed in one more namespace.
   */
  async #observe(signal: AbortSignal): Promise<Observation> {
    const { application, stages } = this.#options
    const { clock, clusters } = stages
    const isOpening = () => clusters.isOpening(application.spec.destination ?? {})
    const begun = clock.now()
    for (;;) {
      const wasOpening = isOpening()
      const observation = await this.#observeOnce(signal)
      const hasBegun = (this.#state.syncResult?.resources?.length ?? 0) > 0
      const isPatient = hasBegun || wasOpening || isOpening()
      if (!observation.retry || !isPatient || clock.now() - begun > patienceMs) return observation
      await pause(1000, signal)
    }
  }

  #observeOnce(signal: AbortSignal): Promise<Observation> {
    const { application, stages, comparison } = this.#options
    const { operation } = this.#state
    const revisions = operationRevisions(this.#state)
    const rendered = localManifests(operation.sync ?? {})
    return observe(
      {
        application,
        sources: operationSources(operation, application),
        ...(revisions && { revisions }),
        ...(rendered && { rendered }),
        comparison: isOfApplication(operation) && !rendered ? comparison : new Comparison(),
        signal,
      },
      stages,
    )
  }

  #progress(resources: ResourceResult[], message: string): Promise<void> {
    const result = this.#state.syncResult ?? { revision: '' }
    this.#state = { ...this.#state, message, syncResult: { ...result, resources } }
    return this.#record.note(this.#state)
  }

  #pauseBeforeRetry(): number | undefined {
    if (this.#terminating.signal.aborted || this.#blocked()) return undefined
    return retryDelay(this.#state.operation.retry, this.#state.retryCount ?? 0)
  }

  /** Resolves to the reason when there is to be no further try. */
  async #waitForRetry({ message, results }: SyncOutcome, pauseMs: number): Promise<string | undefined> {
    const { clock } = this.#options.stages
    const result = this.#state.syncResult ?? { revision: '' }
    const retryCount = (this.#state.retryCount ?? 0) + 1
    const at = timestamp(new Date(clock.now() + pauseMs))
    this.#state = {
      ...this.#state,
      retryCount,
      message: `${message}. Retrying attempt #${retryCount} at ${at}.`,
      finishedAt: timestamp(new Date(clock.now())),
      syncResult: { ...result, resources: results },
    }
    this.#problem = describeFailure(result.revisions ?? [result.revision], message)
    const wait = openWait(this.#state, this.#options.stages.clock.now())
    this.#wait = wait
    await this.#record.write(this.#state)
    await pause(pauseMs, AbortSignal.any([this.#stopping.signal, this.#terminating.signal, wait.signal])).catch(
      () => {},
    )
    this.#wait = undefined
    this.#stopping.signal.throwIfAborted()
    this.#terminating.signal.throwIfAborted()
    if (wait.reason) return wait.reason
    this.#state = begunAnew(this.#state)
    return undefined
  }

  #ended({
    phase,
    message,
    results,
  }: {
    phase: OperationState['phase']
    message: string
    results?: ResourceResult[]
  }): OperationState {
    const result = this.#state.syncResult ?? askedFor(this.#state.operation)
    // The start may have been put down for the next second.
    const end = Math.max(this.#options.stages.clock.now(), Date.parse(this.#state.startedAt))
    const finishedAt = timestamp(new Date(end))
    return {
      ...this.#state,
      phase,
      message,
      finishedAt,
      syncResult: { ...result, ...(results && { resources: results }) },
    }
  }
}

/** Manifests stay the same objects from look to look. */
function sameObjects(one: Manifest[], other: Manifest[]): boolean {
  return one.length === other.length && one.every(({ object }, at) => object === other[at]?.object)
}
