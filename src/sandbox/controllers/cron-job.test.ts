import { expect, test } from 'vitest'
import type { KubeObject } from '../object.ts'
import { dueOf } from './cron-schedule.ts'
import { comparable, type RecordedEvent, recording, sortEvents, toldOf } from './testing/recording.ts'
import { stage } from './testing/stage.ts'
import type { CronJob, Job, JobSpec } from './workload.ts'

const cronJobs = { group: 'batch', version: 'v1', resource: 'cronjobs' }
const jobs = { group: 'batch', version: 'v1', resource: 'jobs' }
const minute = 60_000

function cronJobOf(spec: Partial<CronJob['spec']> = {}): CronJob {
  // A Job's selector is filled in by the API server, which this stage has not got
  const labels = { 'cron-test': 'yes' }
  const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'i' }], restartPolicy: 'Never' } }
  const jobSpec: JobSpec = { parallelism: 1, completions: 1, selector: { matchLabels: labels }, template }
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'cron', namespace: 'demo' },
    spec: { schedule: '* * * * *', concurrencyPolicy: 'Allow', jobTemplate: { spec: jobSpec }, ...spec },
  }
}

function cronStage(spec: Partial<CronJob['spec']> = {}, nodes = 0) {
  const play = stage({ nodes })
  play.cluster.create(cronJobs, cronJobOf(spec))
  play.settle()
  return {
    ...play,
    cronJob: () => play.one(cronJobs, 'cron') as CronJob,
    jobs: () => play.cluster.list(jobs) as Job[],
    reasons: () => play.events().map(({ reason }) => reason),
  }
}

test('at the first tick the cron job and its job are as under the real controller', () => {
  const recorded = recording<{ objects: KubeObject[]; events: RecordedEvent[] }>('cronjob')
  const play = cronStage({ concurrencyPolicy: 'Forbid' })
  expect(play.jobs()).toHaveLength(0)
  play.settle(minute)
  const volatile = [
    'uid',
    'resourceVersion',
    'lastScheduleTime',
    'batch.kubernetes.io/cronjob-scheduled-timestamp',
    'namespace',
  ]
  const [wanted, wantedJob] = recorded.objects
  const withoutNames = (status: unknown) => JSON.parse(JSON.stringify(status).replace(/cron-\d+/g, 'cron-TIME'))
  expect(comparable(withoutNames(play.cronJob().status), volatile)).toEqual(
    comparable(withoutNames(wanted?.status), volatile),
  )
  const [job] = play.jobs()
  expect(job?.metadata.name).toBe(`cron-${Date.parse('2026-01-01T00:01:00Z') / minute}`)
  for (const field of ['annotations', 'ownerReferences'] as const) {
    expect(comparable(job?.metadata[field], volatile)).toEqual(comparable(wantedJob?.metadata[field], volatile))
  }
  const told = toldOf(play.events().filter(({ involvedObject }) => (involvedObject as KubeObject).kind === 'CronJob'))
  expect(withoutNames(told)).toEqual(withoutNames(sortEvents(recorded.events)))
})

test('with Forbid a running job holds up the next one', () => {
  const { jobs, settle, reasons } = cronStage({ concurrencyPolicy: 'Forbid' })
  settle(3 * minute)
  expect(jobs()).toHaveLength(1)
  expect(reasons()).toContain('JobAlreadyActive')
})

test('with Replace the running job gives way', () => {
  const { jobs, settle, cronJob } = cronStage({ concurrencyPolicy: 'Replace' })
  settle(2 * minute + 1000)
  expect(jobs()).toHaveLength(1)
  expect(cronJob().status?.active).toHaveLength(1)
})

test('ended jobs leave the list of active ones, and only as many as asked for are kept', () => {
  const { jobs, settle, cronJob, reasons } = cronStage({ successfulJobsHistoryLimit: 2 }, 1)
  settle(5 * minute + 5000)
  expect(jobs()).toHaveLength(2)
  expect(cronJob().status).not.toHaveProperty('active')
  expect(cronJob().status?.lastSuccessfulTime).toBe('2026-01-01T00:05:00Z')
  expect(reasons()).toContain('SawCompletedJob')
})

test('a suspended cron job starts nothing, and one that cannot be read says so', () => {
  const suspended = cronStage({ suspend: true })
  suspended.settle(3 * minute)
  expect(suspended.jobs()).toHaveLength(0)
  expect(cronStage({ schedule: '61 * * * *' }).reasons()).toEqual(['UnparseableSchedule'])
})

const created = Date.parse('2026-01-01T00:00:00Z')
function dueAt(spec: Partial<CronJob['spec']>, after: number) {
  const cronJob = cronJobOf(spec)
  cronJob.metadata.creationTimestamp = new Date(created).toISOString()
  return dueOf(cronJob, created + after)
}

test('schedules are read in their time zone, with intervals and names', () => {
  const at = (spec: Partial<CronJob['spec']>) => new Date(dueAt(spec, 0).next ?? 0).toISOString()
  expect(at({ schedule: '30 3 * * *' })).toBe('2026-01-01T03:30:00.000Z')
  expect(at({ schedule: '30 3 * * *', timeZone: 'Europe/Berlin' })).toBe('2026-01-01T02:30:00.000Z')
  expect(at({ schedule: 'TZ=Asia/Tokyo 0 12 * * *' })).toBe('2026-01-01T03:00:00.000Z')
  expect(at({ schedule: '@hourly' })).toBe('2026-01-01T01:00:00.000Z')
  expect(at({ schedule: '@every 1h30m' })).toBe('2026-01-01T01:30:00.000Z')
})

test('of missed times only the last one is due, and none that is past its deadline', () => {
  expect(dueAt({}, 5 * minute)).toMatchObject({ last: created + 5 * minute, next: created + 6 * minute })
  expect(dueAt({ schedule: '0 * * * *', startingDeadlineSeconds: 60 }, 90 * minute).last).toBeUndefined()
  expect(dueAt({}, 1000 * minute)).toMatchObject({ hasMissedTooMany: true, last: created + 1000 * minute })
})
