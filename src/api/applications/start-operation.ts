/** Puts an operation on an Application, and waits for its end where that is the answer. */
import { type Application, instanceName, type Operation } from '../../model/index.ts'
import { isUnderWay } from '../../operation/index.ts'
import { deadlineIn } from '../../process/deadline.ts'
import { requestInfo } from '../../reconcile/operation-log.ts'
import { traceInfo } from '../../reconcile/told-to-traces.ts'
import type { Call } from '../call.ts'
import type { Services } from '../services.ts'
import { markApplication } from './mark-application.ts'
import { unmet } from './sync-request.ts'

export interface Start {
  application: Application
  operation: Operation
  /** For the audit. */
  did: string
  /** Written together with it. */
  with?: object
}

/** Throws FailedPrecondition while another one is under way. */
export function startOperation(call: Call, start: Start, services: Services): Promise<Application> {
  const { application, operation, did, with: more } = start
  const change = (current: Application) => {
    if (isUnderWay(current)) throw unmet('another operation is already in progress')
    if (current.metadata.deletionTimestamp) throw unmet('application is deleting')
    // By it the log tells what came of the request.
    const trace = services.stages.tracer.traceparent()
    const info = [
      ...(operation.info ?? []),
      { name: requestInfo, value: call.requestId },
      ...(trace ? [{ name: traceInfo, value: trace }] : []),
    ]
    return { ...more, operation: { ...operation, info } }
  }
  return markApplication(call, { application, change, did, reason: 'OperationStarted' }, services)
}

const patienceMs = 60_000

/** The application once `isSo`, or as it is when the time is up or the client has gone. */
export async function applicationOnce(
  application: Application,
  isSo: (current: Application) => boolean,
  { controlPlane, signal }: Pick<Services, 'controlPlane'> & { signal: AbortSignal },
): Promise<Application> {
  const name = instanceName(application, controlPlane.namespace)
  const current = () => controlPlane.application(name) ?? application
  const deadline = deadlineIn(patienceMs, signal)
  const limit = deadline.signal
  await new Promise<void>((resolve) => {
    const stop = controlPlane.onApplications(({ application: told }) => {
      if (told.metadata.uid === application.metadata.uid && isSo(told)) end()
    })
    limit.addEventListener('abort', end, { once: true })
    function end(): void {
      stop()
      deadline.clear()
      limit.removeEventListener('abort', end)
      resolve()
    }
    if (limit.aborted || isSo(current())) end()
  })
  return current()
}

/** Whether the operation that was put on it has come to its end. */
export function hasEnded({ operation, status }: Application): boolean {
  return operation === undefined && status?.operationState?.finishedAt !== undefined
}
