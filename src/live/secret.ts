/** Secrets of the control namespace: what they say, and what they are for. Pure. */
import { type KubeObject, label } from '../model/index.ts'

/** Clusters, repositories, and the credentials for reading and for writing repositories. */
export type SecretType = 'cluster' | 'repository' | 'repo-creds' | 'repository-write' | 'repo-write-creds'

export function isSecretOfType({ metadata }: KubeObject, type: SecretType): boolean {
  return metadata.labels?.[label.secretType] === type
}

const known = new WeakMap<KubeObject, Record<string, string>>()

/** The same answer for the same version of an object: who asks often can tell that nothing has changed. */
export function decodedSecret(secret: KubeObject): Record<string, string> {
  const decoded = known.get(secret) ?? decode(secret)
  known.set(secret, decoded)
  return decoded
}

function decode({ data }: KubeObject): Record<string, string> {
  const entries = Object.entries((data ?? {}) as Record<string, string>)
  return Object.fromEntries(entries.map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]))
}
