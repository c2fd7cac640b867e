/** What is there now, in one cluster: the view that the other stages read. */
import type { ApiResource, ApiResources } from '../kube/kube-client.ts'
import type { KubeObject, ResourceKey } from '../model/index.ts'
import type { Filters } from './exclusions.ts'
import type { LiveObject } from './live-object.ts'
import type { PodRequests } from './pod-load.ts'

export interface LiveSettings extends Filters {
  /** Only these; empty: all. */
  namespaces: string[]
  /** With `namespaces`: cluster-scoped objects are followed nevertheless. */
  clusterResources: boolean
  /** A change of an object that nobody is told of. */
  ignoresUpdate: (previous: LiveObject, current: LiveObject) => boolean
  /** The application that tracks an object. */
  instanceOf: (object: KubeObject) => string | undefined
}

/** What can change while a cluster is followed; what is left out is as by default. */
export type Reconfigurable = Partial<Pick<LiveSettings, 'exclusions' | 'inclusions' | 'ignoresUpdate'>>

export interface GroupKind {
  group: string
  kind: string
}

export interface LiveChange {
  key: ResourceKey
  type: 'added' | 'modified' | 'deleted'
  /** Applications that track the object or one of its owners, before or after. Empty: nobody's. */
  instances: string[]
  /** The object is tracked itself. */
  tracked: boolean
  /** Nothing was declared anew: only status, generation or field managers moved. */
  statusOnly: boolean
}

export interface KindState extends GroupKind {
  version: string
  full: boolean
  objects: number
  status: 'syncing' | 'synced' | 'failing'
  message?: string
}

export interface LiveState {
  /** `failing`: nothing is known anew; what is kept is what was last known. Single kinds may fail while all is `synced`. */
  status: 'connecting' | 'syncing' | 'synced' | 'failing'
  message?: string
  /** Server version. */
  version?: string
  kinds: KindState[]
  objects: number
  managed: number
}

export interface LiveCluster {
  readonly server: string
  /** Resolves when every kind has been listed or refused; waits as long as the cluster cannot be reached. */
  ready(): Promise<void>
  /** Follows these kinds in full from now on. Resolves when they are listed; StageError when one of them cannot be. */
  require(kinds: Iterable<GroupKind>): Promise<void>
  get(key: ResourceKey): LiveObject | undefined
  /** The whole object as the server has it now; one request. `version`: instead of the preferred one. */
  read(key: ResourceKey, options?: { version?: string; signal?: AbortSignal }): Promise<KubeObject | undefined>
  /** What all Pods on a node take of it. */
  takenOn(node: string): PodRequests
  managedBy(instance: string): LiveObject[]
  /** Objects of a namespace that no other object owns. */
  topLevelIn(namespace: string): LiveObject[]
  /** Objects that name this uid as their owner, or belong to it by custom. */
  children(uid: string): LiveObject[]
  /** The applications that track the object or one of its owners. */
  instancesOf(key: ResourceKey): string[]
  /** True also when namespaces cannot be seen. */
  namespaceExists(name: string): boolean
  scope(group: string, kind: string): 'Namespaced' | 'Cluster' | undefined
  /** Kinds that are left alone by the settings. */
  isExcluded(kind: GroupKind): boolean
  /** The rules behind `isExcluded`: the same object as long as they are the same. */
  filters(): Filters
  /** Leaves other kinds alone from now on; what is new is followed, what is excluded is forgotten. */
  reconfigure(settings: Reconfigurable): void
  /** The last discovery; throws StageError before the first. */
  resources(): ApiResources
  /** Asks the server which kinds it has now, as after the sync of a CustomResourceDefinition. */
  refreshResources(): Promise<ApiResources>
  /** Finds anew which application each object belongs to, after `instanceOf` has come to answer differently. */
  retrack(): void
  /** Told after each change, once `ready`. Returns how to stop listening. */
  onChange(listener: (change: LiveChange) => void): () => void
  /** Told which kinds came and went. */
  onKinds(listener: (kinds: { added: ApiResource[]; removed: ApiResource[] }) => void): () => void
  state(): LiveState
  /** Why nothing can be known of the cluster right now; undefined when all is well. Cheap, unlike `state`. */
  problem(): string | undefined
  /** Told when a problem comes, and when there is none any more. */
  onProblem(listener: (problem: string | undefined) => void): () => void
  /** Takes the answer of our own write, so that whoever looks next sees it. */
  remember(object: KubeObject): void
  /** The same for an object that our own delete has removed. */
  forget(key: ResourceKey, uid?: string): void
  close(): Promise<void>
}
