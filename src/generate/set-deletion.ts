/** The end of a set: what it owns goes after it, in an order where one is asked for, but for what its policy keeps. */
import { type ApplicationSet, finalizer } from '../model/index.ts'
import { eachAtOnce } from './at-once.ts'
import { keyOf, type OwnedApplications } from './owned-applications.ts'
import { policyOf } from './policy.ts'
import { isReverseDeletion, stepsOf } from './rollout/steps.ts'
import { type SetWork, writeConcurrency } from './set-work.ts'
import type { SetWorld } from './world.ts'

export class SetDeletion {
  readonly #world: SetWorld
  readonly #owned: OwnedApplications
  readonly #work: Pick<SetWork, 'delete'>

  constructor(world: SetWorld, owned: OwnedApplications, work: Pick<SetWork, 'delete'>) {
    this.#world = world
    this.#owned = owned
    this.#work = work
  }

  #isOrdered(set: ApplicationSet): boolean {
    return this.#world.settings().progressiveSyncs && isReverseDeletion(set)
  }

  /** A set whose applications are to go in an order must not go before them. */
  async hold(set: ApplicationSet): Promise<void> {
    const finalizers = set.metadata.finalizers ?? []
    if (!this.#isOrdered(set) || finalizers.includes(finalizer.resources)) return
    await this.#world.writes.patchSet(set, { metadata: { finalizers: [...finalizers, finalizer.resources] } })
  }

  /** Those that are in no step first, then step by step from the last; resolves to whether none is left. */
  async #deleteLastStep(set: ApplicationSet): Promise<boolean> {
    const owned = this.#owned.of(keyOf(set))
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
  async finish(set: ApplicationSet): Promise<void> {
    const finalizers = set.metadata.finalizers ?? []
    const others = finalizers.filter((one) => one !== finalizer.resources)
    if (others.length === finalizers.length) return
    const { writes, settings } = this.#world
    if (!policyOf(set, settings()).deletes) {
      const failures = await eachAtOnce(
        [...this.#owned.of(keyOf(set)).values()],
        writeConcurrency,
        async (application) => {
          const kept = application.metadata.ownerReferences?.filter(({ uid }) => uid !== set.metadata.uid) ?? []
          const { resourceVersion } = application.metadata
          await writes.patchApplication(application, { metadata: { ownerReferences: kept, resourceVersion } })
        },
      )
      const [first] = failures
      if (first) throw first.error
    } else if (this.#isOrdered(set) && !(await this.#deleteLastStep(set))) return
    await writes.patchSet(set, { metadata: { finalizers: others } })
  }
}
