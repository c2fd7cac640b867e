/** Whether an operation may begin, and go on: asked of the project anew each time. */
import type { Application, OperationState, SyncWindow } from '../model/index.ts'
import {
  blockedByWindow,
  type WindowQuestion,
  type WindowVerdict,
  windowsFor,
  windowVerdict,
} from '../project/index.ts'
import type { Finding } from './conditions.ts'
import { projectOf } from './project.ts'
import { clusterFor, type Stages } from './stages.ts'

/** The sync windows of its project that concern an application. */
export function windowsOf(application: Application, stages: Stages): SyncWindow[] {
  const { destination } = application.spec
  const cluster = clusterFor(destination, stages.clusters)
  const names = [destination.name, destination.server, cluster?.name, cluster?.server]
  return windowsFor(projectOf(application, stages)?.spec ?? {}, {
    name: application.metadata.name,
    namespace: destination.namespace ?? '',
    clusters: names.filter((name) => name !== undefined && name !== '') as string[],
  })
}

function askWindows(application: Application, stages: Stages, question: WindowQuestion): WindowVerdict {
  return windowVerdict(windowsOf(application, stages), question)
}

/** Why nobody may sync by hand now; undefined: they may. */
export function manualSyncRefusal(application: Application, stages: Stages): string | undefined {
  const { permitted, reason } = askWindows(application, stages, { manual: true, now: stages.clock.now() })
  return permitted ? undefined : reason
}

/** Why an operation must not begin, or not go on; undefined: it may. */
export function windowRefusal(application: Application, state: OperationState, stages: Stages): string | undefined {
  const manual = state.operation.initiatedBy?.automated !== true
  const startedAt = Date.parse(state.startedAt)
  const { permitted, reason } = askWindows(application, stages, { manual, now: stages.clock.now(), startedAt })
  if (permitted) return undefined
  const advice = manual ? '; sync again then, or set manualSync on the window' : ''
  return `${blockedByWindow}: ${reason}${advice}`
}

/** True for an operation that failed for nothing but a window: once that is over there is no reason to wait. */
export function wasBlocked({ message = '' }: OperationState): boolean {
  return message.includes(blockedByWindow)
}

export interface Hold {
  finding: Finding
  /** When it ends by itself, in milliseconds since the epoch; undefined: something has to change first. */
  until?: number
}

/** A window that an automated sync has to wait for. */
export function windowHold(application: Application, stages: Stages): Hold | undefined {
  const question = { manual: false, now: stages.clock.now() }
  const { permitted, reason, until } = askWindows(application, stages, question)
  if (permitted) return undefined
  const message = `automated sync waits: ${reason}`
  return { finding: { type: 'SyncWindowWarning', message }, ...(until !== undefined && { until }) }
}
