/** What the stages may ask of one cluster. `connect` makes one from credentials. */
import type { KubeObject, ResourceKey } from '../model/index.ts'

/** One kind as discovery describes it, at the version that the server prefers. */
export interface ApiResource {
  group: string
  version: string
  kind: string
  /** Plural, lower case. */
  resource: string
  namespaced: boolean
  verbs: string[]
  shortNames: string[]
}

export interface ApiResources {
  /** Server version, such as `v1.36.2`. */
  version: string
  all: ApiResource[]
  /** `group/version` and `group/version/Kind` strings, as `helm template --api-versions` takes them. */
  versions: string[]
  find(group: string, kind: string, version?: string): ApiResource | undefined
}

/** Names one object at the version it is read and written in. */
export interface Target extends ResourceKey {
  version: string
}

export interface WriteOptions {
  /** Asks what would happen; nothing is stored. */
  dryRun?: boolean
  fieldManager?: string
  fieldValidation?: 'Strict' | 'Warn' | 'Ignore'
  signal?: AbortSignal
}

export interface ApplyOptions extends WriteOptions {
  /** Takes fields over from other managers; true unless told otherwise. */
  force?: boolean
}

export interface PatchOptions extends WriteOptions {
  type: 'merge' | 'json' | 'strategic'
  subresource?: string
}

export interface DeleteOptions {
  propagationPolicy?: 'Foreground' | 'Background' | 'Orphan'
  gracePeriodSeconds?: number
  /** The delete is refused when the object has another uid or version by then. */
  preconditions?: { uid?: string; resourceVersion?: string }
  dryRun?: boolean
  signal?: AbortSignal
}

export interface ListOptions {
  namespace?: string
  labelSelector?: string
  fieldSelector?: string
  /** Only apiVersion, kind and metadata of each object. */
  metadataOnly?: boolean
  signal?: AbortSignal
}

export interface KubeClient {
  readonly server: string
  /** Discovery, remembered until `refresh`. */
  apiResources(options?: { refresh?: boolean }): Promise<ApiResources>
  /** undefined when there is no such object. */
  get(target: Target, signal?: AbortSignal): Promise<KubeObject | undefined>
  /** All pages, one after the other. */
  list(resource: ApiResource, options?: ListOptions): AsyncIterable<KubeObject>
  /** Server-side apply. */
  apply(object: KubeObject, options?: ApplyOptions): Promise<KubeObject>
  create(object: KubeObject, options?: WriteOptions): Promise<KubeObject>
  replace(object: KubeObject, options?: WriteOptions): Promise<KubeObject>
  patch(target: Target, patch: unknown, options: PatchOptions): Promise<KubeObject>
  /** Resolves when the server has accepted the deletion; undefined object: there was none. */
  delete(target: Target, options?: DeleteOptions): Promise<void>
  close(): Promise<void>
}
