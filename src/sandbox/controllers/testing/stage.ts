/** A stage for tests of controllers: a cluster in memory, a clock turned by hand, and the node played by hand. */
import type { KubeObject } from '../../object.ts'
import { timestamp } from '../clock.ts'
import type { ResourceName } from '../controller.ts'
import { events } from '../event-recorder.ts'
import { type ControllerOptions, startControllers } from '../start.ts'
import type { Pod } from '../workload.ts'
import { manualClock } from './manual-clock.ts'
import { MemoryCluster } from './memory-cluster.ts'

export const podsName = { group: '', version: 'v1', resource: 'pods' }

/** Starts the controllers, without nodes unless `options` has some. */
export function stage(options: ControllerOptions = {}) {
  const clock = manualClock()
  const cluster = new MemoryCluster(clock)
  const controllers = startControllers(cluster, { nodes: 0, ...options, clock })

  function settle(ms = 1): void {
    clock.advance(ms)
  }

  function pods(): Pod[] {
    return cluster.list(podsName) as Pod[]
  }

  return {
    clock,
    cluster,
    stop: controllers.stop,
    settle,
    pods,
    events: () => cluster.list(events),
    one: (resource: ResourceName, name: string, namespace = 'demo') => cluster.get({ ...resource, namespace, name }),
    /** Changes the spec of an object, as a PATCH would. */
    patch(resource: ResourceName, name: string, spec: object): void {
      const object = cluster.get({ ...resource, namespace: 'demo', name }) as KubeObject
      cluster.update(resource, { ...object, spec: { ...(object.spec as object), ...spec } })
      settle()
    },
    bind(pod: Pod): void {
      cluster.bind({ ...podsName, namespace: pod.metadata.namespace, name: pod.metadata.name ?? '' }, 'demo-node')
      settle()
    },
    report(pod: Pod, phase: string, ready = phase === 'Running'): void {
      const now = timestamp(clock.now())
      const current = cluster.get({ ...podsName, namespace: 'demo', name: pod.metadata.name ?? '' }) as Pod
      const conditions = [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: now }]
      cluster.updateStatus(podsName, { ...current, status: { ...current.status, phase, conditions } })
      settle()
    },
    /** What a kubelet does to a pod that was told to go. */
    remove(pod: Pod): void {
      cluster.delete({ ...podsName, namespace: 'demo', name: pod.metadata.name ?? '' }, { gracePeriodSeconds: 0 })
      settle()
    },
  }
}
