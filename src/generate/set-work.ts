/** Carries out what a set means: applications made, changed and deleted, as many at once as the server takes well. */
import { deepEqual } from 'fast-equals'
import { type Application, type ApplicationSet, finalizer, messageOf } from '../model/index.ts'
import { makeWay } from '../process/fair-turn.ts'
import { eachAtOnce } from './at-once.ts'
import { deletionAnswer, listed } from './deletion-guard.ts'
import { keyOf, type OwnedApplications } from './owned-applications.ts'
import { type PlanContext, type Step, stepFor } from './plan.ts'
import { policyOf } from './policy.ts'
import { withoutAutomatedSync } from './rollout/rolling-form.ts'
import { isRollingSync } from './rollout/steps.ts'
import type { SetMemory } from './set-memory.ts'
import { type Findings, noFindings } from './status.ts'
import { formOf } from './wanted-form.ts'
import type { SetWorld } from './world.ts'

/** For one set. */
export const writeConcurrency = 20
const resourcesFinalizer = new Set<string>([
  finalizer.resources,
  finalizer.resourcesForeground,
  finalizer.resourcesBackground,
])

type Write = Extract<Step, { kind: 'create' | 'change' }>

export class SetWork {
  readonly #world: SetWorld
  readonly #owned: OwnedApplications
  readonly #signal: AbortSignal

  constructor(world: SetWorld, owned: OwnedApplications, signal: AbortSignal) {
    this.#world = world
    this.#owned = owned
    this.#signal = signal
  }

  /** All applications, or those of these names. */
  async carryOut(set: ApplicationSet, memory: SetMemory, names: string[] | undefined): Promise<Findings> {
    const { generated } = memory
    if (!generated) return noFindings
    const { generatorFaults, templateFaults, validationFaults } = generated
    const context = this.#planContext(set)
    const isRolling = isRollingSync(set) && this.#world.settings().progressiveSyncs
    const changed = new Set<string>()
    const meant = names ? names.flatMap((name) => generated.valid.get(name) ?? []) : [...generated.valid.values()]
    const steps: Write[] = []
    for (const application of meant) {
      await makeWay()
      this.#signal.throwIfAborted()
      const step = await stepFor(isRolling ? withoutAutomatedSync(application) : application, context)
      if (step.kind === 'change' && 'spec' in step.patch) changed.add(application.metadata.name)
      memory.refused(application.metadata.name, step.kind === 'refuse' ? step.fault : undefined)
      const isKnown = step.kind === 'change' && memory.wasAnswered(application.metadata.name, step.wanted, step.live)
      if ((step.kind === 'create' || step.kind === 'change') && !isKnown) steps.push(step)
    }
    const writeFaults = await this.#write(set, steps, memory)
    const deletion = await this.#deleteSurplus(set, memory, writeFaults)
    return {
      generatorFaults,
      templateFaults,
      validationFaults: [...validationFaults, ...memory.refusals()],
      writeFaults,
      deletion,
      changed,
    }
  }

  #planContext(set: ApplicationSet): PlanContext {
    const { settings, settleIgnored } = this.#world
    const { namespace = '' } = set.metadata
    const rules = set.spec.ignoreApplicationDifferences ?? []
    return {
      set,
      policy: policyOf(set, settings()),
      preserved: settings().preserved,
      live: (name) => this.#owned.find(namespace, name),
      ...(rules.length > 0 && {
        settle: async (live, { metadata, spec }) => {
          const wanted = { ...live, metadata: { ...live.metadata, ...metadata }, spec }
          return formOf((await settleIgnored(live, wanted as Application, rules)) as Application)
        },
      }),
    }
  }

  /** Resolves to what could not be written. */
  async #write(set: ApplicationSet, steps: Write[], memory: SetMemory): Promise<string[]> {
    const { writes, log } = this.#world
    const done: Record<'create' | 'change', string[]> = { create: [], change: [] }
    const failures = await eachAtOnce(steps, writeConcurrency, async (step) => {
      this.#signal.throwIfAborted()
      if (step.kind === 'create') {
        await this.#writing(memory, step.application, () => writes.createApplication(step.application))
        done.create.push(step.application.metadata.name)
      } else if (step.kind === 'change') {
        const write = () => writes.patchApplication(step.live, step.patch)
        memory.written(step.wanted, await this.#writing(memory, step.live, write))
        done.change.push(step.live.metadata.name)
      }
    })
    this.#tell(set, 'ResourceCreated', 'created', done.create)
    this.#tell(set, 'ResourceUpdated', 'updated', done.change)
    this.#signal.throwIfAborted()
    return failures.map(({ item, error }) => {
      const { name } = (item.kind === 'create' ? item.application : item.live).metadata
      memory.changed.add(name)
      log.warn(
        { applicationSet: set.metadata.name, application: name, error: messageOf(error) },
        'an application could not be written',
      )
      return `the application ${name} could not be written: ${messageOf(error)}`
    })
  }

  /** What is told of an application while we write it is our own doing, unless it is something else afterwards. */
  async #writing(
    memory: SetMemory,
    { metadata: { namespace = '', name } }: Application,
    write: () => Promise<Application>,
  ): Promise<Application> {
    memory.writing.add(name)
    try {
      const answer = await write()
      const known = this.#owned.find(namespace, name)
      if (known && !deepEqual(formOf(known), formOf(answer))) memory.changed.add(name)
      return answer
    } finally {
      memory.writing.delete(name)
    }
  }

  #tell(
    set: ApplicationSet,
    reason: 'ResourceCreated' | 'ResourceUpdated' | 'ResourceDeleted',
    did: string,
    names: string[],
  ): void {
    if (names.length === 0) return
    const sorted = names.sort()
    this.#world.log.info(
      { applicationSet: set.metadata.name, applications: names.length },
      `${did} applications of a set`,
    )
    const what = listed(sorted).replace(/ (is|are)$/, '')
    this.#world.writes.record(set, { reason, type: 'Normal', message: `${did} ${what}` })
  }

  /** Resolves to why applications that are no longer generated are still there. */
  async #deleteSurplus(set: ApplicationSet, memory: SetMemory, writeFaults: string[]): Promise<string | undefined> {
    const { generated } = memory
    if (!generated || !policyOf(set, this.#world.settings()).deletes) return undefined
    const there = [...this.#owned.of(keyOf(set)).values()].filter(({ metadata }) => !metadata.deletionTimestamp)
    const surplus = there.filter(({ metadata }) => !generated.names.has(metadata.name))
    const isComplete = generated.generatorFaults.length === 0 && generated.templateFaults.length === 0
    const answer = deletionAnswer({
      set,
      surplus,
      owned: there.length,
      isComplete,
      wasMade: (name) => memory.hasMade(set, name),
    })
    if (answer.kind !== 'delete') return answer.message
    const deleted: string[] = []
    const failures = await eachAtOnce(answer.applications, writeConcurrency, async (application) => {
      this.#signal.throwIfAborted()
      await this.delete(application)
      deleted.push(application.metadata.name)
    })
    this.#tell(set, 'ResourceDeleted', 'deleted', deleted)
    for (const { item, error } of failures) {
      writeFaults.push(`the application ${item.metadata.name} could not be deleted: ${messageOf(error)}`)
    }
    return undefined
  }

  /** Nobody could delete the resources of an application whose cluster is not known any more: it would never go. */
  async delete(application: Application): Promise<void> {
    const { writes } = this.#world
    const finalizers = application.metadata.finalizers ?? []
    const others = finalizers.filter((one) => !resourcesFinalizer.has(one))
    if (others.length < finalizers.length && !this.#world.hasDestination(application)) {
      await writes.patchApplication(application, { metadata: { finalizers: others } })
    }
    await writes.deleteApplication(application)
  }
}
