/** What the controller of ApplicationSets needs of the process around it; the one who wires it answers. */
import type { Application, ApplicationSet, KubeObject } from '../model/index.ts'
import type { Tracer } from '../trace/index.ts'
import type { GeneratorInputs } from './generators/inputs.ts'
import type { PolicySettings } from './policy.ts'
import type { Preserved } from './wanted-form.ts'

type IgnoreRule = NonNullable<ApplicationSet['spec']['ignoreApplicationDifferences']>[number]

export interface SetSettings extends PolicySettings {
  /** In all sets. */
  preserved: Preserved
  /** How many applications a status lists at most. */
  mostResources: number
  /** Whether `strategy: RollingSync` is followed. */
  progressiveSyncs: boolean
}

/** Of the cluster that the sets are in. Each write is known to whoever looks afterwards. */
export interface SetWrites {
  createApplication(application: Application): Promise<Application>
  patchApplication(application: Application, patch: object): Promise<Application>
  /** Of this very object: one with the same name that was made meanwhile stays. */
  deleteApplication(application: Application): Promise<void>
  patchSet(set: ApplicationSet, patch: object): Promise<void>
  patchStatus(set: ApplicationSet, patch: object): Promise<void>
  record(set: ApplicationSet, occurrence: SetOccurrence): void
}

export interface SetOccurrence {
  reason: 'ResourceCreated' | 'ResourceUpdated' | 'ResourceDeleted'
  type: 'Normal' | 'Warning'
  message: string
}

export interface SetWorld {
  inputs: GeneratorInputs
  writes: SetWrites
  settings(): SetSettings
  /** `namespace/name` of each. */
  sets(): ApplicationSet[]
  /** Whether a set, `namespace/name`, is for this process to look after; all are unless told otherwise. */
  isOurs?(set: string): boolean
  /** Has whoever looks after the set generate it anew. */
  askOwner?(set: ApplicationSet): void
  /** What its project and its destination have against an application. */
  faultOf(application: Application): string | undefined
  /** Whether there is a cluster that the application's resources could be deleted from. */
  hasDestination(application: Application): boolean
  /** `wanted` with what the rules name as it is live. */
  settleIgnored(live: Application, wanted: Application, rules: IgnoreRule[]): Promise<KubeObject>
  /** Work by name, one at a time for each. */
  openQueue(options: QueueOptions): Queue
  clock: { now(): number }
  tracer?: Tracer
  log: { info(details: object, message: string): void; warn(details: object, message: string): void }
}

export interface QueueOptions {
  concurrency: number
  work(name: string): Promise<void>
  onError(name: string, error: unknown): void
}

export interface Queue {
  add(name: string): void
  addAfter(name: string, delayMs: number): void
  forget(name: string): void
  stop(): Promise<void>
}
