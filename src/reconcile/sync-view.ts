/** How the stage `sync` sees the cluster of one application, and how it marks what it applies there. */
import { type KubeObject, keyOf, type ResourceKey } from '../model/index.ts'
import type { Cluster, Stages } from './stages.ts'
import { trackedForm } from './tracked-form.ts'

/** Only what is known in full: the rest is asked of the server. */
export function readFrom({ live }: Cluster): (target: ResourceKey) => KubeObject | undefined {
  return (target) => {
    const found = live.get(target)
    return found?.full ? found.object : undefined
  }
}

/** Asked for each object anew: the method of tracking may change while a sync goes on. */
export function markFor(instance: string, { live }: Cluster, stages: Stages): (object: KubeObject) => KubeObject {
  return (object) => {
    const { tracking } = stages.settings
    return trackedForm({ object }, { instance, tracking, live: live.get(keyOf(object)) }).object
  }
}
