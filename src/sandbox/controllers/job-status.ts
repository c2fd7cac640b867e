/** A Job's status: counts of ended pods, and the conditions it goes through to its end. */
import { timestamp } from './clock.ts'
import { indexOf, type JobPods, readIndexes, writeIndexes } from './job-pods.ts'
import { omitZero } from './omit-zero.ts'
import { conditionOf } from './pod-state.ts'
import type { Condition, Job, JobStatus } from './workload.ts'

export interface Verdict {
  /** Set first, when the outcome is certain: SuccessCriteriaMet or FailureTarget. */
  target: string
  /** Set last, when no pod runs any more: Complete or Failed. */
  final: string
  reason: string
  message: string
}

const success: Verdict = {
  target: 'SuccessCriteriaMet',
  final: 'Complete',
  reason: 'CompletionsReached',
  message: 'Reached expected number of succeeded pods',
}

function failure(reason: string, message: string): Verdict {
  return { target: 'FailureTarget', final: 'Failed', reason, message }
}

export function isTrue(status: JobStatus | undefined, type: string): boolean {
  return conditionOf(status?.conditions, type)?.status === 'True'
}

/** The condition with which the Job ended; undefined while it goes on. */
export function endOf(job: Job): Condition | undefined {
  return job.status?.conditions?.find(
    ({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True',
  )
}

function jobCondition(type: string, status: string, text: { reason: string; message: string; now: number }): Condition {
  const at = timestamp(text.now)
  return { type, status, lastProbeTime: at, lastTransitionTime: at, reason: text.reason, message: text.message }
}

/** Succeeded, failed and finished indexes after the new ends are counted. */
export function counted(job: Job, pods: JobPods): Pick<JobStatus, 'succeeded' | 'failed' | 'completedIndexes'> {
  const { succeeded = 0, failed = 0, completedIndexes } = job.status ?? {}
  const nowFailed = failed + pods.newlyFailed.length
  if (job.spec.completionMode !== 'Indexed') {
    return { succeeded: succeeded + pods.newlySucceeded.length, failed: nowFailed }
  }
  const done = readIndexes(completedIndexes)
  for (const pod of pods.newlySucceeded) done.add(indexOf(pod))
  return { succeeded: done.size, failed: nowFailed, completedIndexes: writeIndexes(done) }
}

/** Milliseconds until activeDeadlineSeconds have passed. */
export function untilDeadline({ spec, status }: Job, now: number): number | undefined {
  if (spec.activeDeadlineSeconds === undefined || !status?.startTime || spec.suspend) return undefined
  return Date.parse(status.startTime) + spec.activeDeadlineSeconds * 1000 - now
}

function isExhausted({ spec }: Job, failed: number, restarts: number): boolean {
  const limit = spec.backoffLimit ?? 6
  if (failed > limit) return true
  if (spec.template.spec.restartPolicy !== 'OnFailure') return false
  return limit === 0 ? restarts > 0 : restarts >= limit
}

/** How the Job ends, once that is certain. */
export function verdict(job: Job, pods: JobPods, { succeeded = 0, failed = 0, now }: JobStatus & { now: number }) {
  const before = job.status?.conditions?.find(({ type }) => type === 'FailureTarget')
  if (before) return failure(before.reason ?? '', before.message ?? '')
  if (isTrue(job.status, 'SuccessCriteriaMet')) return success
  if (isExhausted(job, failed, pods.restarts)) {
    return failure('BackoffLimitExceeded', 'Job has reached the specified backoff limit')
  }
  const left = untilDeadline(job, now)
  if (left !== undefined && left <= 0) {
    return failure('DeadlineExceeded', 'Job was active longer than specified deadline')
  }
  const { completions } = job.spec
  const isDone = completions === undefined ? succeeded > 0 && pods.active.length === 0 : succeeded >= completions
  return isDone ? success : undefined
}

/** The conditions after a pause or its end. */
function suspension(job: Job, now: number): Condition[] {
  const conditions = job.status?.conditions ?? []
  const others = conditions.filter(({ type }) => type !== 'Suspended')
  const before = conditions.find(({ type }) => type === 'Suspended')?.status === 'True'
  if (job.spec.suspend && !before) {
    return [...others, jobCondition('Suspended', 'True', { reason: 'JobSuspended', message: 'Job suspended', now })]
  }
  if (!job.spec.suspend && before) {
    return [...others, jobCondition('Suspended', 'False', { reason: 'JobResumed', message: 'Job resumed', now })]
  }
  return conditions
}

function addCondition(conditions: Condition[], type: string, text: Verdict & { now: number }): Condition[] {
  if (conditions.some((condition) => condition.type === type)) return conditions
  return [...conditions, jobCondition(type, 'True', text)]
}

/** `pods` as they are after this look's creations and deletions; `end` ends the Job when none of them runs. */
export function jobStatus(
  job: Job,
  pods: JobPods,
  { counts, end, now }: { counts: ReturnType<typeof counted>; end?: Verdict; now: number },
): JobStatus {
  let conditions = suspension(job, now)
  const isOver = end !== undefined && pods.active.length === 0 && pods.terminating === 0
  if (end) conditions = addCondition(conditions, end.target, { ...end, now })
  if (end && isOver) conditions = addCondition(conditions, end.final, { ...end, now })
  const startTime = job.spec.suspend ? undefined : (job.status?.startTime ?? timestamp(now))
  const isComplete = isOver && end.final === 'Complete'
  return omitZero(
    {
      conditions,
      startTime,
      completionTime: job.status?.completionTime ?? (isComplete ? timestamp(now) : undefined),
      active: pods.active.length,
      ...counts,
      terminating: pods.terminating,
      uncountedTerminatedPods: {},
      ready: pods.ready,
    },
    ['terminating', 'ready'],
  )
}
