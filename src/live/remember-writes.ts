/** A client whose writes are seen in the live state at once, not only when the watch tells of them. */
import type { KubeClient, WriteOptions } from '../kube/kube-client.ts'
import { isTerminating } from '../kube/terminating.ts'
import { type KubeObject, keyOf } from '../model/index.ts'
import type { LiveCluster } from './live-cluster.ts'

export function rememberWrites(client: KubeClient, live: Pick<LiveCluster, 'get' | 'remember' | 'forget'>): KubeClient {
  async function write(answer: Promise<KubeObject>, { dryRun }: WriteOptions = {}): Promise<KubeObject> {
    const object = await answer
    if (dryRun) return object
    // Taking the last finalizer away is what deletes such an object.
    if (object.metadata.deletionTimestamp && !isTerminating(object)) live.forget(keyOf(object), object.metadata.uid)
    else live.remember(object)
    return object
  }

  return {
    ...client,
    as: (user) => rememberWrites(client.as(user), live),
    guarded: (guard) => rememberWrites(client.guarded(guard), live),
    apply: (object, options) => write(client.apply(object, options), options),
    create: (object, options) => write(client.create(object, options), options),
    replace: (object, options) => write(client.replace(object, options), options),
    patch: (target, patch, options) => write(client.patch(target, patch, options), options),
    async delete(target, options = {}) {
      const uid = options.preconditions?.uid ?? live.get(target)?.uid
      const outcome = await client.delete(target, options)
      if (options.dryRun) return outcome
      if (outcome.state === 'terminating') live.remember(outcome.object)
      else if (uid) live.forget(target, uid)
      return outcome
    },
  }
}
