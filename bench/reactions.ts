/** How Tiphys reacts to what happens after the first sync: a change by hand, a commit, a status that moves. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { KubeClient } from '../src/kube/kube-client.ts'
import type { Application } from '../src/model/index.ts'
import { atOnce } from './at-once.ts'
import type { MeasuredProcess, Usage } from './measured-process.ts'
import { applicationName, changeOne, refreshed, type Workload } from './workload.ts'

export type Note = (what: string, value: string) => void

interface Bench {
  workload: Workload
  note: Note
}

export interface Watching extends Bench {
  all(): Application[]
  until(isSo: () => boolean): Promise<number>
}

export const percentile = (values: number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0

interface DriftTimes {
  /** Milliseconds until the status says so. */
  noticed: number[]
  /** Until it is as before. */
  healed: number[]
}

/** Somebody scales a Deployment of one application after the other. */
export async function driftTimes(
  client: KubeClient,
  { workload, all, until }: Pick<Watching, 'workload' | 'all' | 'until'>,
  { first, samples, pauseMs }: { first: number; samples: number; pauseMs: number },
): Promise<DriftTimes> {
  const times: DriftTimes = { noticed: [], healed: [] }
  for (let sample = first; sample < first + samples; sample++) {
    const name = applicationName(sample % workload.applications)
    const find = () => all().find(({ metadata }) => metadata.name === name)
    const before = find()?.status?.operationState?.startedAt
    const attempts = find()?.status?.operationState?.operation.sync?.autoHealAttemptsCount ?? 0
    if (attempts > 0) continue
    await sleep(pauseMs)
    const target = { group: 'apps', version: 'v1', kind: 'Deployment', namespace: name, name: 'part-0' }
    await client.patch(target, { spec: { replicas: 4 } }, { type: 'merge', fieldManager: 'kubectl-edit' })
    const started = performance.now()
    await until(
      () => find()?.status?.sync?.status === 'OutOfSync' || find()?.status?.operationState?.startedAt !== before,
    )
    times.noticed.push(performance.now() - started)
    await until(
      () =>
        find()?.status?.operationState?.operation.sync?.autoHealAttemptsCount === 1 && isSynced(find() as Application),
    )
    times.healed.push(performance.now() - started)
  }
  return times
}

export async function driftFigures(client: KubeClient, { note, ...watching }: Watching): Promise<void> {
  const { noticed, healed } = await driftTimes(client, watching, { first: 0, samples: 50, pauseMs: 0 })
  note(
    `manual change to OutOfSync (${noticed.length} samples): median, p99`,
    `${percentile(noticed, 0.5).toFixed(0)} ms, ${percentile(noticed, 0.99).toFixed(0)} ms`,
  )
  note(
    '  to healed: median, p99',
    `${percentile(healed, 0.5).toFixed(0)} ms, ${percentile(healed, 0.99).toFixed(0)} ms`,
  )
}

interface CommitContext extends Watching {
  repository: string
  url: string
  tiphys: MeasuredProcess
}

/** A commit that touches one application, told as a webhook tells it: by the refresh annotation. */
export async function commitFigures(
  client: KubeClient,
  { workload, note, repository, url, tiphys, all, until }: CommitContext,
): Promise<void> {
  const last = workload.applications - 1
  const app = () => all().find(({ metadata }) => metadata.name === applicationName(last))
  const revision = changeOne(repository, last)
  const before = await tiphys.usage(url)
  const started = performance.now()
  await refreshed(client, app() as Application)
  await until(() => isAt(app(), revision))
  note('commit touching one application, from refresh to Synced', `${(performance.now() - started).toFixed(0)} ms`)
  await sleep(3000)
  const after = await tiphys.usage(url)
  const rendered = (after.values.tiphys_renders ?? 0) - (before.values.tiphys_renders ?? 0)
  note('  renderings', `${rendered}`)
}

/** Status-only events on managed objects. */
export async function statusFigures(
  client: KubeClient,
  { workload, note, url, tiphys }: Bench & { url: string; tiphys: MeasuredProcess },
): Promise<void> {
  const events = 2000
  await sleep(3000)
  const before = await tiphys.usage(url)
  const indexes = Array.from({ length: events }, (_, index) => index)
  await atOnce(indexes, 4, (index) => {
    const namespace = applicationName(index % workload.applications)
    const target = { group: '', version: 'v1', kind: 'Service', namespace, name: 'part-1' }
    const lastTransitionTime = '2026-01-01T00:00:00Z'
    const conditions = [{ type: 'Bench', status: 'True', reason: 'Event', message: String(index), lastTransitionTime }]
    return client.patch(target, { status: { conditions } }, { type: 'strategic', subresource: 'status' })
  })
  await sleep(2000)
  const after = await tiphys.usage(url)
  const perEvent = (spent(after, before) * 1000) / events
  note(
    `status-only event on a managed object: CPU, requests (${events})`,
    `${perEvent.toFixed(3)} ms, ${total(after) - total(before)}`,
  )
}

/** The revision is what has been synced, and what it is compared with. */
export function isAt(application: Application | undefined, revision: string): boolean {
  const { sync, operationState } = application?.status ?? {}
  if (!application || !isSynced(application)) return false
  return sync?.revision === revision && operationState?.syncResult?.revision === revision
}

export const isSynced = ({ status, operation }: Application) =>
  status?.sync?.status === 'Synced' && !operation && status.operationState?.phase === 'Succeeded'

export const spent = (after: Usage, before: Usage) => after.cpu - before.cpu
export const writes = ({ requests }: Usage) =>
  ['apply', 'create', 'patch', 'replace', 'delete'].reduce((sum, verb) => sum + (requests[verb] ?? 0), 0)
export const total = ({ requests }: Usage) => Object.values(requests).reduce((sum, count) => sum + count, 0)
