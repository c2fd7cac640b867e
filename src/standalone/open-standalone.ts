/** The embedded API with its data on disk, prepared as a cluster is for an installation. */
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connect } from '../kube/connect.ts'
import { bearerHeader, type ClusterCredentials } from '../kube/credentials.ts'
import type { KubeClient } from '../kube/kube-client.ts'
import { customResourceDefinitions, label } from '../model/index.ts'
import { startSandbox } from '../sandbox/sandbox.ts'

export interface StandaloneOptions {
  dataDir: string
  /** Of the applications. */
  namespace: string
  /** Of the embedded API, on the loopback address; 0 takes a free one. */
  port?: number
  /** The disk has refused a write, of which nobody has been told: whoever goes on has another state than the disk. */
  onRefused?: (error: unknown) => void
}

export interface OpenStandalone {
  credentials: ClusterCredentials
  /** The file by which kubectl and "tiphys admin" reach it; another port is in it after each start. */
  kubeconfig: string
  close(): Promise<void>
}

/** Nothing runs there: it keeps objects and tells of them. */
const nothingRuns = { controllers: false, nodes: 0 }

/** Rejects when another process uses the folder. */
export async function openStandalone(options: StandaloneOptions): Promise<OpenStandalone> {
  const { dataDir, namespace, port = 0, onRefused } = options
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const api = await startSandbox({ dataDir, port, ...(onRefused && { onRefused }), ...nothingRuns })
  try {
    const credentials: ClusterCredentials = {
      name: 'standalone',
      server: api.url,
      ca: api.caPem,
      authenticate: async () => ({ headers: bearerHeader(api.adminToken) }),
    }
    const client = connect(credentials)
    try {
      await prepare(client, namespace)
    } finally {
      await client.close()
    }
    const kubeconfig = join(dataDir, 'kubeconfig')
    await replaceFile(kubeconfig, api.kubeconfig)
    return { credentials, kubeconfig, close: api.close }
  } catch (error) {
    await api.close()
    throw error
  }
}

/** Whoever reads it meanwhile sees the one before or this one, whole. */
async function replaceFile(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text, { mode: 0o600 })
  await rename(`${file}.new`, file)
}

async function prepare(client: KubeClient, namespace: string): Promise<void> {
  const options = { fieldManager: 'tiphys-standalone' }
  await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, options)
  for (const definition of customResourceDefinitions()) await client.apply(definition, options)
  // Without what earlier versions set in it, which would do without a cluster wherever a backup is brought back to.
  const metadata = { name: 'argocd-cm', namespace, labels: { [label.partOf]: 'argocd' } }
  await client.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata }, options)
  while (!(await client.apiResources({ refresh: true })).find('argoproj.io', 'Application'))
    await new Promise((resolve) => setTimeout(resolve, 20))
}
