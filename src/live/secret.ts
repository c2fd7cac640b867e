/** Secrets of the control namespace: what they say, and what they are for. Pure. */
import { type KubeObject, label } from '../model/index.ts'

/** Clusters, repositories, and the credentials for reading and for writing repositories. */
export type SecretType = 'cluster' | 'repository' | 'repo-creds' | 'repository-write' | 'repo-write-creds'

export function isSecretOfType({ metadata }: KubeObject, type: SecretType): boolean {
  return metadata.labels?.[label.secretType] === type
}

export function decodedSecret({ data }: KubeObject): Record<string, string> {
  const entries = Object.entries((data ?? {}) as Record<string, string>)
  return Object.fromEntries(entries.map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]))
}
