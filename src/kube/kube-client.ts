/** What the stages may ask of one cluster. `connect` makes one from credentials. */
import type { KubeObject, ResourceKey } from '../model/index.ts'
import type { Guard } from './guard.ts'
import type { WatchEvent } from './watch-event.ts'

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
  /** Groups whose own server could not be asked: kinds of theirs may be missing here. */
  stale: string[]
  /** At the preferred version unless one is given. */
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
  /** Objects a page; 0: all in one. */
  limit?: number
  /** How often a request is tried; 1: the caller repeats by itself. */
  attempts?: number
  signal?: AbortSignal
}

export interface ListPage {
  /** Of the whole list, the same on each page. */
  resourceVersion: string
  items: KubeObject[]
  last: boolean
}

export interface WatchOptions extends Omit<ListOptions, 'limit'> {
  /** Changes after this version are told. */
  resourceVersion: string
  /** The server ends the watch then. */
  timeoutSeconds?: number
}

export interface PodLogOptions {
  /** Needed where the pod has several. */
  container?: string
  /** Goes on until the container ends, however long it is silent. */
  follow?: boolean
  /** Of the container before its last restart. */
  previous?: boolean
  sinceSeconds?: number
  /** RFC 3339. */
  sinceTime?: string
  tailLines?: number
  /** Puts the time of each line before it, and a space. */
  timestamps?: boolean
  limitBytes?: number
  /** Ends the lines, without an error. */
  signal?: AbortSignal
}

export interface ExecOptions {
  namespace: string
  name: string
  /** Needed where the pod has several. */
  container?: string
  command: string[]
  /** A terminal: stdout and stderr are one. */
  tty: boolean
  stdin: boolean
  /** Ends the session. */
  signal?: AbortSignal
}

export interface ExecOutput {
  channel: 'stdout' | 'stderr'
  data: Buffer
}

/** `error`: the command could not be run, or how it ended is not known. */
export type ExecEnd = { exitCode: number } | { error: string }

export interface ExecSession {
  readonly protocol: 'v5.channel.k8s.io' | 'v4.channel.k8s.io'
  /**
   * Its reader sets the pace: the command waits when nobody reads. What comes after a reader has left the loop is
   * dropped. It ends with the session and never throws.
   */
  readonly output: AsyncIterable<ExecOutput>
  /** Resolves when the data is on its way. After the end it is dropped. */
  write(data: Uint8Array | string): Promise<void>
  resize(size: { cols: number; rows: number }): void
  /** Closes stdin. Version 4 of the protocol cannot say that: there the command goes on waiting for more. */
  endInput(): void
  /** Known when the output is over; never rejects. */
  readonly done: Promise<ExecEnd>
  close(): void
}

/** What a delete found: nothing, an object that is gone now, or one that its finalizers or grace period still hold. */
export type DeleteOutcome = { state: 'absent' } | { state: 'gone' } | { state: 'terminating'; object: KubeObject }

export interface KubeClient {
  readonly server: string
  /** Requests sent so far, by verb; every dry run counts as `dry-run`. */
  readonly requests: Record<string, number>
  /** The same client in the name of another user, as far as we may. It shares connections and discovery. */
  as(user: string): KubeClient
  /**
   * The same client, whose guard is asked as each write leaves, and each time that it is tried again. It is not asked about
   * reads and dry runs.
   */
  guarded(guard: Guard): KubeClient
  /** The same for as long as this is the same cluster; undefined when it does not tell. */
  identity(): Promise<string | undefined>
  /** Discovery, remembered until `refresh`. */
  apiResources(options?: { refresh?: boolean }): Promise<ApiResources>
  /** undefined when there is no such object. */
  get(target: Target, signal?: AbortSignal): Promise<KubeObject | undefined>
  /** All pages, one after the other. */
  list(resource: ApiResource, options?: ListOptions): AsyncIterable<KubeObject>
  /** The same page by page, with the version to watch from. */
  pages(resource: ApiResource, options?: ListOptions): AsyncIterable<ListPage>
  /** Resolves when the server has accepted; the iteration ends with the connection, and throws Expired on a 410. */
  watch(resource: ApiResource, options: WatchOptions): Promise<AsyncIterable<WatchEvent>>
  /** Server-side apply. */
  apply(object: KubeObject, options?: ApplyOptions): Promise<KubeObject>
  create(object: KubeObject, options?: WriteOptions): Promise<KubeObject>
  replace(object: KubeObject, options?: WriteOptions): Promise<KubeObject>
  patch(target: Target, patch: unknown, options: PatchOptions): Promise<KubeObject>
  /** Resolves when the server has accepted the deletion. */
  delete(target: Target, options?: DeleteOptions): Promise<DeleteOutcome>
  /**
   * The lines of a container's log. Asked for with the first of them; the reader sets the pace. A line of more than a
   * megabyte is cut, and says so.
   */
  logs(pod: { namespace: string; name: string }, options?: PodLogOptions): AsyncIterable<string>
  /** Resolves when the server has let us in. */
  exec(options: ExecOptions): Promise<ExecSession>
  close(): Promise<void>
}
