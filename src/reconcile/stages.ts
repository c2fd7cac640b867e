/** What the conductor calls, and nothing more: the stages, as the composition root has wired them. */
import type { Cluster, Clusters, Destination } from '../clusters/index.ts'
import type { DiffSettings, Jq } from '../diff/index.ts'
import type { HealthAssessor } from '../health/index.ts'
import type { ControlPlane } from '../live/index.ts'
import type { Renderer } from '../manifest/renderer.ts'
import { type Application, isSkipped, type KubeObject, type OperationState, type Tracking } from '../model/index.ts'
import type { GlobalProjectRule } from '../project/index.ts'
import type { Sources } from '../source/sources.ts'
import type { Tracer } from '../trace/index.ts'
import type { BackoffSettings } from './auto-sync.ts'
import type { Share } from './share.ts'

export type { Cluster } from '../clusters/index.ts'

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
}

export interface Log {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** Told of what is worth counting. */
export interface Observer {
  /** By the name that tracking uses. */
  looked(instance: string, seconds: number): void
  /** Its sources were fetched and rendered, or could not be. */
  rendered(instance: string, seconds: number): void
  synced(application: Application, state: OperationState): void
}

export interface ControllerSettings {
  /** How often an application is looked at when nothing happens; 0: never. Up to `jitterMs` later. */
  pollIntervalMs: number
  jitterMs: number
  /** The same with nothing taken from caches; 0: never. */
  hardPollIntervalMs: number
  /** Applications looked at at once. */
  concurrency: number
  syncWaveDelayMs: number
  /** Of one try of an operation; 0: no limit. */
  syncTimeoutMs: number
  selfHealBackoff: BackoffSettings
  failureBackoff: BackoffSettings
  globalProjects: GlobalProjectRule[]
  /** Of addresses that value files may be read from. */
  valuesFileSchemes: string[]
  tracking: Tracking
  diff: DiffSettings
  /** Whether applications act in the name of service accounts: `always`, or where their project names one. */
  impersonation: 'off' | 'where named' | 'always'
}

export interface Stages {
  controlPlane: ControlPlane
  clusters: Clusters
  sources: Sources
  renderer: Renderer
  health: HealthAssessor
  jq: Jq
  settings: ControllerSettings
  /** The application that an object belongs to. */
  instanceOf(object: KubeObject): string | undefined
  clock: Clock
  log: Log
  observer: Observer
  tracer: Tracer
  /** Absent: nobody else works on the same applications. */
  share?: Share
}

/** Nothing is to be done for the application, nor anything said of it: it may be another's to look after. */
export function isLeftAlone({ metadata, spec }: Application, clusters: Pick<Clusters, 'fault'>): boolean {
  return isSkipped(metadata.annotations) || clusters.fault(spec.destination ?? {})?.kind === 'left alone'
}

/** By name or by address; undefined when no such cluster is known, or it is not plain which is meant. */
export function clusterFor(destination: Destination, clusters: Pick<Clusters, 'find'>): Cluster | undefined {
  return clusters.find(destination)
}
