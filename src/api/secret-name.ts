/** The names that Argo CD gives to the Secrets of clusters, repositories and credentials. Pure. */
import { ApiError } from './api-error.ts'

/** `cluster-<host>-<hash of the address>`. Throws InvalidArgument when the address is none. */
export function clusterSecretName(server: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(server) || !URL.canParse(server)) {
    throw new ApiError(
      'InvalidArgument',
      `the address ${JSON.stringify(server)} of the cluster is none such as https://HOST:PORT`,
    )
  }
  const host = new URL(server).hostname.replace(/^\[|\]$/g, '').replaceAll(':', '-')
  return `cluster-${host}-${fnv1a(server)}`
}

export type SecretPrefix = 'repo' | 'repo-write' | 'creds' | 'creds-write'

export function repositorySecretName(prefix: SecretPrefix, url: string, project = ''): string {
  return `${prefix}-${fnv1a(url + project)}`
}

/** 32 bits of it. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return hash
}
