/** Finds the credentials of a cluster where kubectl would find them. */
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { ClusterCredentials } from './credentials.ts'
import { inClusterCredentials } from './in-cluster.ts'
import { kubeconfigCredentials } from './kubeconfig.ts'

export interface ConfigSource {
  /** A path; without it KUBECONFIG (several files are merged), then the pod's own account, then ~/.kube/config. */
  kubeconfig?: string
  context?: string
  env?: Record<string, string | undefined>
}

export async function loadConfig({
  kubeconfig,
  context,
  env = process.env,
}: ConfigSource = {}): Promise<ClusterCredentials> {
  if (kubeconfig) return kubeconfigCredentials({ files: [kubeconfig], context })
  const listed = (env.KUBECONFIG ?? '').split(delimiter).filter(Boolean)
  const present = listed.filter((file) => existsSync(file))
  if (present.length > 0) return kubeconfigCredentials({ files: present, context })
  if (listed.length > 0) throw new Error(`KUBECONFIG names ${listed.join(', ')}, which does not exist`)
  const own = await inClusterCredentials({ env })
  if (own) return own
  const home = join(env.HOME ?? homedir(), '.kube', 'config')
  if (existsSync(home)) return kubeconfigCredentials({ files: [home], context })
  throw new Error('no cluster to speak to: give --kubeconfig, set KUBECONFIG, or run inside a cluster')
}
