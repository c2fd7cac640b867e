/** Secrets in memory for tests, with versions as a server keeps them. */
import type { KubeObject } from '../model/index.ts'

export class Conflict extends Error {}

export function secretStore(...given: KubeObject[]) {
  let version = 0
  const kept = new Map<string, KubeObject>()
  const put = (secret: KubeObject) => {
    const metadata = { ...secret.metadata, resourceVersion: String(++version) }
    kept.set(secret.metadata.name, { ...secret, metadata })
  }
  given.forEach(put)
  const data = (name: string) => (kept.get(name)?.data ?? {}) as Record<string, string>
  return {
    value: (name: string, key: string) => Buffer.from(data(name)[key] ?? '', 'base64').toString('utf8'),
    get: async (name: string) => kept.get(name),
    async create(secret: KubeObject) {
      if (kept.has(secret.metadata.name)) throw new Conflict(secret.metadata.name)
      put(secret)
    },
    async patch(name: string, patch: object) {
      const before = kept.get(name) as KubeObject
      const changed = patch as { metadata: Partial<KubeObject['metadata']>; data: object }
      const { resourceVersion, annotations } = changed.metadata
      if (resourceVersion !== before.metadata.resourceVersion) throw new Conflict(name)
      const metadata = { ...before.metadata, annotations: { ...before.metadata.annotations, ...annotations } }
      put({ ...before, metadata, data: { ...data(name), ...changed.data } })
    },
  }
}
