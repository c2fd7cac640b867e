/** Another cluster for a test: a sandbox, and the Secret that registers it. */
import { connect } from '../../src/kube/connect.ts'
import type { ClusterCredentials } from '../../src/kube/credentials.ts'
import { bearerHeader } from '../../src/kube/credentials.ts'
import type { KubeClient } from '../../src/kube/kube-client.ts'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import type { World } from './world.ts'

export interface SandboxCluster {
  server: string
  port: number
  token: string
  caData: string
  credentials: ClusterCredentials
  client: KubeClient
  /** The `config` of its Secret, in which everything is right. */
  config: ClusterConfig
  stop(): Promise<void>
}

export interface ClusterConfig extends Record<string, unknown> {
  bearerToken?: string
  tlsClientConfig?: Record<string, unknown>
}

export async function startSandboxCluster({ port = 0 }: { port?: number } = {}): Promise<SandboxCluster> {
  const sandbox = await startSandbox({ port })
  const credentials: ClusterCredentials = {
    name: 'sandbox',
    server: sandbox.url,
    ca: sandbox.caPem,
    authenticate: async () => ({ headers: bearerHeader(sandbox.adminToken) }),
  }
  const client = connect(credentials)
  const caData = Buffer.from(sandbox.caPem).toString('base64')
  return {
    server: sandbox.url,
    port: sandbox.port,
    token: sandbox.adminToken,
    caData,
    credentials,
    client,
    config: { bearerToken: sandbox.adminToken, tlsClientConfig: { caData } },
    async stop() {
      await client.close()
      await sandbox.close()
    },
  }
}

export interface ClusterFields {
  name: string
  server: string
  config: ClusterConfig
  namespaces?: string
  clusterResources?: string
  project?: string
  annotations?: Record<string, string>
  labels?: Record<string, string>
}

/** Registers a cluster as somebody does who declares it, or changes what is declared; the Secret is called `secret`. */
export async function declareCluster(
  world: World,
  secret: string,
  { config, annotations, labels, ...fields }: ClusterFields,
): Promise<void> {
  await world.client.apply(
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: secret,
        namespace: world.controlNamespace,
        labels: { 'argocd.argoproj.io/secret-type': 'cluster', ...labels },
        ...(annotations && { annotations }),
      },
      stringData: { ...fields, config: JSON.stringify(config) },
    },
    { fieldManager: 'e2e' },
  )
}

export async function withdrawCluster(world: World, secret: string): Promise<void> {
  const target = { group: '', version: 'v1', kind: 'Secret', namespace: world.controlNamespace, name: secret }
  await world.client.delete(target)
}
