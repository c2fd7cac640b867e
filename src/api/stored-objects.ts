/** Objects of the control namespace as requests write them: what is written is seen at once by whoever reads next. */
import { isConflict, KubeError } from '../kube/kube-error.ts'
import { groupOf, type KubeObject, label, versionOf, withoutSecretValues } from '../model/index.ts'
import { ApiError } from './api-error.ts'
import { isOurs } from './secret-fields.ts'
import type { Services } from './services.ts'

export interface StoredObjects {
  create(object: KubeObject): Promise<KubeObject>
  /**
   * A JSON merge patch of what is stored at that moment, made again when somebody else was quicker; undefined: nothing
   * is to be changed. `given` tells which object is meant.
   */
  change(given: KubeObject, patchOf: (current: KubeObject) => object | undefined): Promise<KubeObject>
  /** The whole object anew, for what a merge patch cannot say: that a value is null. */
  replace(given: KubeObject, next: (current: KubeObject) => KubeObject): Promise<KubeObject>
  remove(object: KubeObject): Promise<void>
  /** One that was not made through the API stays, but stands for nothing any more: as in Argo CD. */
  removeSecret(secret: KubeObject): Promise<void>
}

const attempts = 5

export function storedObjects({ client, controlPlane }: Pick<Services, 'client' | 'controlPlane'>): StoredObjects {
  /** Somebody else may write between our reading and our writing: then once more from the start. */
  async function rewrite(given: KubeObject, write: (current: KubeObject) => Promise<KubeObject>): Promise<KubeObject> {
    for (let count = 1; ; count++) {
      const current = await client.get(targetOf(given))
      if (!current) throw new ApiError('NotFound', `${given.kind} ${given.metadata.name} does not exist any more`)
      try {
        const written = await write(current)
        controlPlane.remember(written)
        return written
      } catch (error) {
        if (!isConflict(error) || count === attempts) throw error
      }
    }
  }

  const stored: StoredObjects = {
    async create(object) {
      const created = await withCare(object, () => client.create(object))
      controlPlane.remember(created)
      return created
    },
    change: (given, patchOf) =>
      rewrite(given, async (current) => {
        const patch = patchOf(current) as { metadata?: object } | undefined
        if (!patch) return current
        const { resourceVersion } = current.metadata
        const guarded = { ...patch, metadata: { ...patch.metadata, resourceVersion } }
        return withCare({ ...given, ...patch, metadata: given.metadata }, () =>
          client.patch(targetOf(given), guarded, { type: 'merge' }),
        )
      }),
    replace: (given, next) => rewrite(given, (current) => client.replace(next(current))),
    async remove(object) {
      const outcome = await client.delete(targetOf(object))
      if (outcome.state !== 'terminating') controlPlane.forget(object)
    },
    async removeSecret(secret) {
      if (isOurs(secret)) await stored.remove(secret)
      else await stored.change(secret, () => ({ metadata: { labels: { [label.secretType]: null } } }))
    },
  }
  return stored
}

function targetOf({ apiVersion, kind, metadata: { namespace = '', name } }: KubeObject) {
  return { group: groupOf(apiVersion), version: versionOf(apiVersion), kind, namespace, name }
}

/** A server that refuses an object repeats what is wrong with it: of a Secret that must not be told. */
async function withCare<Result>(object: KubeObject, write: () => Promise<Result>): Promise<Result> {
  try {
    return await write()
  } catch (error) {
    if (!(error instanceof KubeError)) throw error
    const { code, reason, details, retryAfterMs } = error
    throw new KubeError(withoutSecretValues(error.message, object), { code, reason, details, retryAfterMs })
  }
}
