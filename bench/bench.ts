/** `npm run bench`: N applications of M resources, from the first sync to idleness, drift, commit and restart. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { connect } from '../src/kube/connect.ts'
import type { KubeClient } from '../src/kube/kube-client.ts'
import { loadConfig } from '../src/kube/load-config.ts'
import { openControlPlane } from '../src/live/control-plane.ts'
import { type Application, customResourceDefinitions, type KubeObject } from '../src/model/index.ts'
import { adminPassword, apiFigures } from './api-load.ts'
import { atOnce } from './at-once.ts'
import { clusterFigures } from './clusters.ts'
import { MeasuredProcess, type Usage } from './measured-process.ts'
import { installSettled, pageFigures } from './page-load.ts'
import { commitFigures, driftFigures, isSynced, type Note, spent, statusFigures, total, writes } from './reactions.ts'
import { applicationOf, changeAllHooks, objectsOf, type Workload, writeRepository } from './workload.ts'

const { values: flags } = parseArgs({
  options: {
    applications: { type: 'string', default: '100' },
    resources: { type: 'string', default: '10' },
    concurrency: { type: 'string', default: '32' },
    idle: { type: 'string', default: '60' },
    hooks: { type: 'boolean', default: false },
    api: { type: 'boolean', default: false },
    /** How long the load lasts at least. */
    'load-seconds': { type: 'string', default: '60' },
    /** Measures the page instead. */
    page: { type: 'boolean', default: false },
    /** Measures so many clusters instead. */
    clusters: { type: 'string' },
    minutes: { type: 'string', default: '3' },
    json: { type: 'string' },
    /** A folder for CPU profiles of Tiphys. */
    profile: { type: 'string' },
  },
})
const workload: Workload = {
  applications: Number(flags.applications),
  resources: Number(flags.resources),
  hooks: flags.hooks,
}
const folder = mkdtempSync(join(tmpdir(), 'tiphys-bench-'))
const processes: MeasuredProcess[] = []
const figures: { what: string; value: string }[] = []
const note: Note = (what, value) => {
  figures.push({ what, value })
  console.log(`${what.padEnd(58)} ${value}`)
}
const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`
const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`

interface OpenCluster {
  kubeconfig: string
  client: KubeClient
  /** Absent when it is somebody else's. */
  server: MeasuredProcess | undefined
}

/** On the cluster of KUBECONFIG, else on a fresh sandbox. */
async function openCluster(name: string): Promise<OpenCluster> {
  let kubeconfig = process.env.KUBECONFIG
  let server: MeasuredProcess | undefined
  if (!kubeconfig) {
    kubeconfig = join(folder, `kubeconfig-${name}`)
    server = new MeasuredProcess([join(import.meta.dirname, 'bench-cluster.js'), kubeconfig])
    processes.push(server)
    await server.printed(/ready/)
  }
  return { kubeconfig, client: connect(await loadConfig({ kubeconfig })), server }
}

const namespaceObject = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })

/** The same objects, sent as bare server-side-apply requests. */
async function bareApply(client: KubeClient): Promise<number> {
  const indexes = Array.from({ length: workload.applications }, (_, index) => index)
  const started = performance.now()
  await atOnce(indexes, Number(flags.concurrency), (index) => client.apply(namespaceObject(`bare-${index}`)))
  const objects = indexes.flatMap((index) => objectsOf(index, workload, `bare-${index}`))
  await atOnce(objects, Number(flags.concurrency), (object) => client.apply(object))
  return performance.now() - started
}

async function installDefinitions(client: KubeClient): Promise<void> {
  for (const object of [namespaceObject('argocd'), ...customResourceDefinitions()]) await client.apply(object)
  while (!(await client.apiResources({ refresh: true })).find('argoproj.io', 'AppProject')) await sleep(50)
}

async function install(client: KubeClient, repoURL: string): Promise<void> {
  await installDefinitions(client)
  const applications = Array.from({ length: workload.applications }, (_, index) => applicationOf(index, repoURL))
  await atOnce(applications, 16, (application) => client.apply(application, { fieldManager: 'bench' }))
}

/** Follows the applications' statuses as any client would. */
async function follow(client: KubeClient) {
  const listeners = new Set<() => void>()
  const onChange = () => {
    for (const listener of listeners) listener()
  }
  const plane = await openControlPlane({ client, namespace: 'argocd', onChange })
  await plane.ready()
  async function until(isSo: () => boolean, limitMs = 1_200_000): Promise<number> {
    const started = performance.now()
    while (!isSo()) {
      if (performance.now() - started > limitMs) throw new Error('the benchmark has waited too long')
      await Promise.race([
        sleep(500),
        new Promise<void>((resolve) => {
          const listener = () => {
            listeners.delete(listener)
            resolve()
          }
          listeners.add(listener)
        }),
      ])
    }
    return performance.now() - started
  }
  return { plane, until }
}

function startTiphys(kubeconfig: string): MeasuredProcess {
  const program = new URL('../bin/tiphys', import.meta.url).pathname
  const args = [program, 'serve', '--kubeconfig', kubeconfig, '--allow-local', '--host', '127.0.0.1', '--port', '0']
  const profiling = flags.profile ? ['--cpu-prof', `--cpu-prof-dir=${flags.profile}`] : []
  const tiphys = new MeasuredProcess([
    ...profiling,
    ...args,
    '--insecure',
    '--metrics-port',
    '0',
    '--cache-dir',
    join(folder, 'cache'),
  ])
  processes.push(tiphys)
  return tiphys
}

/** Where its metrics are. */
const urlOf = async (tiphys: MeasuredProcess) => (await tiphys.printed(/"metricsUrl":"([^"]+)"/))[1] ?? ''
/** Every application is changed at once, and each runs its hook again before it is synced. */
async function hookFigures(
  repository: string,
  { client, all, until }: { client: KubeClient; all(): Application[]; until(isSo: () => boolean): Promise<number> },
): Promise<void> {
  const ended = async () => {
    const resource = (await client.apiResources()).find('batch', 'Job')
    const jobs: KubeObject[] = []
    if (resource) for await (const job of client.list(resource)) jobs.push(job)
    return jobs.filter(({ status }) => (status as { succeeded?: number } | undefined)?.succeeded === 1).length
  }
  note('hooks that have ended', `${await ended()} of ${workload.applications}`)
  const revision = changeAllHooks(repository, workload)
  const metadata = { annotations: { 'argocd.argoproj.io/refresh': 'normal' } }
  const target = { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application', namespace: 'argocd' }
  await atOnce(all(), 16, ({ metadata: { name } }) =>
    client.patch({ ...target, name }, { metadata }, { type: 'merge' }),
  )
  const isAt = (app: Application) => app.status?.operationState?.syncResult?.revision === revision && isSynced(app)
  note('a commit that concerns every application, until all are Synced', seconds(await until(() => all().every(isAt))))
  note('  hooks that have ended', `${await ended()} of ${workload.applications}`)
}

async function bareFigures(): Promise<number> {
  const bare = await openCluster('bare')
  const before = bare.server?.cpuSeconds() ?? 0
  const ms = await bareApply(bare.client)
  const cpu = (bare.server?.cpuSeconds() ?? 0) - before
  await bare.client.close()
  await processes.pop()?.stop()
  note('bare server-side-apply requests of the same objects', seconds(ms))
  if (bare.server) note('  CPU of the API server', seconds(cpu * 1000))
  return ms
}

async function runPage(): Promise<void> {
  const { applications } = workload
  const load = { applications, minutes: Number(flags.minutes), rate: 50 }
  console.log(
    `${applications} applications in a browser, ${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}\n`,
  )
  const { kubeconfig, client } = await openCluster('tiphys')
  await installDefinitions(client)
  await installSettled(client, load)
  const tiphys = startTiphys(kubeconfig)
  const metricsUrl = await urlOf(tiphys)
  const [, url = ''] = await tiphys.printed(/"url":"([^"]+)"/)
  const password = await adminPassword(client)
  await pageFigures(client, { ...load, note, tiphys, metricsUrl, url, password })
  await tiphys.stop()
  await client.close()
}

async function runClusters(count: number): Promise<void> {
  console.log(`${count} clusters, ${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}\n`)
  const repository = writeRepository(folder, { ...workload, applications: count })
  const placesFile = join(folder, 'clusters')
  const sandboxes = new MeasuredProcess([join(import.meta.dirname, 'bench-clusters.js'), placesFile, String(count)])
  processes.push(sandboxes)
  await sandboxes.printed(/ready/)
  const { kubeconfig, client } = await openCluster('tiphys')
  await installDefinitions(client)
  const { plane, until } = await follow(client)
  const tiphys = startTiphys(kubeconfig)
  const metricsUrl = await urlOf(tiphys)
  const all = () => plane.applications()
  const idleSeconds = Number(flags.idle)
  await clusterFigures(client, { note, placesFile, repository, tiphys, metricsUrl, idleSeconds, all, until })
  await tiphys.stop()
  await plane.close()
  await client.close()
}

async function run(): Promise<void> {
  const repository = writeRepository(folder, workload)
  console.log(
    `${workload.applications} applications x ${workload.resources} resources, ${cpus().length} x ${cpus()[0]?.model}, ${megabytes(totalmem())}, Node ${process.version}\n`,
  )

  const bareMs = flags.api ? undefined : await bareFigures()
  const { kubeconfig, client, server } = await openCluster('tiphys')
  await install(client, repository)
  const { plane, until } = await follow(client)
  const all = () => plane.applications()
  const done = () => all().length === workload.applications && all().every(isSynced)

  const serverBefore = server?.cpuSeconds() ?? 0
  let tiphys = startTiphys(kubeconfig)
  const syncMs = await until(done)
  const serverCpu = (server?.cpuSeconds() ?? 0) - serverBefore
  const url = await urlOf(tiphys)
  const first = await tiphys.usage(url)
  note('all applications Synced, from the start of the process', seconds(syncMs))
  if (bareMs) note('  against bare apply', `${(syncMs / bareMs).toFixed(2)} x`)
  note('  CPU of Tiphys', `${first.cpu.toFixed(2)} s`)
  if (server) note('  CPU of the API server', seconds(serverCpu * 1000))
  note('  requests by verb', JSON.stringify(first.requests))
  await until(() => all().every(({ status }) => status?.health?.status === 'Healthy'))
  await sleep(5000)
  const settled = await tiphys.usage(url)
  note('peak resident memory', megabytes(settled.peakRss))
  note('live objects followed', String(settled.values.argocd_cluster_api_resource_objects ?? (await liveObjects(url))))

  if (workload.hooks || flags.api) {
    if (workload.hooks) await hookFigures(repository, { client, all, until })
    if (flags.api)
      await apiFigures(client, { workload, note, url, tiphys, all, until, loadSeconds: Number(flags['load-seconds']) })
    await tiphys.stop()
    await plane.close()
    await client.close()
    return
  }

  await sleep(Number(flags.idle) * 1000)
  const idle = await tiphys.usage(url)
  note(
    `idle for ${flags.idle} s: writes / all requests`,
    `${writes(idle) - writes(settled)} / ${total(idle) - total(settled)}`,
  )
  note('  CPU of one core', `${((spent(idle, settled) / Number(flags.idle)) * 100).toFixed(2)} %`)

  await driftFigures(client, { workload, note, all, until })
  await commitFigures(client, { workload, note, repository, url, tiphys, all, until })
  await statusFigures(client, { workload, note, url, tiphys })

  await tiphys.stop()
  const before = all()
    .map(({ metadata }) => metadata.resourceVersion)
    .join()
  const restarted = performance.now()
  tiphys = startTiphys(kubeconfig)
  const newUrl = await urlOf(tiphys)
  const again = await untilLookedAtAll(tiphys, newUrl)
  note('restart until every application has been looked at', seconds(performance.now() - restarted))
  note(
    '  writes',
    `${writes(again)}${
      before ===
      all()
        .map(({ metadata }) => metadata.resourceVersion)
        .join()
        ? ''
        : ' (statuses changed)'
    }`,
  )
  note('  resident memory then', megabytes(again.rss))
  await tiphys.stop()
  await plane.close()
  await client.close()
}

async function liveObjects(url: string): Promise<string> {
  const text = await (await fetch(url)).text()
  return /argocd_cluster_api_resource_objects\{[^}]*\} (\d+)/.exec(text)?.[1] ?? 'unknown'
}

async function untilLookedAtAll(tiphys: MeasuredProcess, url: string): Promise<Usage> {
  for (;;) {
    const usage = await tiphys.usage(url)
    const looked = usage.values.argocd_app_reconcile_count ?? 0
    if (looked >= workload.applications && usage.values.tiphys_queue_depth === 0) return usage
    await sleep(100)
  }
}

try {
  await (flags.clusters ? runClusters(Number(flags.clusters)) : flags.page ? runPage() : run())
  const result = { date: new Date().toISOString(), ...workload, node: process.version, figures }
  if (flags.json) writeFileSync(flags.json, `${JSON.stringify(result, null, 2)}\n`)
  else console.log(`\n${JSON.stringify(result)}`)
} finally {
  for (const child of processes) await child.stop()
  rmSync(folder, { recursive: true, force: true })
}
