/** What every benchmark begins with: a cluster, the definitions, a Tiphys of its own, and somebody who follows the applications. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from '../src/kube/connect.ts'
import type { KubeClient } from '../src/kube/kube-client.ts'
import { loadConfig } from '../src/kube/load-config.ts'
import { openControlPlane } from '../src/live/control-plane.ts'
import { customResourceDefinitions, type KubeObject } from '../src/model/index.ts'
import { atOnce } from './at-once.ts'
import { MeasuredProcess } from './measured-process.ts'
import type { Note } from './reactions.ts'
import { applicationOf } from './workload.ts'

export interface OpenCluster {
  kubeconfig: string
  client: KubeClient
  /** Absent when it is somebody else's. */
  server: MeasuredProcess | undefined
}

export interface RunningTiphys {
  tiphys: MeasuredProcess
  /** Of its metrics. */
  metricsUrl: string
}

export class BenchEnvironment {
  readonly folder = mkdtempSync(join(tmpdir(), 'tiphys-bench-'))
  readonly figures: { what: string; value: string }[] = []
  readonly #processes: MeasuredProcess[] = []
  readonly #profileFolder: string | undefined

  constructor(profileFolder: string | undefined) {
    this.#profileFolder = profileFolder
  }

  readonly note: Note = (what, value) => {
    this.figures.push({ what, value })
    console.log(`${what.padEnd(58)} ${value}`)
  }

  /** Ends with the benchmark, if not before. */
  start(args: string[]): MeasuredProcess {
    const started = new MeasuredProcess(args)
    this.#processes.push(started)
    return started
  }

  /** The cluster of KUBECONFIG, else a fresh sandbox. */
  async openCluster(name: string): Promise<OpenCluster> {
    let kubeconfig = process.env.KUBECONFIG
    let server: MeasuredProcess | undefined
    if (!kubeconfig) {
      kubeconfig = join(this.folder, `kubeconfig-${name}`)
      server = this.start([join(import.meta.dirname, 'bench-cluster.js'), kubeconfig])
      await server.printed(/ready/)
    }
    return { kubeconfig, client: connect(await loadConfig({ kubeconfig })), server }
  }

  async startTiphys(kubeconfig: string): Promise<RunningTiphys> {
    const program = new URL('../bin/tiphys', import.meta.url).pathname
    const tiphys = this.start([
      ...(this.#profileFolder ? ['--cpu-prof', `--cpu-prof-dir=${this.#profileFolder}`] : []),
      ...[program, 'serve', '--kubeconfig', kubeconfig, '--allow-local', '--host', '127.0.0.1', '--port', '0'],
      ...['--insecure', '--metrics-port', '0', '--cache-dir', join(this.folder, 'cache')],
    ])
    const [, metricsUrl = ''] = await tiphys.printed(/"metricsUrl":"([^"]+)"/)
    return { tiphys, metricsUrl }
  }

  async close(): Promise<void> {
    for (const started of this.#processes) await started.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

export const namespaceObject = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name },
})

export async function installDefinitions(client: KubeClient): Promise<void> {
  for (const object of [namespaceObject('argocd'), ...customResourceDefinitions()]) await client.apply(object)
  const kinds = ['AppProject', 'ApplicationSet']
  for (;;) {
    const served = await client.apiResources({ refresh: true })
    if (kinds.every((kind) => served.find('argoproj.io', kind))) return
    await sleep(50)
  }
}

export async function installApplications(
  client: KubeClient,
  { applications: count, repoURL }: { applications: number; repoURL: string },
): Promise<void> {
  const applications = Array.from({ length: count }, (_, index) => applicationOf(index, repoURL))
  await atOnce(applications, 16, (application) => client.apply(application, { fieldManager: 'bench' }))
}

/** Follows the applications' statuses as any client would. */
export async function follow(client: KubeClient) {
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
  return { all: () => plane.applications(), until, close: () => plane.close() }
}

export const inSeconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`
export const inMegabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`
