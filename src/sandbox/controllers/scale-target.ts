/** The workloads that have a size: found by reference, read and set. */
import type { KubeObject } from '../object.ts'
import type { ControllerContext } from './context.ts'
import type { Informer } from './informer.ts'
import type { LabelSelector } from './selector.ts'

export interface Scalable extends KubeObject {
  spec: { replicas?: number; selector: LabelSelector }
  status?: { replicas?: number; readyReplicas?: number }
}

/** The informer of a scalable kind; undefined for others. */
function informerOf({ informers }: ControllerContext, kind: string): Informer<Scalable> | undefined {
  const byKind: Record<string, Informer<KubeObject>> = {
    Deployment: informers.deployments,
    ReplicaSet: informers.replicaSets,
    StatefulSet: informers.statefulSets,
  }
  // Each of them has replicas and a selector
  return byKind[kind] as Informer<Scalable> | undefined
}

export interface ScaleReference {
  kind: string
  name: string
}

export function scaleTarget(context: ControllerContext, namespace: string, { kind, name }: ScaleReference) {
  return informerOf(context, kind)?.get(namespace, name)
}

export function setReplicas(context: ControllerContext, target: Scalable, replicas: number): void {
  const informer = informerOf(context, target.kind)
  if (informer) context.client.update(informer.resource, { ...target, spec: { ...target.spec, replicas } })
}

/** Calls back with the key of every scalable object that was resized, came or went. */
export function onResize({ informers }: ControllerContext, handler: (target: KubeObject) => void): void {
  for (const informer of [informers.deployments, informers.replicaSets, informers.statefulSets]) {
    const scalable = informer as unknown as Informer<Scalable>
    scalable.onChange((now, old) => {
      const changed = now?.spec.replicas !== old?.spec.replicas || now?.status?.replicas !== old?.status?.replicas
      const target = now ?? old
      if (changed && target) handler(target)
    })
  }
}
