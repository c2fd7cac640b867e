/** The binding of a pod to a node. */

import type { KubeObject } from '../object.ts'
import { conflict } from '../refusal.ts'
import type { Call, Cluster } from './cluster.ts'
import { copyOf } from './copy.ts'
import { timestamp } from './timestamp.ts'
import { updateObject } from './update.ts'

/** A pod as its binding leaves it. */
function bound(pod: KubeObject, node: string, now: Date): KubeObject {
  const next = copyOf(pod)
  next.spec = { ...(next.spec as object), nodeName: node }
  const status = (next.status ?? {}) as { conditions?: { type: string }[] }
  const lastTransitionTime = timestamp(now)
  const scheduled = { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime }
  const others = (status.conditions ?? []).filter(({ type }) => type !== 'PodScheduled')
  next.status = { ...status, conditions: [...others, scheduled] }
  return next
}

/** Refuses a pod that has its node already. */
export function bindPod(cluster: Cluster, call: Call, node: string): void {
  updateObject(cluster, call, {
    next(old) {
      const { nodeName } = old.spec as { nodeName?: string }
      if (nodeName) {
        const why = `pod ${call.name} is already assigned to node ${JSON.stringify(nodeName)}`
        throw conflict({ group: '', name: 'pods/binding' }, call.name, why)
      }
      return bound(old, node, call.now)
    },
  })
}
