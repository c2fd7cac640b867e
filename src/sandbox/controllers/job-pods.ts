/** The pods of a Job: which are counted already, which are new ends, and which indexes are done. */
import { isActive, isReady } from './pod-state.ts'
import type { Job, Pod } from './workload.ts'

export const trackingFinalizer = 'batch.kubernetes.io/job-tracking'
export const indexAnnotation = 'batch.kubernetes.io/job-completion-index'

export interface JobPods {
  active: Pod[]
  ready: number
  terminating: number
  /** Ended, and not counted in the status yet: their finalizer says so. */
  newlySucceeded: Pod[]
  newlyFailed: Pod[]
  /** How often containers of running pods were restarted. */
  restarts: number
}

export function isTracked({ metadata }: Pod): boolean {
  return metadata.finalizers?.includes(trackingFinalizer) ?? false
}

/** A pod that was told to go counts as failed at once; another may take its place. */
function hasFailed({ status, metadata }: Pod): boolean {
  return status?.phase === 'Failed' || (metadata.deletionTimestamp !== undefined && status?.phase !== 'Succeeded')
}

function restartsOf({ status }: Pod): number {
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
  return statuses.reduce((sum, { restartCount }) => sum + restartCount, 0)
}

/** Those that a pause takes away are not held against the Job. */
export function sortPods(pods: Pod[], isSuspended = false): JobPods {
  const active = pods.filter(isActive)
  const failed = (pod: Pod) => (isSuspended ? pod.status?.phase === 'Failed' : hasFailed(pod))
  return {
    active,
    ready: active.filter(isReady).length,
    terminating: pods.filter(({ metadata, status }) => metadata.deletionTimestamp && status?.phase !== 'Succeeded')
      .length,
    newlySucceeded: pods.filter((pod) => isTracked(pod) && pod.status?.phase === 'Succeeded'),
    newlyFailed: pods.filter((pod) => isTracked(pod) && failed(pod)),
    restarts: active.reduce((sum, pod) => sum + restartsOf(pod), 0),
  }
}

export function indexOf({ metadata }: Pod): number {
  return Number(metadata.annotations?.[indexAnnotation] ?? -1)
}

/** `0,2-4` as numbers. */
export function readIndexes(text: string | undefined): Set<number> {
  const indexes = new Set<number>()
  for (const part of (text ?? '').split(',').filter(Boolean)) {
    const [first = 0, last = first] = part.split('-').map(Number)
    for (let index = first; index <= last; index++) indexes.add(index)
  }
  return indexes
}

export function writeIndexes(indexes: Set<number>): string {
  const ranges: [number, number][] = []
  for (const index of [...indexes].sort((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last && last[1] === index - 1) last[1] = index
    else ranges.push([index, index])
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',')
}

/** The indexes that neither run nor are done, lowest first. */
export function missingIndexes(job: Job, active: Pod[], done: Set<number>): number[] {
  const busy = new Set(active.map(indexOf))
  const all = Array.from({ length: job.spec.completions ?? 0 }, (_, index) => index)
  return all.filter((index) => !busy.has(index) && !done.has(index))
}
