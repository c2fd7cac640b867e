/** A CronJob: Degraded when its last run has not succeeded and none is under way. */
import type { Health, KubeObject } from '../../model/index.ts'
import { fieldsAt, listAt, textAt } from '../status-fields.ts'

export function cronJobHealth(cronJob: KubeObject): Health {
  if (fieldsAt(cronJob, 'spec').suspend === true) return { status: 'Healthy', message: 'it is suspended' }
  if (cronJob.status === undefined) return { status: 'Progressing', message: 'the controller has not taken it yet' }
  const status = fieldsAt(cronJob, 'status')
  const [scheduled, succeeded] = [textAt(status, 'lastScheduleTime'), textAt(status, 'lastSuccessfulTime')]
  if (!scheduled) return { status: 'Healthy', message: 'it has not been due yet' }
  if (!succeeded) return { status: 'Healthy', message: 'it has never succeeded' }
  const isRunning = listAt(cronJob, 'status', 'active').length > 0
  if (isRunning || succeeded >= scheduled) return { status: 'Healthy' }
  return {
    status: 'Degraded',
    message: `the run of ${scheduled} has not succeeded; the last that did ended ${succeeded}`,
  }
}
