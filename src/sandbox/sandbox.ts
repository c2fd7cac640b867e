/** The sandbox: a Kubernetes API server with its small controllers, in this process. */
import { randomBytes } from 'node:crypto'
import { bootstrapRoles } from './access/bootstrap.ts'
import { type Certificates, makeCertificates } from './access/certificates.ts'
import { startTokenController } from './access/token-controller.ts'
import { TokenIssuer } from './access/tokens.ts'
import { startQuotaController } from './admission/quota-controller.ts'
import type { ControllerClient } from './controllers/controller.ts'
import { startControllers } from './controllers/start.ts'
import { startDefinitionController } from './crd/definition-controller.ts'
import { Registry } from './discovery/registry.ts'
import { type AuditEvent, startServer } from './http/server.ts'
import { withClient } from './lifecycle/client.ts'
import { GarbageCollector } from './lifecycle/garbage-collector.ts'
import { NamespaceController } from './lifecycle/namespace-controller.ts'
import { type DirectoryPersistence, openPersistence } from './persist/persistence.ts'
import { Store } from './store/store.ts'
import { toJson } from './typed/json.ts'
import { parseExactJson } from './typed/json-reader.ts'

export type { AuditEvent } from './http/server.ts'

export interface SandboxOptions {
  /** 0 takes a free one. */
  port?: number
  /** Where the objects are kept; absent: in memory only. */
  dataDir?: string
  /** The disk has refused something, once and for all: nothing of it has been told to anybody. */
  onRefused?: (error: unknown) => void
  /** False: nothing acts on the objects but the API server itself. */
  controllers?: boolean
  /** How many nodes there are to run pods; 0: pods stay Pending. */
  nodes?: number
  clock?: () => Date
  /** Is told of every request, as the audit log of a real API server is. */
  audit?: (event: AuditEvent) => void
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

/** What must be the same after a restart, or clients lose their way: certificates, the token, the signing key. */
interface Identity {
  certificates: Certificates
  adminToken: string
}

async function identityOf(persistence: DirectoryPersistence | undefined, now: Date): Promise<Identity> {
  const kept = persistence?.getMeta('identity')
  if (kept) return JSON.parse(kept) as Identity
  const identity = { certificates: await makeCertificates(now), adminToken: randomBytes(24).toString('base64url') }
  persistence?.setMeta('identity', JSON.stringify(identity))
  return identity
}

function tokenIssuer(persistence: DirectoryPersistence | undefined): TokenIssuer {
  return new TokenIssuer(persistence?.getMeta('token-key'), (pem) => persistence?.setMeta('token-key', pem))
}

const firstNamespaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease']

function bootstrap(client: ControllerClient): void {
  const namespaces = { group: '', version: 'v1', resource: 'namespaces' }
  for (const name of firstNamespaces) {
    if (client.get({ ...namespaces, name })) continue
    client.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  }
  bootstrapRoles(client)
}

export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const clock = options.clock ?? (() => new Date())
  const persistence =
    options.dataDir === undefined
      ? undefined
      : openPersistence(options.dataDir, {
          codec: { stringify: toJson, parse: parseExactJson },
          onRefused: options.onRefused,
        })
  const { certificates, adminToken } = await identityOf(persistence, clock())
  const store = new Store(persistence)
  const cluster = withClient({ store, registry: new Registry(), clock, adminToken, tokens: tokenIssuer(persistence) })
  const { client } = cluster
  bootstrap(client)
  const { nodes = 2 } = options
  const definitions = startDefinitionController({
    client: client.as('kube-apiserver'),
    serve: (resources) => cluster.registry.setCustom(resources),
    clock,
  })
  const collector = new GarbageCollector(cluster)
  const namespaces = new NamespaceController(cluster)
  const quotas = startQuotaController(client)
  const tokens = startTokenController(client, { issuer: cluster.tokens, caCertificate: certificates.caPem })
  const controllers =
    options.controllers === false ? undefined : startControllers(client, { nodes, caCertificate: certificates.caPem })
  async function stop(): Promise<void> {
    for (const one of [controllers, definitions, collector, namespaces, quotas, tokens]) one?.stop()
    await store.close()
  }
  const tls = { ...certificates.server, ca: certificates.caPem }
  const server = await startServer({ port: options.port ?? 0, tls, cluster, audit: options.audit }).catch(
    async (error: unknown) => {
      await stop()
      throw error
    },
  )
  const url = `https://127.0.0.1:${server.port}`
  async function close(): Promise<void> {
    await server.close()
    await stop()
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
