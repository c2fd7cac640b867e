/** `npm run bench`: N applications of M resources, from the first sync to idleness, drift, commit and restart. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { connect } from '../src/kube/connect.ts'
import type { KubeClient } from '../src/kube/kube-client.ts'
import { loadConfig } from '../src/kube/load-config.ts'
import { openControlPlane } from '../src/live/control-plane.ts'
import { type Application, customResourceDefinitions, type KubeObject } from '../src/model/index.ts'
import { MeasuredProcess, type Usage } from './measured-process.ts'
import { applicationName, applicationOf, commit, objectsOf, type Workload, writeRepository } from './workload.ts'

const { values: flags } = parseArgs({
  options: {
    applications: { type: 'string', default: '100' },
    resources: { type: 'string', default: '10' },
    concurrency: { type: 'string', default: '32' },
    idle: { type: 'string', default: '60' },
    json: { type: 'string' },
  },
})
const workload: Workload = { applications: Number(flags.applications), resources: Number(flags.resources) }
const folder = mkdtempSync(join(tmpdir(), 'tiphys-bench-'))
const processes: MeasuredProcess[] = []
const figures: { what: string; value: string }[] = []
const note = (what: string, value: string) => {
  figures.push({ what, value })
  console.log(`${what.padEnd(58)} ${value}`)
}
const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`
const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`

/** On the cluster of KUBECONFIG, else on a fresh sandbox. */
async function openCluster(name: string): Promise<{ kubeconfig: string; client: KubeClient }> {
  let kubeconfig = process.env.KUBECONFIG
  if (!kubeconfig) {
    kubeconfig = join(folder, `kubeconfig-${name}`)
    const cluster = new MeasuredProcess([join(import.meta.dirname, 'bench-cluster.js'), kubeconfig])
    processes.push(cluster)
    await cluster.printed(/ready/)
  }
  return { kubeconfig, client: connect(await loadConfig({ kubeconfig })) }
}

async function atOnce<Item>(
  items: Iterable<Item>,
  limit: number,
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  const iterator = items[Symbol.iterator]()
  const lane = async () => {
    for (let next = iterator.next(); !next.done; next = iterator.next()) await work(next.value)
  }
  await Promise.all(Array.from({ length: limit }, lane))
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

async function install(client: KubeClient, repoURL: string): Promise<void> {
  for (const object of [namespaceObject('argocd'), ...customResourceDefinitions()]) await client.apply(object)
  while (!(await client.apiResources({ refresh: true })).find('argoproj.io', 'AppProject')) await sleep(50)
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

const isSynced = ({ status, operation }: Application) =>
  status?.sync?.status === 'Synced' && !operation && status.operationState?.phase === 'Succeeded'

function startTiphys(kubeconfig: string): MeasuredProcess {
  const program = new URL('../bin/tiphys', import.meta.url).pathname
  const args = [program, 'serve', '--kubeconfig', kubeconfig, '--allow-local', '--host', '127.0.0.1', '--port', '0']
  const tiphys = new MeasuredProcess([...args, '--cache-dir', join(folder, 'cache')])
  processes.push(tiphys)
  return tiphys
}

const urlOf = async (tiphys: MeasuredProcess) => (await tiphys.printed(/"url":"([^"]+)"/))[1] ?? ''
const spent = (after: Usage, before: Usage) => after.cpu - before.cpu
const writes = ({ requests }: Usage) =>
  ['apply', 'create', 'patch', 'replace', 'delete'].reduce((sum, verb) => sum + (requests[verb] ?? 0), 0)
const total = ({ requests }: Usage) => Object.values(requests).reduce((sum, count) => sum + count, 0)

async function run(): Promise<void> {
  const repository = writeRepository(folder, workload)
  console.log(
    `${workload.applications} applications x ${workload.resources} resources, ${cpus().length} x ${cpus()[0]?.model}, ${megabytes(totalmem())}, Node ${process.version}\n`,
  )

  const bare = await openCluster('bare')
  const bareMs = await bareApply(bare.client)
  await bare.client.close()
  await processes.pop()?.stop()
  note('bare server-side-apply requests of the same objects', seconds(bareMs))

  const { kubeconfig, client } = await openCluster('tiphys')
  await install(client, repository)
  const { plane, until } = await follow(client)
  const all = () => plane.applications()
  const done = () => all().length === workload.applications && all().every(isSynced)

  let tiphys = startTiphys(kubeconfig)
  const syncMs = await until(done)
  const url = await urlOf(tiphys)
  const first = await tiphys.usage(url)
  note('all applications Synced, from the start of the process', seconds(syncMs))
  note('  against bare apply', `${(syncMs / bareMs).toFixed(2)} x`)
  note('  CPU of Tiphys', `${first.cpu.toFixed(2)} s`)
  note('  requests by verb', JSON.stringify(first.requests))
  await until(() => all().every(({ status }) => status?.health?.status === 'Healthy'))
  await sleep(5000)
  const settled = await tiphys.usage(url)
  note('peak resident memory', megabytes(settled.peakRss))
  note('live objects followed', String(settled.values.argocd_cluster_api_resource_objects ?? (await liveObjects(url))))

  await sleep(Number(flags.idle) * 1000)
  const idle = await tiphys.usage(url)
  note(
    `idle for ${flags.idle} s: writes / all requests`,
    `${writes(idle) - writes(settled)} / ${total(idle) - total(settled)}`,
  )
  note('  CPU of one core', `${((spent(idle, settled) / Number(flags.idle)) * 100).toFixed(2)} %`)

  await driftFigures(client, { all, until })
  await commitFigures(client, { repository, url, tiphys, all, until })
  await statusFigures(client, { url, tiphys })

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
  const text = await (await fetch(`${url}/metrics`)).text()
  return /argocd_cluster_api_resource_objects\{[^}]*\} (\d+)/.exec(text)?.[1] ?? 'unknown'
}

interface Watching {
  all(): Application[]
  until(isSo: () => boolean): Promise<number>
}

const percentile = (values: number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0

/** Somebody scales a Deployment: until the status says so, and until it is as before. */
async function driftFigures(client: KubeClient, { all, until }: Watching): Promise<void> {
  const noticed: number[] = []
  const healed: number[] = []
  for (let sample = 0; sample < 50; sample++) {
    const name = applicationName(sample % workload.applications)
    const find = () => all().find(({ metadata }) => metadata.name === name)
    const before = find()?.status?.operationState?.startedAt
    const attempts = find()?.status?.operationState?.operation.sync?.autoHealAttemptsCount ?? 0
    if (attempts > 0) continue
    const target = { group: 'apps', version: 'v1', kind: 'Deployment', namespace: name, name: 'part-0' }
    await client.patch(target, { spec: { replicas: 4 } }, { type: 'merge', fieldManager: 'kubectl-edit' })
    const started = performance.now()
    await until(
      () => find()?.status?.sync?.status === 'OutOfSync' || find()?.status?.operationState?.startedAt !== before,
    )
    noticed.push(performance.now() - started)
    await until(
      () =>
        find()?.status?.operationState?.operation.sync?.autoHealAttemptsCount === 1 && isSynced(find() as Application),
    )
    healed.push(performance.now() - started)
  }
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
async function commitFigures(
  client: KubeClient,
  { repository, url, tiphys, all, until }: CommitContext,
): Promise<void> {
  const name = applicationName(workload.applications - 1)
  const file = join(repository, name, 'all.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('"level":"info"', '"level":"debug"'))
  const revision = commit(repository, 'Touch one application')
  const before = await tiphys.usage(url)
  const target = { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application', namespace: 'argocd', name }
  const annotations = { 'argocd.argoproj.io/refresh': 'normal' }
  const started = performance.now()
  await client.patch(target, { metadata: { annotations } }, { type: 'merge' })
  const app = () => all().find(({ metadata }) => metadata.name === name)
  await until(
    () =>
      app()?.status?.sync?.revision === revision &&
      app()?.status?.operationState?.syncResult?.revision === revision &&
      isSynced(app() as Application),
  )
  note('commit touching one application, from refresh to Synced', `${(performance.now() - started).toFixed(0)} ms`)
  await sleep(3000)
  const after = await tiphys.usage(url)
  const rendered = (after.values.tiphys_renders ?? 0) - (before.values.tiphys_renders ?? 0)
  note('  renderings', `${rendered}`)
}

/** Status-only events on managed objects. */
async function statusFigures(
  client: KubeClient,
  { url, tiphys }: { url: string; tiphys: MeasuredProcess },
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

async function untilLookedAtAll(tiphys: MeasuredProcess, url: string): Promise<Usage> {
  for (;;) {
    const usage = await tiphys.usage(url)
    const looked = usage.values.argocd_app_reconcile_count ?? 0
    if (looked >= workload.applications && usage.values.tiphys_queue_depth === 0) return usage
    await sleep(100)
  }
}

try {
  await run()
  const result = { date: new Date().toISOString(), ...workload, node: process.version, figures }
  if (flags.json) writeFileSync(flags.json, `${JSON.stringify(result, null, 2)}\n`)
  else console.log(`\n${JSON.stringify(result)}`)
} finally {
  for (const child of processes) await child.stop()
  rmSync(folder, { recursive: true, force: true })
}
