/** Sees that each ApplicationSet has the applications that it means: asked by name, never told what happened. */
import {
  type Application,
  type ApplicationSet,
  annotation,
  finalizer,
  mergePatch,
  messageOf,
  StageError,
} from '../model/index.ts'
import { eachAtOnce } from './at-once.ts'
import { type Generated, generateApplications, lookAgainMs } from './generate-applications.ts'
import { openGenerators } from './generators/evaluate.ts'
import { keyOf, OwnedApplications, type OwnedChange, type SetKey } from './owned-applications.ts'
import { policyOf } from './policy.ts'
import { repositoriesOf } from './repositories.ts'
import { configurationFaults, hasStartedSince, progressOf } from './rollout/progress.ts'
import { syncOperation } from './rollout/rolling-form.ts'
import { isReverseDeletion, isRollingSync, stepsOf } from './rollout/steps.ts'
import { isRefreshAsked, SetMemory } from './set-memory.ts'
import { SetWork, writeConcurrency } from './set-work.ts'
import { conditionsOf, type Findings, healthOf, resourcesOf, type SetCondition, type SetStatus } from './status.ts'
import { validated } from './validate.ts'
import type { Queue, SetWorld } from './world.ts'

/** Sets at once. */
const concurrency = 10
/** After a failure that may pass. */
/** Between two looks at a rollout because applications stand differently. */
const rolloutPauseMs = 200
const retryMs = { first: 5_000, most: 180_000 }

interface RolloutState {
  applicationStatus: SetStatus['applicationStatus']
  conditions: SetCondition[]
}

export class ApplicationSetController {
  readonly #world: SetWorld
  readonly #queue: Queue
  readonly #generators = openGenerators()
  readonly #owned = new OwnedApplications()
  readonly #sets = new Map<SetKey, ApplicationSet>()
  readonly #memories = new Map<SetKey, SetMemory>()
  readonly #stopping = new AbortController()
  readonly #work: SetWork

  /** `applications`: those that there are; changes are told from then on. */
  constructor(world: SetWorld, applications: Application[]) {
    this.#world = world
    this.#work = new SetWork(world, this.#owned, this.#stopping.signal)
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

  /** Somebody has pushed to a repository; `isMeant` tells whether an address is one of it. Resolves to how many sets read it. */
  repositoryMoved(isMeant: (repoURL: string) => boolean): number {
    let touched = 0
    for (const [key, { spec }] of this.#sets) {
      if (!repositoriesOf(spec.generators).some((url) => url.includes('{{') || isMeant(url))) continue
      this.#memory(key).notOlderThan = this.#world.clock.now()
      this.#generateAnew(key)
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
    if (set.metadata.deletionTimestamp) return this.#finish(key, set)
    await this.#holdForOrder(set)
    const isWhole = memory.isStale || memory.generated === undefined || this.#world.clock.now() >= memory.nextAt
    if (isWhole) await this.#renew(set, memory)
    const isRolling = isRollingSync(set) && this.#world.settings().progressiveSyncs
    // Each of a rollout depends on all others.
    const names = isWhole || isRolling ? undefined : [...memory.changed]
    memory.changed.clear()
    const findings = await this.#work.carryOut(set, memory, names)
    await this.#writeStatus(key, findings)
    if (isRolling) await this.#startSyncs(key)
    this.#schedule(key, set, findings)
    if (memory.changed.size > 0 && findings.writeFaults.length === 0) this.#queue.add(key)
  }

  /** What is wanted, from the beginning. */
  async #renew(set: ApplicationSet, memory: SetMemory): Promise<void> {
    memory.isStale = false
    const { applications, generatorFaults, templateFaults, mayPass } = await this.#generate(set, memory.notOlderThan)
    const { valid, names, faults } = validated(applications, (one) => this.#world.faultOf(one))
    memory.generated = {
      valid: new Map(valid.map((one) => [one.metadata.name, one])),
      names,
      validationFaults: faults,
      generatorFaults,
      templateFaults,
      mayPass,
    }
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
    const rollout = this.#rolloutOf(set, findings, time)
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

  #rolloutOf(set: ApplicationSet, { changed }: Findings, now: string): RolloutState {
    if (!isRollingSync(set)) return { applicationStatus: undefined, conditions: [] }
    if (!this.#world.settings().progressiveSyncs) {
      const advice = 'set applicationsetcontroller.enable.progressive.syncs of argocd-cmd-params-cm to "true"'
      const message = `the strategy RollingSync is not followed, and applications are synced all at once: ${advice}`
      return { applicationStatus: undefined, conditions: configurationFaults([message]) }
    }
    const owned = this.#owned.of(keyOf(set))
    const meant = this.#memory(keyOf(set)).generated?.valid.values() ?? []
    return progressOf({ set, steps: stepsOf(set, meant), owned, changed, now })
  }

  /** It is on record whose turn it is: those that have not begun are asked to. */
  async #startSyncs(key: SetKey): Promise<void> {
    const set = this.#sets.get(key)
    const { generated } = this.#memory(key)
    const pending = (set?.status?.applicationStatus ?? []).filter(({ status }) => status === 'Pending')
    const starting = pending.flatMap(({ application: name = '', lastTransitionTime }) => {
      const live = this.#owned.of(key).get(name)
      const meant = generated?.valid.get(name)
      const isIdle = live && !live.operation && !hasStartedSince(live, lastTransitionTime)
      return isIdle && meant ? [{ live, operation: syncOperation(meant) }] : []
    })
    const failures = await eachAtOnce(starting, writeConcurrency, async ({ live, operation }) => {
      await this.#world.writes.patchApplication(live, { operation })
    })
    const [first] = failures
    if (first) throw first.error
  }

  /** Until the status may be written again only because applications stand differently. */
  #statusPauseMs(key: SetKey, { statusWrittenAt }: SetMemory): number {
    const intervalMs = Math.min(Math.max(this.#owned.of(key).size * 2, 1000), 30_000)
    const set = this.#sets.get(key)
    // A rollout goes on with what it hears of.
    if (set && isRollingSync(set)) return rolloutPauseMs
    return Math.max(statusWrittenAt + intervalMs - this.#world.clock.now(), 0)
  }

  #schedule(key: SetKey, set: ApplicationSet, { writeFaults }: Findings): void {
    const memory = this.#memory(key)
    if (memory.generated?.mayPass || writeFaults.length > 0) {
      memory.isStale ||= memory.generated?.mayPass === true
      this.#queue.addAfter(key, this.#retryPauseMs(key))
      return
    }
    memory.failures = 0
    const delayMs = lookAgainMs(set, this.#generators)
    if (delayMs === undefined) return
    memory.nextAt = this.#world.clock.now() + delayMs
    this.#queue.addAfter(key, delayMs)
  }

  #isOrdered(set: ApplicationSet): boolean {
    return this.#world.settings().progressiveSyncs && isReverseDeletion(set)
  }

  /** A set whose applications are to go in an order must not go before them. */
  async #holdForOrder(set: ApplicationSet): Promise<void> {
    const finalizers = set.metadata.finalizers ?? []
    if (!this.#isOrdered(set) || finalizers.includes(finalizer.resources)) return
    await this.#world.writes.patchSet(set, { metadata: { finalizers: [...finalizers, finalizer.resources] } })
  }

  /** Those that are in no step first, then step by step from the last; resolves to whether none is left. */
  async #deleteLastStep(key: SetKey, set: ApplicationSet): Promise<boolean> {
    const owned = this.#owned.of(key)
    if (owned.size === 0) return true
    const steps = stepsOf(set, owned.values())
    const placeOf = (name: string) => steps.of(name) ?? steps.count
    const last = Math.max(...[...owned.keys()].map(placeOf))
    const due = [...owned.values()].filter(
      ({ metadata }) => placeOf(metadata.name) === last && !metadata.deletionTimestamp,
    )
    const failures = await eachAtOnce(due, writeConcurrency, (application) => this.#work.delete(application))
    const [first] = failures
    if (first) throw first.error
    return false
  }

  /** The set is to go. What it owns goes after it, but for what its policy keeps. */
  async #finish(key: SetKey, set: ApplicationSet): Promise<void> {
    const finalizers = set.metadata.finalizers ?? []
    const others = finalizers.filter((one) => one !== finalizer.resources)
    if (others.length === finalizers.length) return
    const { writes, settings } = this.#world
    if (!policyOf(set, settings()).deletes) {
      const failures = await eachAtOnce([...this.#owned.of(key).values()], writeConcurrency, async (application) => {
        const kept = application.metadata.ownerReferences?.filter(({ uid }) => uid !== set.metadata.uid) ?? []
        const { resourceVersion } = application.metadata
        await writes.patchApplication(application, { metadata: { ownerReferences: kept, resourceVersion } })
      })
      const [first] = failures
      if (first) throw first.error
    } else if (this.#isOrdered(set) && !(await this.#deleteLastStep(key, set))) return
    await writes.patchSet(set, { metadata: { finalizers: others } })
  }
}
