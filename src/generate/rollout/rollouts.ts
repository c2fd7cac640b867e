/** Rollouts of sets: what stands in their statuses, and the syncs that follow from it. */
import type { ApplicationSet } from '../../model/index.ts'
import { eachAtOnce } from '../at-once.ts'
import { keyOf, type OwnedApplications } from '../owned-applications.ts'
import type { ValidatedSet } from '../set-memory.ts'
import { writeConcurrency } from '../set-work.ts'
import type { SetCondition, SetStatus } from '../status.ts'
import type { SetWorld } from '../world.ts'
import { configurationFaults, hasStartedSince, progressOf } from './progress.ts'
import { syncOperation } from './rolling-form.ts'
import { isRollingSync, stepsOf } from './steps.ts'

interface Known {
  /** Applications whose spec was not yet as wanted. */
  changed: ReadonlySet<string>
  generated: ValidatedSet | undefined
}

interface RolloutState {
  applicationStatus: SetStatus['applicationStatus']
  conditions: SetCondition[]
  isTooSoon?: boolean
}

export class Rollouts {
  readonly #world: SetWorld
  readonly #owned: OwnedApplications

  constructor(world: SetWorld, owned: OwnedApplications) {
    this.#world = world
    this.#owned = owned
  }

  stateOf(set: ApplicationSet, { changed, generated }: Known, now: string): RolloutState {
    if (!isRollingSync(set)) return { applicationStatus: undefined, conditions: [] }
    if (!this.#world.settings().progressiveSyncs) {
      const advice = 'set applicationsetcontroller.enable.progressive.syncs of argocd-cmd-params-cm to "true"'
      const message = `the strategy RollingSync is not followed, and applications are synced all at once: ${advice}`
      return { applicationStatus: undefined, conditions: configurationFaults([message]) }
    }
    const owned = this.#owned.of(keyOf(set))
    const meant = generated?.valid.values() ?? []
    return progressOf({ set, steps: stepsOf(set, meant), owned, changed, now })
  }

  /** It is on record whose turn it is: those that have not begun are asked to. */
  async startSyncs(set: ApplicationSet, generated: Known['generated']): Promise<void> {
    const pending = (set.status?.applicationStatus ?? []).filter(({ status }) => status === 'Pending')
    const starting = pending.flatMap(({ application: name = '', lastTransitionTime }) => {
      const live = this.#owned.of(keyOf(set)).get(name)
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
}
