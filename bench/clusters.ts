/** What a cluster costs that nothing happens on: memory, requests and CPU of Tiphys, with an application on each and with none. */
import { readFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { KubeClient } from '../src/kube/kube-client.ts'
import type { Application, KubeObject } from '../src/model/index.ts'
import { atOnce } from './at-once.ts'
import type { MeasuredProcess, Usage } from './measured-process.ts'
import { isSynced, type Note, spent, total } from './reactions.ts'
import { applicationOf } from './workload.ts'

export interface ClustersBench {
  note: Note
  /** What the process of the sandboxes has written. */
  placesFile: string
  repository: string
  tiphys: MeasuredProcess
  metricsUrl: string
  idleSeconds: number
  all(): Application[]
  until(isSo: () => boolean): Promise<number>
}

interface Place {
  url: string
  caPem: string
  adminToken: string
}

const nameOf = (index: number) => `cluster-${index}`

function secretOf({ url, caPem, adminToken }: Place, index: number): KubeObject {
  const config = {
    bearerToken: adminToken,
    tlsClientConfig: { insecure: false, caData: Buffer.from(caPem).toString('base64') },
  }
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: nameOf(index),
      namespace: 'argocd',
      labels: { 'argocd.argoproj.io/secret-type': 'cluster' },
    },
    stringData: { name: nameOf(index), server: url, config: JSON.stringify(config) },
  }
}

export async function clusterFigures(client: KubeClient, bench: ClustersBench): Promise<void> {
  const { note, placesFile, repository, all, until } = bench
  const places = JSON.parse(readFileSync(placesFile, 'utf8')) as Place[]
  const count = places.length
  const alone = await idle(bench)
  note('idle, no other cluster: resident memory', megabytes(alone.after.rss))
  describe(note, alone, { count: 0 })

  await atOnce(places.entries(), 8, ([index, place]) => client.apply(secretOf(place, index), { fieldManager: 'bench' }))
  const registered = await idle(bench)
  note(`${count} clusters registered, no application on them: memory each`, each(registered.after, alone.after, count))
  describe(note, registered, { count, without: alone })

  await atOnce(places.keys(), 16, (index) => {
    const application = applicationOf(index, repository)
    const destination = { name: nameOf(index), namespace: application.metadata.name }
    const spec = { ...(application.spec as object), destination }
    return client.apply({ ...application, spec }, { fieldManager: 'bench' })
  })
  const ms = await until(() => all().length === count && all().every(isSynced))
  note('an application on each: all Synced after', `${(ms / 1000).toFixed(2)} s`)
  const followed = await idle(bench)
  note('  memory each', each(followed.after, alone.after, count))
  describe(note, followed, { count, without: alone })
  note(
    'load of the machine (1, 5, 15 minutes)',
    loadavg()
      .map((load) => load.toFixed(1))
      .join(', '),
  )
}

interface Idle {
  before: Usage
  after: Usage
  seconds: number
}

async function idle({ tiphys, metricsUrl, idleSeconds: seconds }: ClustersBench): Promise<Idle> {
  await sleep(15_000)
  const before = await tiphys.usage(metricsUrl)
  await sleep(seconds * 1000)
  return { before, after: await tiphys.usage(metricsUrl), seconds }
}

function describe(note: Note, measured: Idle, { count, without }: { count: number; without?: Idle }): void {
  const perMinute = ({ before, after, seconds }: Idle) => ((total(after) - total(before)) / seconds) * 60
  const cpu = ({ before, after, seconds }: Idle) => (spent(after, before) / seconds) * 100
  const of = (figure: (one: Idle) => number) => (figure(measured) - (without ? figure(without) : 0)) / (count || 1)
  const whose = count > 0 ? ' each' : ''
  note(`  requests a minute${whose}`, of(perMinute).toFixed(1))
  note(`  CPU of one core${whose}`, `${of(cpu).toFixed(3)} %`)
}

function each(usage: Usage, alone: Usage, count: number): string {
  return `${((usage.rss - alone.rss) / 1e6 / count).toFixed(2)} MB`
}

const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`
