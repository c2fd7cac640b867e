/** Repositories, credentials and trust as an operator declares them, without asking the API. */
import type { KubeObject } from '../../src/model/index.ts'
import type { World } from './world.ts'

export type SecretKind = 'repository' | 'repo-creds' | 'repository-write' | 'repo-write-creds'

/** The Secret's name is made up unless it is given; writing it again replaces it. */
export async function declareRepository(
  { client, controlNamespace, unique }: World,
  stringData: Record<string, string>,
  { kind = 'repository', name = unique(`declared-${count++}`) }: { kind?: SecretKind; name?: string } = {},
): Promise<string> {
  const labels = { 'argocd.argoproj.io/secret-type': kind }
  const annotations = { 'managed-by': 'argocd.argoproj.io' }
  const metadata = { name, namespace: controlNamespace, labels, annotations }
  const data = Object.fromEntries(
    Object.entries(stringData).map(([key, text]) => [key, Buffer.from(text).toString('base64')]),
  )
  await client.apply({ apiVersion: 'v1', kind: 'Secret', metadata, data }, { fieldManager: 'e2e', force: true })
  return name
}

let count = 0

export async function withdraw({ client, controlNamespace: namespace }: World, name: string): Promise<void> {
  await client.delete({ group: '', version: 'v1', kind: 'Secret', namespace, name })
}

export function trustAuthority(world: World, host: string, pem: string, ...more: string[]): Promise<KubeObject> {
  return writeMap(world, 'argocd-tls-certs-cm', Object.fromEntries([host, ...more].map((name) => [name, pem])))
}

export function trustHostKeys(world: World, knownHosts: string): Promise<KubeObject> {
  return writeMap(world, 'argocd-ssh-known-hosts-cm', { ssh_known_hosts: knownHosts })
}

function writeMap({ client, controlNamespace: namespace }: World, name: string, data: Record<string, string>) {
  const labels = { 'app.kubernetes.io/part-of': 'argocd' }
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, labels }, data }
  return client.apply(map, { fieldManager: 'e2e', force: true })
}
