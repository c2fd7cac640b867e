/** Has an application looked at anew, and waits for it. */
import { type Application, annotation, instanceName, isSkipped } from '../../model/index.ts'
import { deadlineIn } from '../../process/deadline.ts'
import { ApiError } from '../api-error.ts'
import type { Services } from '../services.ts'

export interface RefreshOptions {
  kind: 'normal' | 'hard'
  now: Date
  signal: AbortSignal
  limitMs?: number
}

type Looks = Pick<Services, 'controlPlane' | 'controller'> & {
  stages: { clusters: Pick<Services['stages']['clusters'], 'fault'> }
}

/** Resolves to the application as it is once the request has been taken off it; rejects when that takes too long. */
export async function refreshed(
  application: Application,
  { kind, now, signal, limitMs = 60_000 }: RefreshOptions,
  { controlPlane, controller, stages }: Looks,
): Promise<Application> {
  const instance = instanceName(application, controlPlane.namespace)
  const { annotations, deletionTimestamp } = application.metadata
  // Nothing is compared any more.
  if (deletionTimestamp) return application
  const fault = stages.clusters.fault(application.spec.destination ?? {})
  if (fault?.kind === 'left alone') throw new ApiError('FailedPrecondition', fault.message)
  if (isSkipped(annotations)) {
    throw new ApiError(
      'FailedPrecondition',
      `${instance} is not looked at as long as it has the annotation ${annotation.skipReconcile}: remove it first`,
    )
  }
  await controlPlane.patch(instance, {
    metadata: { annotations: { [annotation.refresh]: kind, [annotation.refreshTimestamp]: now.toISOString() } },
  })
  // Our own patches tell the controller nothing new.
  controller.look(instance)
  const deadline = deadlineIn(limitMs, signal)
  try {
    return await untilLookedAt(instance, { controlPlane, signal: deadline.signal })
  } finally {
    deadline.clear()
  }
}

function untilLookedAt(
  instance: string,
  { controlPlane, signal }: Pick<Services, 'controlPlane'> & { signal: AbortSignal },
): Promise<Application> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      stopListening()
      signal.removeEventListener('abort', tooLate)
    }
    const check = () => {
      const current = controlPlane.application(instance)
      if (current?.metadata.annotations?.[annotation.refresh] !== undefined) return
      settle()
      if (current) resolve(current)
      else reject(new ApiError('NotFound', `the application ${instance} has been deleted meanwhile`))
    }
    const tooLate = () => {
      settle()
      reject(new ApiError('DeadlineExceeded', `${instance} has not been looked at in time: ask again`))
    }
    const stopListening = controlPlane.onApplications(({ application }) => {
      if (instanceName(application, controlPlane.namespace) === instance) check()
    })
    signal.addEventListener('abort', tooLate)
    check()
  })
}
