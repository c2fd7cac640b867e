/** What a controller of the sandbox sees of the cluster: the verbs of any client, without the network. */
import type { KubeObject } from '../object.ts'

export interface ResourceName {
  group: string
  version: string
  /** Plural, lower case: `deployments`. */
  resource: string
}

export interface Reference extends ResourceName {
  namespace?: string
  name: string
}

export interface ListQuery {
  namespace?: string
  labelSelector?: string
}

/**
 * Reads are of the committed state and synchronous; writes pass through the same pipeline as a request, and are
 * committed when they return. Objects handed out are shared with the store and must not be changed; objects handed in
 * are not changed by the client.
 */
export interface ControllerClient {
  get(reference: Reference): KubeObject | undefined
  list(resource: ResourceName, query?: ListQuery): KubeObject[]
  create(resource: ResourceName, object: KubeObject): KubeObject
  /** A PUT with the object's resourceVersion: throws a StatusError with code 409 when it is stale. */
  update(resource: ResourceName, object: KubeObject): KubeObject
  updateStatus(resource: ResourceName, object: KubeObject): KubeObject
  delete(reference: Reference, options?: { propagationPolicy?: string; gracePeriodSeconds?: number }): void
  /** A POST to the pod's binding subresource: sets spec.nodeName and the condition PodScheduled. */
  bind(pod: Reference, node: string): void
  /**
   * Calls back for every object there is, then for every change; returns what ends it. The call comes inside the
   * commit, in its order, before the write returns; it only takes note (indexes, queues) and writes nothing itself.
   */
  watch(
    resource: ResourceName,
    onChange: (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubeObject) => void,
  ): () => void
  /** The same client writing under another field manager and as another component: `kubelet`, `kube-scheduler`. */
  as(manager: string): ControllerClient
}

/** A running controller; `stop` ends its watches and timers. */
export interface Controller {
  stop(): void
}
