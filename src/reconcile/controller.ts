/** The conductor: looks at one application at a time, asked by name, and sees that what it decides is done. */
import { setMaxListeners } from 'node:events'
import { deepEqual } from 'fast-equals'
import type { LiveChange } from '../live/index.ts'
import {
  type Application,
  annotation,
  instanceName,
  isAutomated,
  messageOf,
  type OperationState,
  pinnedForm,
  type ResourceKey,
  StageError,
  sourcesOf,
} from '../model/index.ts'
import { type AutoSyncDecision, decideAutoSync, isOvertaken } from './auto-sync.ts'
import { type Finding, pinFindings } from './conditions.ts'
import { deleteResources } from './delete-resources.ts'
import { Dependants, dependencyFault } from './dependencies.ts'
import { historyAfter } from './history.ts'
import { unlessHeld } from './holds.ts'
import { lookDelayMs } from './look-delay.ts'
import { dueAfter, type Memory, newMemory } from './memory.ts'
import { type Observation, observe } from './observe.ts'
import { attemptOf, Obstacle } from './obstacle.ts'
import { wasBlocked } from './operation-permission.ts'
import { OperationRun, startedState } from './operation-run.ts'
import { projectOf } from './project.ts'
import { NameQueue } from './queue.ts'
import { refreshAsked } from './refresh.ts'
import type { Cluster, Stages } from './stages.ts'
import { resourceStatusesForAutoSync, statusFrom } from './status.ts'
import { changesHealthOnly, healthIntervalMs, StatusWriter } from './status-writer.ts'

interface Situation {
  application: Application
  memory: Memory
  observation: Observation
  promising: boolean
  now: Date
}

/** How long an object of nobody waits for others like it: they often come many at a time. */
const strangerDelayMs = 500

export interface Controller {
  /** An application, or what it consists of, may have changed. */
  look(name: string): void
  lookAtAll(): void
  /** The last look at an application; undefined before the first. */
  observation(name: string): Observation | undefined
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
  readonly #unsubscribe: (() => void)[]

  constructor(stages: Stages) {
    // Every look under way listens to it.
    setMaxListeners(0, this.#stopping.signal)
    this.#stages = stages
    this.#writer = new StatusWriter(stages)
    this.#queue = new NameQueue({
      concurrency: stages.settings.concurrency,
      work: (name) => this.#look(name),
      onError: (name, error) => this.#onError(name, error),
    })
    this.#unsubscribe = stages.clusters.map((cluster) =>
      cluster.live.onChange((change) => {
        if (change.instances.length === 0 && change.type !== 'modified') this.#onStranger(change.key)
        for (const instance of change.instances) this.#onChange(instance, change, cluster)
      }),
    )
    this.#unsubscribe.push(...stages.clusters.map(({ live }) => live.onKinds(() => this.lookAtAll())))
    this.lookAtAll()
  }

  look(name: string): void {
    this.#memories.get(name)?.run?.notice()
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

  #onChange(name: string, change: LiveChange, { live }: Cluster): void {
    const memory = this.#memories.get(name)
    memory?.run?.notice()
    const delayMs = lookDelayMs(change, memory, { live, health: this.#stages.health, now: this.#stages.clock.now() })
    if (delayMs === 0) this.#queue.add(name)
    else if (delayMs !== undefined) this.#queue.addAfter(name, delayMs)
  }

  /** It may be an orphan, or have been one. */
  #onStranger({ namespace }: ResourceKey): void {
    if (namespace === '') return
    for (const application of this.#stages.controlPlane.applications()) {
      if (application.spec.destination?.namespace !== namespace) continue
      const isAsked = projectOf(application, this.#stages)?.spec.orphanedResources !== undefined
      if (isAsked) this.#queue.addAfter(this.#nameOf(application), strangerDelayMs)
    }
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
    return this.#memories.get(name)?.observation
  }

  queueDepth(): number {
    return this.#queue.depth
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('stopping'))
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
    const runs = [...this.#memories.values()].flatMap(({ run }) => (run ? [run.stop()] : []))
    await Promise.all([this.#queue.stop(), ...runs])
  }

  #onError(name: string, error: unknown): void {
    if (this.#stopping.signal.aborted) return
    const memory = this.#memory(name)
    this.#stages.log.warn({ application: name, error: messageOf(error) }, 'the application could not be looked at')
    this.#queue.addAfter(name, backoffMs(memory.failures++))
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
    this.#stages.observer.looked((performance.now() - started) / 1000)
  }

  async #lookAt(name: string): Promise<void> {
    const found = this.#stages.controlPlane.application(name)
    if (!found) return this.#forget(name)
    const application = pinnedForm(found)
    if (application.metadata.annotations?.[annotation.skipReconcile] === 'true') return
    if (application.metadata.deletionTimestamp) return this.#finish(application)
    const memory = this.#memory(name)
    if (application.status?.operationState?.phase === 'Terminating') memory.run?.terminate()
    memory.looking = true
    try {
      const observation = await this.#observe(application, memory)
      memory.observation = observation
      await this.#conclude(application, memory, observation)
      this.#schedule(name, memory, observation)
    } finally {
      memory.looking = false
    }
  }

  async #observe(application: Application, memory: Memory): Promise<Observation> {
    const { clock, settings } = this.#stages
    const now = clock.now()
    const asked = refreshAsked(application)
    const hard = asked === 'hard' || now >= memory.hardDueAt
    if (hard) {
      memory.comparison.forget()
      memory.hardDueAt = dueAfter(settings.hardPollIntervalMs, now)
    } else if (memory.hardDueAt === Number.POSITIVE_INFINITY)
      memory.hardDueAt = dueAfter(settings.hardPollIntervalMs, now)
    const known = !hard && deepEqual(memory.spec, application.spec) ? memory.rendered : undefined
    const fresh = known !== undefined && !asked && now < memory.sourcesDueAt
    const observation = await observe(
      {
        application,
        sources: sourcesOf(application.spec ?? {}),
        ...(fresh && { rendered: known }),
        ...(known && !(known instanceof StageError) && { before: known }),
        refresh: asked !== undefined,
        comparison: memory.comparison,
        signal: this.#stopping.signal,
      },
      this.#stages,
    )
    if (!fresh) this.#rememberSources(application, memory, observation)
    return observation
  }

  #rememberSources(application: Application, memory: Memory, { rendered, sourceError }: Observation): void {
    const { clock, settings } = this.#stages
    const { rendered: before } = memory
    const known = before instanceof StageError ? undefined : before?.revisions.join()
    const moved = known !== undefined && rendered && known !== rendered.revisions.join()
    memory.spec = application.spec
    // An error that will come again costs nothing more until then.
    memory.rendered = rendered ?? (sourceError?.retry ? undefined : sourceError)
    memory.sourcesDueAt = memory.rendered ? dueAfter(settings.pollIntervalMs, clock.now(), settings.jitterMs) : 0
    // One application has seen a new commit: the others of its repository need not wait for their own turn.
    if (moved) this.#lookAtRepositoriesOf(application)
  }

  #lookAtRepositoriesOf(application: Application): void {
    const urls = new Set(sourcesOf(application.spec).map(({ repoURL }) => repoURL))
    for (const other of this.#stages.controlPlane.applications()) {
      const name = this.#nameOf(other)
      if (name === this.#nameOf(application) || !sourcesOf(other.spec).some(({ repoURL }) => urls.has(repoURL)))
        continue
      const memory = this.#memories.get(name)
      if (!memory || memory.sourcesDueAt === 0) continue
      memory.sourcesDueAt = 0
      this.#queue.addBehind(name)
    }
  }

  /** Decides what follows from the observation, writes it down, and starts what was decided. */
  async #conclude(application: Application, memory: Memory, observation: Observation): Promise<void> {
    const { clock } = this.#stages
    const name = this.#nameOf(application)
    const now = new Date(clock.now())
    const { ended } = memory
    const current = ended ? withEnded(application, ended) : application
    const promising = await this.#isPromising(current, memory, observation)
    this.#hurry(application, memory, { observation, promising })
    const decision = this.#decide({ application: current, memory, observation, promising, now })
    const operation = decision.kind === 'sync' ? decision.operation : current.operation
    const starts = operation !== undefined && !memory.run ? startedState(current, operation, now) : undefined
    const status = statusFrom(current, observation, { now, extra: this.#problems(current, decision, memory.run) })
    if (starts) status.operationState = starts
    const after = { ...current, ...(operation && { operation }), status }
    const pause = memory.writtenAt + healthIntervalMs - now.getTime()
    if (pause > 0 && !ended && !starts && changesHealthOnly(application, after)) {
      this.#queue.addAfter(name, pause)
      return
    }
    if (await this.#writer.write(application, after, observation)) {
      memory.writtenAt = now.getTime()
      this.#tellDependants(name)
    }
    // Only now is it safe to forget it, and to begin the next.
    if (ended && memory.ended === ended) {
      delete memory.ended
      this.#stages.observer.synced(application, ended)
    }
    if (decision.kind === 'wait') this.#queue.addAfter(name, decision.delayMs)
    if (decision.kind === 'hold' && decision.until) this.#queue.addAfter(name, decision.until - clock.now())
    if (starts) this.#start(memory, { name, state: starts, before: current.status?.operationState })
  }

  /** Whether what the last try of a sync may have failed by has changed since. */
  async #isPromising(application: Application, memory: Memory, observation: Observation): Promise<boolean> {
    const state = memory.run ? memory.run.wait?.state : application.status?.operationState
    const failed = state && (memory.run || state.phase === 'Failed' || state.phase === 'Error')
    if (!failed || !isAutomated(application.spec) || observation.sync === 'Synced') {
      delete memory.obstacle
      return false
    }
    const now = this.#stages.clock.now()
    if (memory.obstacle?.attempt !== attemptOf(state)) memory.obstacle = new Obstacle(state, now)
    const { obstacle } = memory
    if (wasBlocked(state)) return true
    const changed = await obstacle.hasChanged(observation, { now, signal: this.#stopping.signal })
    this.#queue.addAfter(this.#nameOf(application), obstacle.nextLookMs(now))
    return changed
  }

  /** An operation that waits need not do so when its next try is promising, or something else is wanted by now. */
  #hurry(
    application: Application,
    { run }: Memory,
    { observation, promising }: { observation: Observation; promising: boolean },
  ): void {
    const { clock, settings } = this.#stages
    if (!run) return
    const { rendered, manifests = [] } = observation
    if (rendered && isOvertaken(application, run.state, rendered.revisions)) {
      run.giveUp(`given up for ${rendered.revisions.join(', ')}, which is to be deployed now`, manifests)
    } else if (promising && run.wait && clock.now() - run.wait.since >= settings.selfHealBackoff.firstMs)
      run.wait.tryNow()
  }

  #decide({ application, memory, observation, promising, now }: Situation): AutoSyncDecision {
    if (memory.run || !observation.rendered) return { kind: 'none' }
    const { settings } = this.#stages
    const decision = decideAutoSync({
      application,
      ...resourceStatusesForAutoSync(observation, application, settings.tracking),
      revisions: observation.rendered.revisions,
      promising,
      now,
      selfHealBackoff: settings.selfHealBackoff,
      failureBackoff: settings.failureBackoff,
    })
    return unlessHeld(decision, application, this.#stages)
  }

  /** What is wrong beyond what a look can see. */
  #problems(application: Application, decision: AutoSyncDecision, run: OperationRun | undefined): Finding[] {
    const { controlPlane } = this.#stages
    const context = { controlNamespace: controlPlane.namespace, find: controlPlane.application }
    const fault = dependencyFault(application, context)
    const problem = decision.kind === 'refuse' || decision.kind === 'wait' ? decision.problem : run?.problem
    return [
      ...(fault ? [fault] : decision.kind === 'hold' ? [decision.finding] : []),
      ...(problem === undefined ? [] : [{ type: 'SyncError' as const, message: problem }]),
      ...pinFindings(application),
    ]
  }

  #start(
    memory: Memory,
    { name, state, before }: { name: string; state: OperationState; before?: OperationState },
  ): void {
    const found = this.#stages.controlPlane.application(name)
    if (!found || this.#stopping.signal.aborted) return
    const application = pinnedForm(found)
    const { controlPlane } = this.#stages
    memory.run = new OperationRun({
      application,
      instance: instanceName(application, controlPlane.namespace),
      state,
      ...(before && before !== state && { startedBefore: before.startedAt }),
      stages: this.#stages,
      comparison: memory.comparison,
      onProgress: (progress) => this.#writer.writeProgress(name, progress),
      onEnd: (ended) => {
        delete memory.run
        memory.ended = ended
        this.#queue.add(name)
      },
    })
  }

  #schedule(name: string, memory: Memory, observation: Observation): void {
    const { clock, settings } = this.#stages
    if (observation.retry) {
      this.#queue.addAfter(name, backoffMs(memory.failures++))
      return
    }
    memory.failures = 0
    // What cannot be rendered now may be right after the next commit.
    const dueAt = memory.sourcesDueAt || dueAfter(settings.pollIntervalMs, clock.now(), settings.jitterMs)
    const next = Math.min(dueAt, memory.hardDueAt)
    if (next < Number.POSITIVE_INFINITY) this.#queue.addAfter(name, Math.max(next - clock.now(), 0))
  }

  async #finish(application: Application): Promise<void> {
    const name = this.#nameOf(application)
    const { controlPlane } = this.#stages
    await this.#memories.get(name)?.run?.stop()
    const deletion = await deleteResources(application, this.#stages)
    if (deletion.kind === 'done') {
      const { finalizers, left } = deletion
      if (left.length > 0) await this.#writer.recordLeft(application, left)
      if (finalizers.length < (application.metadata.finalizers?.length ?? 0)) {
        await controlPlane.patch(name, {
          metadata: { finalizers, resourceVersion: application.metadata.resourceVersion },
        })
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
    this.#queue.forget(name)
    await memory?.run?.stop()
  }
}

function withEnded(application: Application, ended: OperationState): Application {
  const { operation: _operation, ...rest } = application
  const history = historyAfter(application, ended)
  return {
    ...rest,
    status: { ...application.status, operationState: ended, ...(history && { history }) },
  } as Application
}

function backoffMs(failures: number): number {
  return Math.min(1000 * 2 ** Math.min(failures, 10), 180_000)
}
