import { expect, test } from 'vitest'
import type { ObjectMeta } from '../object.ts'
import { comparable, type RecordedEvent, recording, sortEvents, toldOf } from './testing/recording.ts'
import { podsName, stage } from './testing/stage.ts'
import type { Job, JobSpec, JobStatus, Pod } from './workload.ts'

const jobs = { group: 'batch', version: 'v1', resource: 'jobs' }
const recorded = recording<{ transitions: { status: JobStatus }[]; events: RecordedEvent[] }>('job-transitions')
const volatile = ['lastTransitionTime', 'lastProbeTime', 'startTime', 'completionTime']

function jobOf(name: string, spec: Partial<JobSpec> = {}, image = 'i'): Job {
  const labels = { 'job-name': name }
  const metadata: ObjectMeta = { labels }
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace: 'demo' },
    spec: {
      parallelism: 1,
      completions: 1,
      backoffLimit: 6,
      selector: { matchLabels: labels },
      template: { metadata, spec: { containers: [{ name: 'c', image }], restartPolicy: 'Never' } },
      ...spec,
    },
  }
}

function jobStage(options: Parameters<typeof stage>[0] = {}) {
  const play = stage(options)
  play.settle()
  return {
    ...play,
    job: (name: string) => play.one(jobs, name) as Job | undefined,
    podOf: (name: string) => play.pods().find(({ metadata }) => metadata.labels?.['job-name'] === name) as Pod,
    start(job: Job): void {
      play.cluster.create(jobs, job)
      play.settle()
    },
  }
}

function conditionsOf(job: Job | undefined): string[] {
  return (job?.status?.conditions ?? []).map(({ type, status, reason }) => `${type} ${status} ${reason}`)
}

test('jobs go through every recorded transition as under the real controller', () => {
  const { start, job, podOf, bind, report, events } = jobStage()
  const seen: (JobStatus | undefined)[] = []
  start(jobOf('once'))
  bind(podOf('once'))
  report(podOf('once'), 'Running')
  seen.push(job('once')?.status)
  report(podOf('once'), 'Succeeded')
  seen.push(job('once')?.status)
  start(jobOf('fails', { backoffLimit: 0 }))
  bind(podOf('fails'))
  report(podOf('fails'), 'Failed')
  seen.push(job('fails')?.status)
  start(jobOf('later', { suspend: true }))
  seen.push(job('later')?.status)
  expect(comparable(seen, volatile)).toEqual(
    comparable(
      recorded.transitions.map(({ status }) => status),
      volatile,
    ),
  )
  expect(podOf('once').metadata.finalizers).toEqual([])
  expect(toldOf(events())).toEqual(sortEvents(recorded.events))
})

test('on the nodes a job completes by itself, and one whose image is called fail does not', () => {
  const { start, job, settle } = jobStage({ nodes: 1 })
  start(jobOf('good'))
  start(jobOf('bad', { backoffLimit: 0 }, 'migrate:fail'))
  settle(1000)
  expect(conditionsOf(job('good'))).toEqual([
    'SuccessCriteriaMet True CompletionsReached',
    'Complete True CompletionsReached',
  ])
  expect(conditionsOf(job('bad'))).toEqual([
    'FailureTarget True BackoffLimitExceeded',
    'Failed True BackoffLimitExceeded',
  ])
})

test('completions are reached with no more pods at once than parallelism allows', () => {
  const { start, job, settle, pods } = jobStage({ nodes: 1 })
  start(jobOf('many', { completions: 5, parallelism: 2 }))
  expect(pods()).toHaveLength(2)
  settle(3000)
  expect(job('many')?.status).toMatchObject({ succeeded: 5, ready: 0 })
  expect(pods()).toHaveLength(5)
})

test('an indexed job runs each index once and tells which are done', () => {
  const { start, job, settle, pods } = jobStage({ nodes: 1 })
  start(jobOf('indexed', { completions: 3, parallelism: 3, completionMode: 'Indexed' }))
  settle(1000)
  expect(job('indexed')?.status).toMatchObject({ succeeded: 3, completedIndexes: '0-2' })
  const variables = pods().map(({ spec }) => spec.containers[0]?.env?.[0]?.value)
  expect(variables.sort()).toEqual(['0', '1', '2'])
})

test('after a failure the next pod waits, twice as long each time', () => {
  const { start, job, settle, pods } = jobStage({ nodes: 1 })
  start(jobOf('retry', { backoffLimit: 2 }, 'migrate:fail'))
  settle(1000)
  expect(pods()).toHaveLength(1)
  settle(10_000)
  expect(pods()).toHaveLength(2)
  settle(19_000)
  expect(pods()).toHaveLength(2)
  settle(2_000)
  expect(pods()).toHaveLength(3)
  expect(conditionsOf(job('retry'))).toContain('Failed True BackoffLimitExceeded')
})

test('where containers restart in place, their restarts count against the limit', () => {
  const { start, job, settle } = jobStage({ nodes: 1 })
  const { template } = jobOf('x', {}, 'migrate:fail').spec
  const metadata = { labels: { 'job-name': 'restart' } }
  start(
    jobOf('restart', {
      backoffLimit: 1,
      template: { metadata, spec: { ...template.spec, restartPolicy: 'OnFailure' } },
    }),
  )
  settle(2_000)
  expect(conditionsOf(job('restart'))).toContain('Failed True BackoffLimitExceeded')
})

test('a deadline ends a job whose pods still run', () => {
  const { start, job, settle, pods } = jobStage()
  start(jobOf('slow', { activeDeadlineSeconds: 30 }))
  expect(pods()).toHaveLength(1)
  settle(31_000)
  expect(conditionsOf(job('slow'))).toEqual(['FailureTarget True DeadlineExceeded', 'Failed True DeadlineExceeded'])
  expect(pods()).toHaveLength(0)
})

test('a suspended job gives its pods back, and starts over when resumed', () => {
  const { start, job, settle, pods, patch } = jobStage({ nodes: 1 })
  start(jobOf('paused', { suspend: true }))
  expect(pods()).toHaveLength(0)
  patch(jobs, 'paused', { suspend: false })
  settle(100)
  expect(job('paused')?.status?.active).toBe(1)
  patch(jobs, 'paused', { suspend: true })
  settle(1000)
  expect(job('paused')?.status).toMatchObject({ ready: 0, terminating: 0 })
  expect(job('paused')?.status).not.toHaveProperty('active')
  expect(job('paused')?.status).not.toHaveProperty('failed')
  patch(jobs, 'paused', { suspend: false })
  settle(1000)
  expect(conditionsOf(job('paused'))).toContain('Complete True CompletionsReached')
})

test('a finished job goes when its time is over', () => {
  const { start, job, settle } = jobStage({ nodes: 1 })
  start(jobOf('short', { ttlSecondsAfterFinished: 60 }))
  settle(1000)
  expect(conditionsOf(job('short'))).toContain('Complete True CompletionsReached')
  settle(62_000)
  expect(job('short')).toBeUndefined()
})

test('pods are not held when their job is gone', () => {
  const { start, settle, cluster, podOf } = jobStage({ nodes: 1 })
  start(jobOf('gone'))
  settle(100)
  cluster.delete({ ...jobs, namespace: 'demo', name: 'gone' })
  settle()
  expect(podOf('gone').metadata.finalizers).toEqual([])
})

test('a finished job is left alone', () => {
  const { start, settle, cluster, podOf } = jobStage({ nodes: 1 })
  start(jobOf('once'))
  settle(1000)
  const before = cluster.writes.get('updateStatus jobs')
  cluster.delete({ ...podsName, namespace: 'demo', name: podOf('once').metadata.name ?? '' })
  settle(600_000)
  expect(podOf('once')).toBeUndefined()
  expect(cluster.writes.get('updateStatus jobs')).toBe(before)
})
