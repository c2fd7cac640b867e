/** The credentials that Kubernetes gives to a pod. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ClusterCredentials } from './credentials.ts'
import { tokenFileAuthenticator } from './token-file.ts'

const mount = '/var/run/secrets/kubernetes.io/serviceaccount'

export interface PodEnvironment {
  env: Record<string, string | undefined>
  folder?: string
}

/** undefined outside a cluster. */
export async function inClusterCredentials(pod: PodEnvironment): Promise<ClusterCredentials | undefined> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = pod.env
  if (!host) return undefined
  const folder = pod.folder ?? mount
  const [ca, namespace] = await Promise.all([
    readFile(join(folder, 'ca.crt'), 'utf8'),
    readFile(join(folder, 'namespace'), 'utf8').catch(() => ''),
  ])
  return {
    name: 'in-cluster',
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    ca,
    namespace: namespace.trim() || undefined,
    authenticate: tokenFileAuthenticator(join(folder, 'token')),
  }
}
