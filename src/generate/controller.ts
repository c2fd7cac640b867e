/** Sees that each ApplicationSet has the applications that it means: asked by name, never told what happened. */
import { type Application, type ApplicationSet, annotation, mergePatch, messageOf, StageError } from '../model/index.ts'
import { noTracer, type Span } from '../trace/index.ts'
import { type Generated, generateApplications, lookAgainMs } from './generate-applications.ts'
import { openGenerators } from './generators/evaluate.ts'
import { keyOf, OwnedApplications, type OwnedChange, type SetKey } from './owned-applications.ts'
import { repositoriesOf } from './repositories.ts'
import { Rollouts } from './rollout/rollouts.ts'
import { isRollingSync } from './rollout/steps.ts'
import { SetDeletion } from './set-deletion.ts'
import { isRefreshAsked, SetMemory } from './set-memory.ts'
import { SetWork } from './set-work.ts'
import { conditionsOf, type Findings, healthOf, resourcesOf } from './status.ts'
import { validated } from './validate.ts'
import type { Queue, SetWorld } from './world.ts'

/** Sets at once. */
const concurrency = 10
/** Between two looks at a rollout because applications stand differently. */
const rolloutPauseMs = 200
/** What began a sync in this second is asked for the next one in another: statuses tell times in seconds. */
const nextSecondMs = 1000
/** After a failure that may pass. */
const retryMs = { first: 5_000, most: 180_000 }

export class ApplicationSetController {
  readonly #world: SetWorld
  readonly #queue: Queue
  readonly #generators = openGenerators()
  readonly #owned = new OwnedApplications()
  readonly #sets = new Map<SetKey, ApplicationSet>()
  readonly #memories = new Map<SetKey, SetMemory>()
  readonly #stopping = new AbortController()
  readonly #work: SetWork
  readonly #deletion: SetDeletion
  readonly #rollouts: Rollouts

  /** `applications`: those that there are; changes are told from then on. */
  constructor(world: SetWorld, applications: Application[]) {
    this.#world = world
    this.#work = new SetWork(world, this.#owned, this.#stopping.signal)
    this.#deletion = new SetDeletion(world, this.#owned, this.#work)
    this.#rollouts = new Rollouts(world, this.#owned)
    this.#queue = world.openQueue({
      concurrency,
      work: (key) => this.#look(key),
      onError: (key, error) => this.#onError(key, error),
    })
    for (const application of applications) this.#owned.put(application)
    for (const set of world.sets()) this.setChanged(set)
  }

  setChanged(set: ApplicationSet): void {
    const key = keyOf(set)
    this.#sets.set(key, set)
    if (this.#memory(key).see(set, this.#world.clock.now())) this.#queue.add(key)
  }

  setGone(set: ApplicationSet): void {
    const key = keyOf(set)
    this.#sets.delete(key)
    this.#memories.delete(key)
    this.#queue.forget(key)
  }

  applicationChanged(application: Application): void {
    this.#onChange(application.metadata.name, this.#owned.put(application))
  }

  applicationGone(application: Application): void {
    const change = this.#owned.forget(application)
    this.#onChange(application.metadata.name, change)
    // A name that was taken is free.
    for (const [key, { generated }] of this.#memories) {
      if (!change.sets.includes(key) && generated?.names.has(application.metadata.name)) this.#notice(key, application)
    }
  }

  #notice(key: SetKey, { metadata }: Application): void {
    if (this.#sets.get(key)?.metadata.namespace !== metadata.namespace) return
    this.#memory(key).changed.add(metadata.name)
    this.#queue.add(key)
  }

  #onChange(name: string, { sets, form, state }: OwnedChange): void {
    for (const key of sets) {
      if (!this.#sets.has(key)) continue
      const memory = this.#memory(key)
      if (form && memory.writing.has(name)) continue
      if (form) {
        memory.changed.add(name)
        this.#queue.add(key)
      } else if (state) this.#queue.addAfter(key, this.#statusPauseMs(key, memory))
    }
  }

  /** A cluster has come, gone or changed; or settings have. */
  generateAll(): void {
    for (const key of this.#sets.keys()) this.#generateAnew(key)
  }

  /** Somebody has pushed; `isMeant` tells whether to this revision of this repository. The answer is how many sets read it. */
  repositoryMoved(isMeant: (repoURL: string, revision: string) => boolean): number {
    let touched = 0
    for (const [key, set] of this.#sets) {
      const { spec } = set
      // What only a template tells may be anything.
      const isTouched = repositoriesOf(spec.generators).some(
        ({ repoURL, revision }) => `${repoURL}${revision}`.includes('{{') || isMeant(repoURL, revision),
      )
      if (!isTouched) continue
      this.#memory(key).notOlderThan = this.#world.clock.now()
      this.#generateAnew(key)
      if (this.#world.isOurs?.(key) === false) this.#world.askOwner?.(set)
      touched++
    }
    return touched
  }

  #generateAnew(key: SetKey): void {
    this.#memory(key).isStale = true
    this.#queue.add(key)
  }

  /** The applications that a set would make; throws a StageError where that is not known. */
  async preview(set: ApplicationSet): Promise<Application[]> {
    const generated = await this.#generate(set, 0)
    const { valid, faults } = validated(generated.applications, (one) => this.#world.faultOf(one))
    const [first] = [...generated.generatorFaults, ...generated.templateFaults, ...faults]
    if (first !== undefined) throw new StageError('generate', first, { retry: generated.mayPass })
    return valid
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('stopping'))
    await this.#queue.stop()
  }

  #memory(key: SetKey): SetMemory {
    const known = this.#memories.get(key) ?? new SetMemory()
    this.#memories.set(key, known)
    return known
  }

  #onError(key: SetKey, error: unknown): void {
    if (this.#stopping.signal.aborted) return
    this.#world.log.warn({ applicationSet: key, error: messageOf(error) }, 'the ApplicationSet could not be looked at')
    this.#memory(key).isStale = true
    this.#queue.addAfter(key, this.#retryPauseMs(key))
  }

  #retryPauseMs(key: SetKey): number {
    const memory = this.#memory(key)
    return Math.min(retryMs.first * 2 ** memory.failures++, retryMs.most)
  }

  #generate(set: ApplicationSet, notOlderThan: number): Promise<Generated> {
    const { inputs } = this.#world
    const { signal } = this.#stopping
    return generateApplications(set, { generators: this.#generators, inputs, notOlderThan, signal })
  }

  async #look(key: SetKey): Promise<void> {
    const set = this.#sets.get(key)
    if (!set) return
    const memory = this.#memory(key)
    if (this.#world.isOurs?.(key) === false) {
      memory.isOthers = true
      return
    }
    memory.becomeOurs(this.#world.clock.now())
    const { tracer = noTracer } = this.#world
    const attributes = { 'tiphys.applicationset': key }
    return tracer.trace('applicationset', { attributes }, (span) => this.#lookAtOurs(key, set, span))
  }

  async #lookAtOurs(key: SetKey, set: ApplicationSet, span: Span): Promise<void> {
    const memory = this.#memory(key)
    if (set.metadata.deletionTimestamp) return this.#deletion.finish(set)
    await this.#deletion.hold(set)
    const isWhole = memory.isStale || memory.generated === undefined || this.#world.clock.now() >= memory.nextAt
    if (isWhole) await this.#renew(key, set)
    const isRolling = isRollingSync(set) && this.#world.settings().progressiveSyncs
    // Each of a rollout depends on all others.
    const names = isWhole || isRolling ? undefined : [...memory.changed]
    memory.changed.clear()
    const findings = await this.#work.carryOut(set, memory, names)
    span.set({
      'tiphys.applications': memory.generated?.names.size,
      'tiphys.applications.changed': findings.changed.size,
    })
    const [fault] = [...findings.generatorFaults, ...findings.templateFaults, ...findings.writeFaults]
    if (fault !== undefined) span.fail(fault)
    await this.#writeStatus(key, findings)
    const recorded = this.#sets.get(key)
    if (isRolling && recorded) await this.#rollouts.startSyncs(recorded, memory.generated)
    this.#schedule(key, findings)
    if (memory.changed.size > 0 && findings.writeFaults.length === 0) this.#queue.add(key)
  }

  /** What is wanted, from the beginning. */
  async #renew(key: SetKey, set: ApplicationSet): Promise<void> {
    const memory = this.#memory(key)
    memory.isStale = false
    const { applications, generatorFaults, templateFaults, mayPass } = await this.#generate(set, memory.notOlderThan)
    const { valid, names, faults } = validated(applications, (one) => this.#world.faultOf(one))
    memory.make(set, names)
    memory.generated = {
      valid: new Map(valid.map((one) => [one.metadata.name, one])),
      names,
      validationFaults: faults,
      generatorFaults,
      templateFaults,
    }
    if (!mayPass) memory.failures = 0
    const delayMs = mayPass ? this.#retryPauseMs(key) : lookAgainMs(set, this.#generators)
    memory.nextAt = this.#world.clock.now() + (delayMs ?? Number.POSITIVE_INFINITY)
    if (!isRefreshAsked(set)) return
    await this.#world.writes.patchSet(set, { metadata: { annotations: { [annotation.applicationSetRefresh]: null } } })
  }

  async #writeStatus(key: SetKey, findings: Findings): Promise<void> {
    const set = this.#sets.get(key)
    const memory = this.#memory(key)
    if (!set) return
    const { clock, settings, writes } = this.#world
    const now = clock.now()
    const time = new Date(now).toISOString().replace(/\.\d+Z$/, 'Z')
    const rollout = this.#rollouts.stateOf(set, { changed: findings.changed, generated: memory.generated }, time)
    if (rollout.isTooSoon) this.#queue.addAfter(key, nextSecondMs)
    const conditions = conditionsOf(findings, {
      before: set.status?.conditions ?? [],
      more: rollout.conditions,
      now: time,
    })
    const resources = resourcesOf(this.#owned.of(key).values(), settings().mostResources)
    const { applicationStatus } = rollout
    const status = { ...set.status, conditions, ...resources, health: healthOf(conditions), applicationStatus }
    const patch = mergePatch(set.status ?? {}, status)
    if (!patch) return
    // The list of ten thousand applications is not written again for each of them.
    const pauseMs = this.#statusPauseMs(key, memory)
    const isUrgent = 'conditions' in patch || 'applicationStatus' in patch
    if (!isUrgent && pauseMs > 0) return this.#queue.addAfter(key, pauseMs)
    memory.statusWrittenAt = now
    await writes.patchStatus(set, { status: patch })
  }

  /** Until the status may be written again only because applications stand differently. */
  #statusPauseMs(key: SetKey, { statusWrittenAt }: SetMemory): number {
    const intervalMs = Math.min(Math.max(this.#owned.of(key).size * 2, 1000), 30_000)
    const set = this.#sets.get(key)
    // A rollout goes on with what it hears of.
    if (set && isRollingSync(set)) return rolloutPauseMs
    return Math.max(statusWrittenAt + intervalMs - this.#world.clock.now(), 0)
  }

  #schedule(key: SetKey, { writeFaults }: Findings): void {
    const { nextAt } = this.#memory(key)
    if (writeFaults.length > 0) this.#queue.addAfter(key, this.#retryPauseMs(key))
    const delayMs = nextAt - this.#world.clock.now()
    if (delayMs < Number.POSITIVE_INFINITY) this.#queue.addAfter(key, Math.max(delayMs, 0))
  }
}
