/** One operation of one application, from its start, or from where a process that died left it, to its end. */
import { setMaxListeners } from 'node:events'
import {
  type Application,
  type ApplicationSource,
  keyOf,
  keyText,
  type Manifest,
  messageOf,
  type Operation,
  type OperationState,
  type ResourceResult,
  StageError,
  sourcesOf,
} from '../model/index.ts'
import { planSync, runSync, type SyncOutcome } from '../sync/index.ts'
import { describeFailure } from './auto-sync.ts'
import { Comparison, type Pair } from './compare.ts'
import { forbidsSync } from './conditions.ts'
import { isConfirmed } from './confirmation.ts'
import type { Observation } from './observe.ts'
import { observe } from './observe.ts'
import { windowRefusal } from './operation-permission.ts'
import { objectPermission } from './project.ts'
import { respectIgnored } from './respect-ignored.ts'
import { retryDelay } from './retry.ts'
import { openWait, pause, type RetryWait } from './retry-wait.ts'
import type { Cluster, Stages } from './stages.ts'
import { timestamp } from './status.ts'
import { trackedForm } from './tracked-form.ts'

/** The state that is written down before anything is done; an operation that was under way keeps what it has. */
export function startedState(application: Application, operation: Operation, now: Date): OperationState {
  const before = application.status?.operationState
  const underWay = before?.phase === 'Running' || before?.phase === 'Terminating'
  if (underWay && application.operation) return before
  return { operation, phase: 'Running', message: 'sync started', startedAt: timestamp(now) }
}

export interface OperationRunOptions {
  application: Application
  instance: string
  state: OperationState
  /** When the operation before began: pruning that it has left for lack of confirmation may be confirmed since. */
  startedBefore?: string
  stages: Stages
  /** Shared with the looks at the application while the operation deploys what the application names. */
  comparison: Comparison
  /** Writes progress down; resolves when it is safe. */
  onProgress(state: OperationState): Promise<void>
  onEnd(state: OperationState): void
}

/** Progress that a restart can do without is written this often. */
const progressIntervalMs = 1000

export class OperationRun {
  readonly done: Promise<void>
  readonly #options: OperationRunOptions
  readonly #stopping = new AbortController()
  readonly #terminating = new AbortController()
  #state: OperationState
  #written = { at: 0, hooks: '' }
  #wake: () => void = () => {}
  #problem: string | undefined
  #wait: RetryWait | undefined
  #manifests: Manifest[] = []
  #overtaken: string | undefined

  constructor(options: OperationRunOptions) {
    // Every write under way listens to them.
    setMaxListeners(0, this.#stopping.signal, this.#terminating.signal)
    this.#options = options
    this.#state = options.state.finishedAt ? begunAnew(options.state) : options.state
    if (options.state.phase === 'Terminating') this.terminate()
    this.done = this.#run()
  }

  /** Running hooks are deleted and the operation fails. */
  terminate(): void {
    this.#terminating.abort(new Error('Operation terminated'))
  }

  /** The process ends: everything stays as it is, for the next one to go on. */
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
    this.#wake()
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
    const { onEnd } = this.#options
    // Nobody is told of an end before the constructor has returned.
    await Promise.resolve()
    try {
      for (;;) {
        const blocked = this.#blocked()
        if (blocked) return onEnd(this.#ended({ phase: 'Failed', message: blocked }))
        const outcome = await this.#try()
        if (this.#overtaken) return onEnd(this.#ended({ ...outcome, message: this.#overtaken }))
        const pause = outcome.phase === 'Succeeded' ? undefined : this.#pauseBeforeRetry()
        if (pause === undefined) return onEnd(this.#ended(outcome))
        const reason = await this.#waitForRetry(outcome, pause)
        if (reason) return onEnd(this.#ended({ ...outcome, message: `${outcome.message}. ${reason}` }))
      }
    } catch (error) {
      if (this.#stopping.signal.aborted) return
      const terminated = this.#terminating.signal.aborted
      const message = terminated ? (this.#overtaken ?? 'Operation terminated') : messageOf(error)
      onEnd(this.#ended({ phase: terminated ? 'Failed' : 'Error', message }))
    }
  }

  #blocked(): string | undefined {
    const { application, stages } = this.#options
    return windowRefusal(application, this.#state, stages)
  }

  /** Looks at everything anew, plans, and carries the plan out. */
  async #try(): Promise<SyncOutcome> {
    const { operation } = this.#state
    if (!operation.sync) {
      throw new StageError('sync', 'the operation holds nothing to do: give it a sync field', { retry: false })
    }
    const observation = await this.#observe()
    const problem = observation.findings.find(({ type }) => forbidsSync(type))
    const { cluster } = observation
    if (problem || !cluster) {
      return { phase: 'Failed', message: problem?.message ?? 'the application could not be compared', results: [] }
    }
    this.#rememberRevisions(observation)
    this.#manifests = observation.manifests ?? []
    return this.#sync(observation, cluster)
  }

  #sources(): ApplicationSource[] {
    const { sync } = this.#state.operation
    if (sync?.sources?.length) return sync.sources
    return sync?.source ? [sync.source] : sourcesOf(this.#options.application.spec)
  }

  #observe(): Promise<Observation> {
    const { application, stages, comparison } = this.#options
    const { operation, syncResult } = this.#state
    const { sync, retry } = operation
    const named = sync?.revisions?.length ? sync.revisions : sync?.revision ? [sync.revision] : undefined
    // A resumed or repeated operation stays with the revision that it began with.
    const begun = syncResult?.revisions ?? (syncResult?.revision ? [syncResult.revision] : undefined)
    const revisions = retry?.refresh && this.#state.retryCount ? undefined : (begun ?? named)
    const usual = !sync?.source && !sync?.sources?.length
    return observe(
      {
        application,
        sources: this.#sources(),
        ...(revisions && { revisions }),
        comparison: usual ? comparison : new Comparison(),
        signal: AbortSignal.any([this.#stopping.signal, this.#terminating.signal]),
      },
      stages,
    )
  }

  #rememberRevisions({ rendered }: Observation): void {
    const sources = this.#sources()
    const revisions = rendered?.revisions ?? []
    const several = (this.#options.application.spec.sources?.length ?? 0) > 0 || sources.length > 1
    this.#state = {
      ...this.#state,
      syncResult: {
        ...this.#state.syncResult,
        revision: several ? '' : (revisions[0] ?? ''),
        ...(several ? { revisions, sources } : sources[0] && { source: sources[0] }),
      },
    }
  }

  async #sync(observation: Observation, cluster: Cluster): Promise<SyncOutcome> {
    const { application, instance, stages, startedBefore } = this.#options
    const { operation, startedAt, syncResult, retryCount = 0 } = this.#state
    const { resources, rendered } = observation
    const { spec } = application
    const syncOptions = operation.sync?.syncOptions ?? spec.syncPolicy?.syncOptions ?? []
    const read = ({ key, version }: Pair) => cluster.client.get({ ...key, version }, this.#stopping.signal)
    const manifests = await respectIgnored(observation, { syncOptions, read })
    const left = new Set(resources.filter(({ owner }) => owner !== undefined).map(({ key }) => keyText(key)))
    const deviating = new Set(
      resources.filter(({ verdict }) => verdict.kind !== 'synced').map(({ key }) => keyText(key)),
    )
    const home = { group: '', kind: 'Namespace', namespace: '', name: spec.destination.namespace ?? '' }
    const namespace = cluster.live.get(home)
    const plan = planSync({
      instanceName: instance,
      instanceOf: stages.instanceOf,
      mark: (object) => {
        const { tracking } = stages.settings
        return trackedForm({ object }, { instance, tracking, live: cluster.live.get(keyOf(object)) }).object
      },
      manifests: manifests.filter(({ object }) => !left.has(keyText(keyOf(object)))),
      live: [...resources.map(({ live }) => live), namespace].flatMap((live) => (live ? [live.object] : [])),
      operation: operation.sync ?? {},
      syncOptions,
      ...(spec.destination.namespace && { destinationNamespace: spec.destination.namespace }),
      ...(spec.syncPolicy?.managedNamespaceMetadata && {
        managedNamespaceMetadata: spec.syncPolicy.managedNamespaceMetadata,
      }),
      revision: rendered?.revisions[0] ?? '',
      startedAt,
      isOutOfSync: (key) => deviating.has(keyText(key)),
      pruneConfirmed: isConfirmed(application, startedBefore ?? startedAt),
    })
    const permission = objectPermission(application, { cluster, stages, sources: this.#sources() })
    return runSync({
      plan,
      // What a window stops may still tidy up after itself.
      refusal: ({ target, phase }) => permission(target) ?? (phase === 'SyncFail' ? undefined : this.#blocked()),
      client: cluster.client,
      live: {
        read: (target) => {
          const found = cluster.live.get(target)
          return found?.full ? found.object : undefined
        },
        changed: (ms, signal) => this.#changed(ms, signal),
      },
      ...(syncResult?.resources && { previous: syncResult.resources }),
      health: stages.health.assess,
      onProgress: (results, message) => this.#progress(results, message),
      // Each attempt is one of its own, so that the hooks of the one before are not taken for its own.
      operationId: `${startedAt}/${retryCount}`,
      waveDelayMs: stages.settings.syncWaveDelayMs,
      signal: this.#stopping.signal,
      terminate: this.#terminating.signal,
    })
  }

  #changed(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', end)
        resolve()
      }
      const timer = setTimeout(end, ms)
      signal.addEventListener('abort', end)
      this.#wake = end
    })
  }

  /** What became of hooks has to be on record before they are let go; the rest is for people. */
  async #progress(resources: ResourceResult[], message: string): Promise<void> {
    const result = this.#state.syncResult ?? { revision: '' }
    this.#state = { ...this.#state, message, syncResult: { ...result, resources } }
    const hooks = JSON.stringify(resources.filter(({ hookType }) => hookType))
    const now = this.#options.stages.clock.now()
    if (hooks === this.#written.hooks && now - this.#written.at < progressIntervalMs) return
    this.#written = { at: now, hooks }
    await this.#options.onProgress(this.#state)
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
    await this.#options.onProgress(this.#state)
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
    const result = this.#state.syncResult
    const finishedAt = timestamp(new Date(this.#options.stages.clock.now()))
    const syncResult = result && { ...result, ...(results && { resources: results }) }
    return { ...this.#state, phase, message, finishedAt, ...(syncResult && { syncResult }) }
  }
}

/** Manifests stay the same objects from look to look. */
function sameObjects(one: Manifest[], other: Manifest[]): boolean {
  return one.length === other.length && one.every(({ object }, at) => object === other[at]?.object)
}

/** A state that waits for its next try (it has an end, and is running all the same), as that try begins. */
function begunAnew({ finishedAt: _finishedAt, ...state }: OperationState): OperationState {
  const { resources: _resources, ...result } = state.syncResult ?? { revision: '' }
  return { ...state, syncResult: result }
}
