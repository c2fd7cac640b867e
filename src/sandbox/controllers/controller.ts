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

/** Reads are of the committed state and synchronous; writes pass through the same pipeline as a request. */
export interface ControllerClient {
  get(reference: Reference): KubeObject | undefined
  list(resource: ResourceName, query?: ListQuery): KubeObject[]
  create(resource: ResourceName, object: KubeObject): KubeObject
  /** A PUT with the object's resourceVersion: throws a StatusError with code 409 when it is stale. */
  update(resource: ResourceName, object: KubeObject): KubeObject
  updateStatus(resource: ResourceName, object: KubeObject): KubeObject
  delete(reference: Reference, options?: { propagationPolicy?: string; gracePeriodSeconds?: number }): void
  /** Calls back for every object there is, then for every change; returns what ends it. */
  watch(
    resource: ResourceName,
    onChange: (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubeObject) => void,
  ): () => void
}

/** A running controller; `stop` ends its watches and timers. */
export interface Controller {
  stop(): void
}

export type StartController = (client: ControllerClient) => Controller
