/** Job: pods until enough have succeeded, or too many have failed. */
import type { ControllerContext } from './context.ts'
import { referenceTo } from './context.ts'
import { keyOf, splitKey } from './informer.ts'
import {
  indexAnnotation,
  isTracked,
  type JobPods,
  missingIndexes,
  readIndexes,
  sortPods,
  trackingFinalizer,
} from './job-pods.ts'
import { counted, endOf, isTrue, jobStatus, untilDeadline, type Verdict, verdict } from './job-status.ts'
import { claimChildren, controllerOf } from './owner.ts'
import { queueOwners } from './owner-events.ts'
import { createPod, deletePod } from './pod-maker.ts'
import { leastMissedFirst } from './pod-state.ts'
import { writeStatus } from './status-writer.ts'
import type { WorkQueue } from './work-queue.ts'
import type { Job, Pod } from './workload.ts'

const component = 'job-controller'
const burst = 100
const longestBackOffMs = 600_000

export interface JobTiming {
  /** The pause after a Job's first failed pod; it doubles with each further one. */
  jobBackOffMs: number
}

class Jobs {
  readonly #context: ControllerContext
  readonly #timing: JobTiming
  /** When the last pod of a Job failed, by the Job's uid: the next one waits from then. */
  readonly #failedAt = new Map<string, number>()

  constructor(context: ControllerContext, timing: JobTiming) {
    this.#context = context
    this.#timing = timing
  }

  forget(job: Job): void {
    this.#failedAt.delete(job.metadata.uid ?? '')
  }

  /** Returns in how many milliseconds to look again. */
  look(job: Job): number | undefined {
    const { client, informers, clock } = this.#context
    const owned = claimChildren(client, { owner: job, selector: job.spec.selector, children: informers.pods })
    const now = clock.now()
    if (endOf(job)) {
      for (const pod of owned) this.release(pod)
      return this.#expire(job, now)
    }
    const before = sortPods(owned, job.spec.suspend)
    const counts = counted(job, before)
    if (before.newlyFailed.length > 0) this.#failedAt.set(job.metadata.uid ?? '', now)
    const end = verdict(job, before, { ...counts, now })
    const wait = job.metadata.deletionTimestamp ? undefined : this.#balance(job, before, { end, counts, now })
    const after = sortPods(informers.pods.ownedBy(job.metadata.uid ?? ''))
    const stored = writeStatus(client, informers.jobs.resource, {
      object: job,
      status: jobStatus(job, after, { counts, end, now }),
    })
    // After the status, so that no end is lost; in the same turn, so that none is counted twice
    const stopped = job.spec.suspend ? owned.filter(({ metadata }) => metadata.deletionTimestamp) : []
    for (const pod of [...before.newlySucceeded, ...before.newlyFailed, ...stopped]) this.release(pod)
    this.#tell(job, stored)
    const deadline = untilDeadline(stored, now)
    return Math.min(wait ?? Number.POSITIVE_INFINITY, deadline ?? Number.POSITIVE_INFINITY)
  }

  /** Lets go of a pod that is counted, or whose Job is gone. */
  release(pod: Pod): void {
    const { client, informers } = this.#context
    const live = informers.pods.get(pod.metadata.namespace, pod.metadata.name ?? '')
    if (!live || live.metadata.uid !== pod.metadata.uid || !isTracked(live)) return
    const finalizers = live.metadata.finalizers?.filter((finalizer) => finalizer !== trackingFinalizer)
    client.update(informers.pods.resource, { ...live, metadata: { ...live.metadata, finalizers } })
  }

  #balance(job: Job, pods: JobPods, plan: { end?: Verdict; counts: ReturnType<typeof counted>; now: number }) {
    const { end, counts, now } = plan
    const { parallelism = 1, completions } = job.spec
    const { succeeded = 0 } = counts
    const open =
      completions === undefined ? (succeeded > 0 ? pods.active.length : parallelism) : completions - succeeded
    const wanted = end || job.spec.suspend ? 0 : Math.max(0, Math.min(parallelism, open))
    const surplus = [...pods.active].sort(leastMissedFirst).slice(0, Math.max(0, pods.active.length - wanted))
    for (const pod of surplus) deletePod(this.#context, pod, { owner: job, component })
    const missing = wanted - pods.active.length
    if (missing <= 0) return undefined
    const pause = this.#untilNextTry(job, counts.failed ?? 0, now)
    if (pause > 0) return pause
    this.#create(job, pods, { count: Math.min(missing, burst), completedIndexes: counts.completedIndexes })
    return missing > burst ? 0 : undefined
  }

  #untilNextTry(job: Job, failed: number, now: number): number {
    const since = this.#failedAt.get(job.metadata.uid ?? '')
    if (since === undefined || failed === 0) return 0
    return since + Math.min(this.#timing.jobBackOffMs * 2 ** (failed - 1), longestBackOffMs) - now
  }

  #create(job: Job, pods: JobPods, { count, completedIndexes }: { count: number; completedIndexes?: string }): void {
    const { template } = job.spec
    const metadata = { finalizers: [trackingFinalizer] }
    if (job.spec.completionMode !== 'Indexed') {
      for (let made = 0; made < count; made++) createPod(this.#context, { owner: job, template, component, metadata })
      return
    }
    const indexes = missingIndexes(job, pods.active, readIndexes(completedIndexes)).slice(0, count)
    for (const index of indexes) createPod(this.#context, { owner: job, component, ...indexed(job, index) })
  }

  #tell(before: Job, after: Job): void {
    const { events } = this.#context
    const became = (type: string) => isTrue(after.status, type) && !isTrue(before.status, type)
    if (became('Complete')) events.record(component, after, { reason: 'Completed', message: 'Job completed' })
    if (became('Suspended')) events.record(component, after, { reason: 'Suspended', message: 'Job suspended' })
    if (isTrue(before.status, 'Suspended') && !isTrue(after.status, 'Suspended')) {
      events.record(component, after, { reason: 'Resumed', message: 'Job resumed' })
    }
    const end = endOf(after)
    if (!became('Failed') || !end) return
    const { reason = '', message = '' } = end
    events.record(component, after, { type: 'Warning', reason, message })
  }

  /** Removes a Job whose time after its end is over; returns how long that is still. */
  #expire(job: Job, now: number): number | undefined {
    const { ttlSecondsAfterFinished: ttl } = job.spec
    const ended = endOf(job)?.lastTransitionTime
    if (ttl === undefined || !ended || job.metadata.deletionTimestamp) return undefined
    const left = Date.parse(ended) + ttl * 1000 - now
    if (left > 0) return left
    const { client, informers } = this.#context
    client.delete(referenceTo(informers.jobs.resource, job), { propagationPolicy: 'Foreground' })
    return undefined
  }
}

/** The pod of one index: its own name, host name, label and variable. */
function indexed(job: Job, index: number) {
  const { template } = job.spec
  const text = String(index)
  const variable = { name: 'JOB_COMPLETION_INDEX', value: text }
  const withIndex = (container: Pod['spec']['containers'][number]) => ({
    ...container,
    env: [...(container.env ?? []), variable],
  })
  const { containers, initContainers } = template.spec
  return {
    template,
    metadata: {
      generateName: `${job.metadata.name}-${index}-`,
      finalizers: [trackingFinalizer],
      labels: { [indexAnnotation]: text },
      annotations: { [indexAnnotation]: text },
    },
    spec: {
      hostname: `${job.metadata.name}-${index}`,
      containers: containers.map(withIndex),
      ...(initContainers && { initContainers: initContainers.map(withIndex) }),
    },
  }
}

/** Pods whose Job is gone must not be held by its finalizer. */
function releaseOrphans(context: ControllerContext, jobs: Jobs, queue: WorkQueue): void {
  const { pods, jobs: known } = context.informers
  pods.onChange((pod) => {
    if (!pod || !isTracked(pod)) return
    const owner = controllerOf(pod)
    const job = owner && known.get(pod.metadata.namespace, owner.name)
    if (!job || job.metadata.uid !== owner?.uid) queue.add(keyOf(pod))
  })
  known.onChange((job, old) => {
    if (job || !old) return
    jobs.forget(old)
    for (const pod of pods.ownedBy(old.metadata.uid ?? '')) queue.add(keyOf(pod))
  })
}

export function startJobs(context: ControllerContext, timing: JobTiming): void {
  const { informers, queues } = context
  const jobs = new Jobs(context, timing)
  const queue = queues.queue((key) => {
    const job = informers.jobs.get(...splitKey(key))
    const wait = job && jobs.look(job)
    if (wait !== undefined && Number.isFinite(wait)) queue.addAfter(key, wait)
  })
  queueOwners(queue, { kind: 'Job', owners: informers.jobs, children: [informers.pods] })
  const orphans = queues.queue((key) => {
    const pod = informers.pods.get(...splitKey(key))
    const owner = pod && controllerOf(pod)
    const job = owner && informers.jobs.get(pod.metadata.namespace, owner.name)
    if (pod && job?.metadata.uid !== owner?.uid) jobs.release(pod)
  })
  releaseOrphans(context, jobs, orphans)
}
