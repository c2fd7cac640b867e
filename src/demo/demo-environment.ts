/** Everything that the demo brings with it: a cluster, a Git repository and Tiphys, in one folder that goes with it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from '../kube/connect.ts'
import type { ClusterCredentials } from '../kube/credentials.ts'
import type { KubeClient } from '../kube/kube-client.ts'
import { loadConfig } from '../kube/load-config.ts'
import { customResourceDefinitions, type KubeObject } from '../model/index.ts'
import type { Log } from '../reconcile/stages.ts'
import { startSandbox } from '../sandbox/sandbox.ts'
import { startTiphys, type Tiphys } from '../serve/tiphys.ts'
import { sampleApplications } from './sample-applications.ts'
import { createSampleRepository, type SampleRepository } from './sample-repository.ts'

export interface DemoOptions {
  /** Folder of the samples. */
  samples: string
  /** 0 takes a free one. */
  port: number
  clusterPort: number
  /** Keeps the cluster's objects; in memory only when absent. */
  dataDir?: string
  log: Log
}

export interface DemoEnvironment {
  folder: string
  kubeconfig: string
  cluster: { url: string }
  repository: SampleRepository
  tiphys: Tiphys
  /** Stops everything and removes the folder. */
  stop(): Promise<void>
}

export async function startDemo({ samples, port, clusterPort, dataDir, log }: DemoOptions): Promise<DemoEnvironment> {
  const folder = await mkdtemp(join(tmpdir(), 'tiphys-demo-'))
  const cleanups: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })]
  const stop = async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  }
  try {
    const repository = await createSampleRepository(folder, samples)
    const sandbox = await startSandbox({ port: clusterPort, ...(dataDir && { dataDir }) })
    cleanups.push(() => sandbox.close())
    const kubeconfig = join(folder, 'kubeconfig')
    await writeFile(kubeconfig, sandbox.kubeconfig, { mode: 0o600 })
    const credentials = await loadConfig({ kubeconfig })
    await install(credentials, repository.path)
    const tiphys = await startTiphys({
      credentials,
      namespace: 'argocd',
      host: '127.0.0.1',
      port,
      metricsPort: 0,
      insecure: true,
      allowLocal: true,
      cacheDir: join(folder, 'cache'),
      log,
    })
    cleanups.push(() => tiphys.stop())
    return { folder, kubeconfig, cluster: { url: sandbox.url }, repository, tiphys, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** So that a commit is seen within moments: asking a repository on the local disk costs next to nothing. */
const settings: KubeObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'argocd-cm', namespace: 'argocd', labels: { 'app.kubernetes.io/part-of': 'argocd' } },
  data: { 'timeout.reconciliation': '1s', 'timeout.reconciliation.jitter': '0s' },
}

async function install(credentials: ClusterCredentials, repoURL: string): Promise<void> {
  const client = connect(credentials)
  const options = { fieldManager: 'tiphys-demo' }
  try {
    await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'argocd' } }, options)
    for (const object of [...customResourceDefinitions(), settings]) await client.apply(object, options)
    await untilServed(client)
    for (const application of sampleApplications(repoURL)) await client.apply(application, options)
  } finally {
    await client.close()
  }
}

async function untilServed(client: KubeClient): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const resources = await client.apiResources({ refresh: true })
    if (resources.find('argoproj.io', 'Application') && resources.find('argoproj.io', 'AppProject')) return
    await sleep(50)
  }
  throw new Error('the cluster does not serve Applications 5 s after their definition was applied')
}
