/** Writes down what has become of an application: the smallest patch, or none. */
import { deepEqual } from 'fast-equals'
import {
  type Application,
  type ApplicationStatus,
  annotation,
  instanceName,
  mergePatch,
  messageOf,
  type OperationState,
  StageError,
} from '../model/index.ts'
import { conditionsFrom, type Finding } from './conditions.ts'
import { eventOf } from './event-of.ts'
import { occurrences } from './events.ts'
import type { Observation } from './observe.ts'
import { refreshAsked, refreshDone } from './refresh.ts'
import { holderOf, mayStillWrite } from './share.ts'
import type { Stages } from './stages.ts'

/** While a rollout goes on its health changes with every pod; so often at most it is written down. */
export const healthIntervalMs = 1000

interface Written {
  observation: Observation
  /** An operation begins with it, or goes on here. */
  starts: boolean
}

export class StatusWriter {
  readonly #stages: Stages

  constructor(stages: Stages) {
    this.#stages = stages
  }

  /** Resolves to whether there was anything to write. A refresh that was asked for is answered by it. */
  async write(before: Application, after: Application, { observation, starts }: Written): Promise<boolean> {
    const { controlPlane, clock, log } = this.#stages
    const asked = refreshAsked(before)
    const status = { ...after.status, ...(asked && { reconciledAt: new Date(clock.now()).toISOString() }) }
    const patch = patchOf(before, { ...after, status })
    if (!patch) {
      if (starts) await this.claim(before)
      return false
    }
    await this.#store(before, asked ? { ...patch, metadata: refreshDone(before) } : patch, { claims: starts })
    for (const occurrence of occurrences(before.status ?? {}, after.status ?? {}, observation)) {
      const event = eventOf(before, occurrence, new Date(clock.now()))
      void controlPlane.record(event).catch((error: unknown) => {
        log.warn({ error: messageOf(error) }, 'an event could not be recorded')
      })
    }
    return true
  }

  /** How far an operation has come. */
  async writeProgress(name: string, operationState: OperationState): Promise<void> {
    const application = this.#stages.controlPlane.application(name)
    if (application) await this.#writeStatus(application, { ...application.status, operationState })
  }

  /** What stands in the way of an application's end. */
  async writeFindings(application: Application, findings: Finding[]): Promise<void> {
    if (findings.length === 0) return
    const now = new Date(this.#stages.clock.now())
    const conditions = conditionsFrom(findings, application.status?.conditions, now)
    await this.#writeStatus(application, { ...application.status, conditions })
  }

  /** What stays in the cluster when the application is gone: an event outlives it. */
  async recordLeft(application: Application, left: string[]): Promise<void> {
    const { controlPlane, clock, log } = this.#stages
    const message = `deleted without ${left.join('; ')}`
    log.warn({ application: application.metadata.name }, message)
    // The finalizer goes after it, and if that fails everything is done once more.
    const occurrence = { reason: 'ResourcesLeft', type: 'Warning', message, once: true } as const
    await controlPlane.record(eventOf(application, occurrence, new Date(clock.now()))).catch((error: unknown) => {
      if ((error as { reason?: unknown }).reason !== 'AlreadyExists')
        log.warn({ error: messageOf(error) }, 'an event could not be recorded')
    })
  }

  async #writeStatus(application: Application, status: ApplicationStatus): Promise<void> {
    const patch = patchOf(application, { ...application, status })
    if (patch) await this.#store(application, patch)
  }

  /** Puts on record that what is under way is ours; throws when it is somebody else's. */
  async claim(application: Application): Promise<void> {
    const { share } = this.#stages
    if (share && holderOf(application) !== share.holder()) await this.#store(application, {}, { claims: true })
  }

  /**
   * Where others work on the same applications, only while nobody has taken this one over: the server refuses the write
   * when the object has changed, and then it is looked up who has changed it.
   */
  async #store(before: Application, patch: { metadata?: object }, { claims = false } = {}): Promise<void> {
    const { controlPlane, share } = this.#stages
    const name = this.#nameOf(before)
    if (!share) return void (await controlPlane.patch(name, patch))
    let current = controlPlane.application(name)
    for (let tried = 1; ; tried++) {
      const me = share.holder()
      if (!current || !mayStillWrite(before, current, me)) throw takenOver(name)
      try {
        await controlPlane.patch(name, preconditioned(patch, { ...(claims && { holder: me }), current }))
        return
      } catch (error) {
        // A request to look that has been made since is still to be answered.
        if ((error as { code?: unknown }).code !== 409 || refreshAsked(before) || tried === 5) throw error
        current = await controlPlane.reread(name)
      }
    }
  }

  #nameOf(application: Application): string {
    return instanceName(application, this.#stages.controlPlane.namespace)
  }
}

interface Precondition {
  current: Application
  holder?: string | undefined
}

function preconditioned(patch: { metadata?: object }, { current, holder }: Precondition): object {
  const { annotations, ...metadata } = (patch.metadata ?? {}) as { annotations?: object }
  const all = { ...annotations, ...(holder && { [annotation.holder]: holder }) }
  const { resourceVersion } = current.metadata
  return {
    ...patch,
    metadata: { resourceVersion, ...metadata, ...(Object.keys(all).length > 0 && { annotations: all }) },
  }
}

function takenOver(name: string): StageError {
  return new StageError('sync', `another replica looks after ${name} now: it goes on`, { retry: false })
}

/** Nothing but how well things are differs. */
export function changesHealthOnly(before: Application, after: Application): boolean {
  if (refreshAsked(before)) return false
  const { sync, conditions } = before.status ?? {}
  return deepEqual({ sync, conditions }, { sync: after.status?.sync, conditions: after.status?.conditions })
}

/** Of the fields that are ours to write. */
function patchOf(before: Application, after: Application): object | undefined {
  const ours = ({ operation, status }: Application) => ({ operation, status })
  return mergePatch(ours(before), ours(after))
}
