/** Applications as the commands read and change them: through the API, or straight on the cluster. */
import type { Application, ResourceKey } from '../../model/index.ts'
import type { SyncRequest } from '../../operation/index.ts'
import type { ApplicationObjects } from './application-objects.ts'

export interface Selection {
  /** A label selector. */
  selector?: string
  projects?: string[]
}

export interface RollbackChoice {
  /** Of a history entry; without it, the one before the last. */
  id?: number
  prune?: boolean
  dryRun?: boolean
  /** Hooks run; as in Argo CD they do not unless asked for. */
  hooks?: boolean
  /** false: refused while automated sync is on, as in Argo CD. true: pins also without automated sync. */
  pin?: boolean
}

export interface RollbackStarted {
  application: Application
  /** The history entry that the application is pinned to. */
  pinnedTo?: number
}

export type PatchType = 'merge' | 'json'
export type Propagation = 'foreground' | 'background' | 'orphan'

/** Names are `NAME`, or `NAMESPACE/NAME` where applications are in other namespaces too. */
export interface Applications {
  /** Where they are, in words: `in namespace argocd`. */
  where: string
  /** Of new ones; undefined leaves it to the server. */
  namespace: string | undefined
  list(selection?: Selection): Promise<Application[]>
  find(name: string): Promise<Application | undefined>
  /** Throws when there is none. */
  get(name: string): Promise<Application>
  /** With `upsert`, one of its name is changed; otherwise it is in the way, unless it is the same. */
  create(application: Application, options?: { upsert?: boolean; validate?: boolean }): Promise<Application>
  replace(application: Application, options?: { validate?: boolean }): Promise<Application>
  patch(name: string, patch: unknown, type: PatchType): Promise<Application>
  /** Resolves when it has been looked at anew. */
  refresh(name: string, kind: 'normal' | 'hard'): Promise<Application>
  /** Resolves to the application with the operation on it; refused while another one is under way. */
  sync(name: string, request: SyncRequest): Promise<Application>
  rollback(name: string, choice: RollbackChoice): Promise<RollbackStarted>
  /** Lifts the pin of a rollback. */
  unpin(name: string): Promise<void>
  terminate(name: string): Promise<void>
  /** One that is being deleted already is only let go of its resources, if that is asked for. */
  delete(application: Application, propagation: Propagation): Promise<void>
  /** Confirms what asks for it with `Delete=confirm` or `Prune=confirm`. */
  confirmDeletion(name: string): Promise<void>
  /** Messages of the Events about an application, also of one that is gone. */
  warnings(application: Application, reason: string): Promise<string[]>
  objects: ApplicationObjects
}

/** `NAMESPACE/NAME` in its parts. */
export function namePartsOf(text: string): { name: string; namespace?: string } {
  const slash = text.indexOf('/')
  return slash < 0 ? { name: text } : { name: text.slice(slash + 1), namespace: text.slice(0, slash) }
}

export function resourcesOf({ status }: Application): (ResourceKey & { version: string })[] {
  return (status?.resources ?? []).map(({ group = '', version = '', kind = '', namespace = '', name = '' }) => ({
    group,
    version,
    kind,
    namespace,
    name,
  }))
}
