/** The sandbox: a Kubernetes API server with its small controllers, in this process. */
import { randomBytes } from 'node:crypto'
import { makeCertificates } from './access/certificates.ts'
import type { ControllerClient } from './controllers/controller.ts'
import { Registry } from './discovery/registry.ts'
import { startServer } from './http/server.ts'
import { withClient } from './lifecycle/client.ts'
import { unauthorized } from './refusal.ts'
import { Store } from './store/store.ts'

export interface SandboxOptions {
  /** 0 takes a free one. */
  port?: number
  /** Where the objects are kept; absent: in memory only. */
  dataDir?: string
  /** False: nothing acts on the objects but the API server itself. */
  controllers?: boolean
  /** How many nodes there are to run pods; 0: pods stay Pending. */
  nodes?: number
  clock?: () => Date
}

export interface Sandbox {
  url: string
  port: number
  /** The text of a kubeconfig with the administrator's token. */
  kubeconfig: string
  caPem: string
  adminToken: string
  client: ControllerClient
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

function kubeconfigText(url: string, caPem: string, token: string): string {
  const ca = Buffer.from(caPem).toString('base64')
  return `apiVersion: v1
kind: Config
current-context: sandbox
clusters:
  - name: sandbox
    cluster:
      server: ${url}
      certificate-authority-data: ${ca}
contexts:
  - name: sandbox
    context:
      cluster: sandbox
      user: admin
users:
  - name: admin
    user:
      token: ${token}
`
}

export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const clock = options.clock ?? (() => new Date())
  const cluster = withClient({ store: new Store(), registry: new Registry(), clock })
  const certificates = await makeCertificates(clock())
  const adminToken = randomBytes(24).toString('base64url')
  const { client } = cluster
  for (const name of ['default', 'kube-system', 'kube-public', 'kube-node-lease']) {
    client.create(
      { group: '', version: 'v1', resource: 'namespaces' },
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
    )
  }
  const server = await startServer({
    port: options.port ?? 0,
    tls: { ...certificates.server, ca: certificates.caPem },
    cluster,
    authenticate: (request) => {
      if (request.headers.authorization === `Bearer ${adminToken}`) return { name: 'admin', groups: ['system:masters'] }
      throw unauthorized()
    },
    authorize: () => {},
  })
  const url = `https://127.0.0.1:${server.port}`
  async function close(): Promise<void> {
    await server.close()
    await cluster.store.close()
  }
  return {
    url,
    port: server.port,
    kubeconfig: kubeconfigText(url, certificates.caPem, adminToken),
    caPem: certificates.caPem,
    adminToken,
    client,
    close,
    [Symbol.asyncDispose]: close,
  }
}
