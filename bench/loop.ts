/** N applications of M resources, from the first sync to idleness, drift, commit and restart; or under hooks, or beside an API under load. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { KubeClient } from '../src/kube/kube-client.ts'
import type { Application, KubeObject } from '../src/model/index.ts'
import { apiFigures } from './api-load.ts'
import { atOnce } from './at-once.ts'
import {
  type BenchEnvironment,
  follow,
  inMegabytes,
  inSeconds,
  installApplications,
  installDefinitions,
  namespaceObject,
} from './bench-environment.ts'
import type { MeasuredProcess, Usage } from './measured-process.ts'
import { commitFigures, driftFigures, isSynced, type Note, spent, statusFigures, total, writes } from './reactions.ts'
import { changeAllHooks, objectsOf, refreshed, type Workload, writeRepository } from './workload.ts'

export interface LoopBench {
  workload: Workload
  /** Of bare requests. */
  concurrency: number
  idleSeconds: number
  /** Of load on the API, instead of what comes after the first sync. */
  loadSeconds?: number
}

export async function loopFigures(bench: BenchEnvironment, options: LoopBench): Promise<void> {
  const { workload, loadSeconds, idleSeconds } = options
  const { note } = bench
  const repository = writeRepository(bench.folder, workload)
  const bareMs = loadSeconds === undefined ? await bareFigures(bench, options) : undefined
  const { kubeconfig, client, server } = await bench.openCluster('tiphys')
  await installDefinitions(client)
  await installApplications(client, { applications: workload.applications, repoURL: repository })
  const { all, until, close } = await follow(client)

  const serverBefore = server?.cpuSeconds() ?? 0
  const startedAt = performance.now()
  let { tiphys, metricsUrl: url } = await bench.startTiphys(kubeconfig)
  await until(() => all().length === workload.applications && all().every(isSynced))
  const syncMs = performance.now() - startedAt
  const serverCpu = (server?.cpuSeconds() ?? 0) - serverBefore
  const first = await tiphys.usage(url)
  note('all applications Synced, from the start of the process', inSeconds(syncMs))
  if (bareMs) note('  against bare apply', `${(syncMs / bareMs).toFixed(2)} x`)
  note('  CPU of Tiphys', `${first.cpu.toFixed(2)} s`)
  if (server) note('  CPU of the API server', inSeconds(serverCpu * 1000))
  note('  requests by verb', JSON.stringify(first.requests))
  await until(() => all().every(({ status }) => status?.health?.status === 'Healthy'))
  await sleep(5000)
  const settled = await tiphys.usage(url)
  note('peak resident memory', inMegabytes(settled.peakRss))
  note('live objects followed', await liveObjects(url))

  const watching = { workload, note, url, tiphys, all, until }
  if (workload.hooks) await hookFigures(repository, { ...watching, client })
  if (loadSeconds !== undefined) await apiFigures(client, { ...watching, loadSeconds })
  if (!workload.hooks && loadSeconds === undefined) {
    await sleep(idleSeconds * 1000)
    noteIdle(note, { before: settled, after: await tiphys.usage(url), seconds: idleSeconds })
    await driftFigures(client, watching)
    await commitFigures(client, { ...watching, repository })
    await statusFigures(client, watching)
    await tiphys.stop()
    const versions = () =>
      all()
        .map(({ metadata }) => metadata.resourceVersion)
        .join()
    const before = versions()
    const restarted = performance.now()
    ;({ tiphys, metricsUrl: url } = await bench.startTiphys(kubeconfig))
    const again = await untilLookedAtAll(tiphys, { url, applications: workload.applications })
    note('restart until every application has been looked at', inSeconds(performance.now() - restarted))
    note('  writes', `${writes(again)}${before === versions() ? '' : ' (statuses changed)'}`)
    note('  resident memory then', inMegabytes(again.rss))
  }
  await tiphys.stop()
  await close()
  await client.close()
}

async function bareFigures(bench: BenchEnvironment, { workload, concurrency }: LoopBench): Promise<number> {
  const { client, server } = await bench.openCluster('bare')
  const before = server?.cpuSeconds() ?? 0
  const ms = await bareApply(client, { workload, concurrency })
  const cpu = (server?.cpuSeconds() ?? 0) - before
  await client.close()
  await server?.stop()
  bench.note('bare server-side-apply requests of the same objects', inSeconds(ms))
  if (server) bench.note('  CPU of the API server', inSeconds(cpu * 1000))
  return ms
}

/** The same objects, sent as bare server-side-apply requests. */
async function bareApply(
  client: KubeClient,
  { workload, concurrency }: Pick<LoopBench, 'workload' | 'concurrency'>,
): Promise<number> {
  const indexes = Array.from({ length: workload.applications }, (_, index) => index)
  const started = performance.now()
  await atOnce(indexes, concurrency, (index) => client.apply(namespaceObject(`bare-${index}`)))
  const objects = indexes.flatMap((index) => objectsOf(index, workload, `bare-${index}`))
  await atOnce(objects, concurrency, (object) => client.apply(object))
  return performance.now() - started
}

interface HookBench {
  client: KubeClient
  workload: Workload
  note: Note
  all(): Application[]
  until(isSo: () => boolean): Promise<number>
}

/** Every application is changed at once, and each runs its hook again before it is synced. */
async function hookFigures(repository: string, { client, workload, note, all, until }: HookBench): Promise<void> {
  const ended = async () => {
    const resource = (await client.apiResources()).find('batch', 'Job')
    const jobs: KubeObject[] = []
    if (resource) for await (const job of client.list(resource)) jobs.push(job)
    return jobs.filter(({ status }) => (status as { succeeded?: number } | undefined)?.succeeded === 1).length
  }
  note('hooks that have ended', `${await ended()} of ${workload.applications}`)
  const revision = changeAllHooks(repository, workload)
  await atOnce(all(), 16, (application) => refreshed(client, application))
  const isAt = (app: Application) => app.status?.operationState?.syncResult?.revision === revision && isSynced(app)
  note(
    'a commit that concerns every application, until all are Synced',
    inSeconds(await until(() => all().every(isAt))),
  )
  note('  hooks that have ended', `${await ended()} of ${workload.applications}`)
}

function noteIdle(note: Note, { before, after, seconds }: { before: Usage; after: Usage; seconds: number }): void {
  note(
    `idle for ${seconds} s: writes / all requests`,
    `${writes(after) - writes(before)} / ${total(after) - total(before)}`,
  )
  note('  CPU of one core', `${((spent(after, before) / seconds) * 100).toFixed(2)} %`)
}

async function liveObjects(url: string): Promise<string> {
  const text = await (await fetch(url)).text()
  return /argocd_cluster_api_resource_objects\{[^}]*\} (\d+)/.exec(text)?.[1] ?? 'unknown'
}

async function untilLookedAtAll(
  tiphys: MeasuredProcess,
  { url, applications }: { url: string; applications: number },
): Promise<Usage> {
  for (;;) {
    const usage = await tiphys.usage(url)
    const looked = usage.values.argocd_app_reconcile_count ?? 0
    if (looked >= applications && usage.values.tiphys_queue_depth === 0) return usage
    await sleep(100)
  }
}
