/** CronJob: a Job at every time of its schedule. */
import { deepEqual } from 'fast-equals'
import type { KubeObject } from '../object.ts'
import { StatusError } from '../status.ts'
import { timestamp } from './clock.ts'
import { type ControllerContext, referenceTo } from './context.ts'
import { dueOf } from './cron-schedule.ts'
import type { EventText } from './event-recorder.ts'
import { splitKey } from './informer.ts'
import { endOf } from './job-status.ts'
import { controllerOf, ownerReference } from './owner.ts'
import type { CronJob, Job } from './workload.ts'

const component = 'cronjob-controller'
const scheduledAnnotation = 'batch.kubernetes.io/cronjob-scheduled-timestamp'

interface ActiveReference {
  kind: string
  namespace?: string
  name?: string
  uid?: string
  apiVersion: string
  resourceVersion?: string
}

function activeOf({ status }: CronJob): ActiveReference[] {
  return (status?.active ?? []) as ActiveReference[]
}

function referenceOf({ metadata }: Job): ActiveReference {
  const { namespace, name, uid, resourceVersion } = metadata
  return { kind: 'Job', namespace, name, uid, apiVersion: 'batch/v1', resourceVersion }
}

function jobFor(cronJob: CronJob, at: number): KubeObject {
  const { metadata = {}, spec } = cronJob.spec.jobTemplate
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: `${cronJob.metadata.name}-${Math.floor(at / 60_000)}`,
      namespace: cronJob.metadata.namespace,
      ...(metadata.labels && { labels: metadata.labels }),
      annotations: { ...metadata.annotations, [scheduledAnnotation]: timestamp(at) },
      ownerReferences: [ownerReference(cronJob)],
    },
    spec,
  }
}

function byStart(a: Job, b: Job): number {
  return (a.status?.startTime ?? '').localeCompare(b.status?.startTime ?? '')
}

/** One look at one CronJob. */
class Look {
  readonly #context: ControllerContext
  readonly #cronJob: CronJob
  readonly #jobs: Job[]
  status: NonNullable<CronJob['status']>

  constructor(context: ControllerContext, cronJob: CronJob) {
    this.#context = context
    this.#cronJob = cronJob
    this.#jobs = context.informers.jobs.ownedBy(cronJob.metadata.uid ?? '')
    this.status = { ...cronJob.status }
  }

  tell(text: EventText): void {
    this.#context.events.record(component, this.#cronJob, text)
  }

  /** Takes ended Jobs off the list of active ones. */
  noteEnds(): void {
    const active = activeOf(this.#cronJob)
    const stays = active.filter((reference) => {
      const job = this.#jobs.find(({ metadata }) => metadata.uid === reference.uid)
      const end = job && endOf(job)
      if (job && !end) return true
      if (end) this.#noteEnd(job, end.type)
      else this.tell({ type: 'Warning', reason: 'MissingJob', message: `Active job went missing: ${reference.name}` })
      return false
    })
    const started = this.#jobs.filter((job) => !endOf(job) && !stays.some(({ uid }) => uid === job.metadata.uid))
    const { active: _, ...others } = this.status
    const all = [...stays, ...started.map(referenceOf)]
    this.status = all.length > 0 ? { ...others, active: all } : others
  }

  #noteEnd(job: Job, condition: string): void {
    const message = `Saw completed job: ${job.metadata.name}, condition: ${condition}`
    this.tell({ reason: 'SawCompletedJob', message })
    const completed = job.status?.completionTime
    if (completed && completed > (this.status.lastSuccessfulTime ?? '')) this.status.lastSuccessfulTime = completed
  }

  trimHistory(): void {
    const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = this.#cronJob.spec
    this.#trim('Complete', successfulJobsHistoryLimit)
    this.#trim('Failed', failedJobsHistoryLimit)
  }

  #trim(end: string, limit: number | undefined): void {
    if (limit === undefined) return
    const ended = this.#jobs.filter((job) => endOf(job)?.type === end && !job.metadata.deletionTimestamp)
    for (const job of ended.sort(byStart).slice(0, Math.max(0, ended.length - limit))) this.#delete(job)
  }

  #delete(job: Job): void {
    const { client, informers } = this.#context
    client.delete(referenceTo(informers.jobs.resource, job), { propagationPolicy: 'Background' })
    this.tell({ reason: 'SuccessfulDelete', message: `Deleted job ${job.metadata.name}` })
  }

  /** Starts the Job that is due, unless another still runs and must not be joined. */
  start(at: number): void {
    const running = activeOf({ ...this.#cronJob, status: this.status })
    const policy = this.#cronJob.spec.concurrencyPolicy
    if (running.length > 0 && policy === 'Forbid') {
      const message = 'Not starting job because prior execution is running and concurrency policy is Forbid'
      this.tell({ reason: 'JobAlreadyActive', message })
      return
    }
    const replaced = policy === 'Replace' ? this.#jobs.filter((job) => !endOf(job)) : []
    for (const job of replaced) this.#delete(job)
    const job = this.#create(at)
    if (!job) return
    const kept = running.filter(({ uid }) => !replaced.some(({ metadata }) => metadata.uid === uid))
    this.status = { ...this.status, active: [...kept, referenceOf(job)], lastScheduleTime: timestamp(at) }
  }

  #create(at: number): Job | undefined {
    const { client, informers } = this.#context
    try {
      const job = client.create(informers.jobs.resource, jobFor(this.#cronJob, at)) as Job
      this.tell({ reason: 'SuccessfulCreate', message: `Created job ${job.metadata.name}` })
      return job
    } catch (error) {
      if (!(error instanceof StatusError)) throw error
      // Its name tells its time: the one that is there is the one to be made
      if (error.status.reason === 'AlreadyExists') return undefined
      this.tell({ type: 'Warning', reason: 'FailedCreate', message: `Error creating job: ${error.message}` })
      throw error
    }
  }
}

export function startCronJobs(context: ControllerContext): void {
  const { client, clock, informers } = context
  const { cronJobs, jobs } = informers

  /** Returns the time to look at again. */
  function schedule(look: Look, cronJob: CronJob, now: number): number | undefined {
    if (cronJob.spec.suspend) return undefined
    try {
      const { last, next, hasMissedTooMany } = dueOf(cronJob, now)
      if (hasMissedTooMany) {
        const message = 'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew'
        look.tell({ type: 'Warning', reason: 'TooManyMissedTimes', message })
      }
      if (last !== undefined) look.start(last)
      return next
    } catch (error) {
      if (error instanceof StatusError) throw error
      const message = `unparseable schedule: ${JSON.stringify(cronJob.spec.schedule)} : ${String(error)}`
      look.tell({ type: 'Warning', reason: 'UnparseableSchedule', message })
      return undefined
    }
  }

  const queue = context.queues.queue((key) => {
    const cronJob = cronJobs.get(...splitKey(key))
    if (!cronJob || cronJob.metadata.deletionTimestamp) return
    const now = clock.now()
    const look = new Look(context, cronJob)
    look.noteEnds()
    look.trimHistory()
    const next = schedule(look, cronJob, now)
    if (!deepEqual(look.status, cronJob.status ?? {})) {
      client.updateStatus(cronJobs.resource, { ...cronJob, status: look.status })
    }
    if (next !== undefined) queue.addAfter(key, next - now)
  })
  cronJobs.onChange((now) => {
    if (now) queue.add(`${now.metadata.namespace}/${now.metadata.name}`)
  })
  jobs.onChange((now, old) => {
    const job = now ?? old
    const owner = job && controllerOf(job)
    if (owner?.kind === 'CronJob') queue.add(`${job?.metadata.namespace}/${owner.name}`)
  })
}
