/** Writes down what has become of an application: the smallest patch, or none. */
import { deepEqual } from 'fast-equals'
import {
  type Application,
  type ApplicationStatus,
  instanceName,
  mergePatch,
  messageOf,
  type OperationState,
} from '../model/index.ts'
import { conditionsFrom, type Finding } from './conditions.ts'
import { eventOf } from './event-of.ts'
import { occurrences } from './events.ts'
import type { Observation } from './observe.ts'
import { refreshAsked, refreshDone } from './refresh.ts'
import type { Stages } from './stages.ts'

/** While a rollout goes on its health changes with every pod; so often at most it is written down. */
export const healthIntervalMs = 1000

export class StatusWriter {
  readonly #stages: Stages

  constructor(stages: Stages) {
    this.#stages = stages
  }

  /** Resolves to whether there was anything to write. A refresh that was asked for is answered by it. */
  async write(before: Application, after: Application, observation: Observation): Promise<boolean> {
    const { controlPlane, clock, log } = this.#stages
    const asked = refreshAsked(before)
    const status = { ...after.status, ...(asked && { reconciledAt: new Date(clock.now()).toISOString() }) }
    const patch = patchOf(before, { ...after, status })
    if (!patch) return false
    await controlPlane.patch(this.#nameOf(before), asked ? { ...patch, metadata: refreshDone(before) } : patch)
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
    if (patch) await this.#stages.controlPlane.patch(this.#nameOf(application), patch)
  }

  #nameOf(application: Application): string {
    return instanceName(application, this.#stages.controlPlane.namespace)
  }
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
