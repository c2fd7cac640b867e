/** What controllers ask of a pod: does it count, is it ready, for how long, and which one would be missed least. */
import type { Condition, Pod } from './workload.ts'

export function conditionOf(conditions: Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type)
}

export function isFinished(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
}

/** Neither at its end nor on its way out. */
export function isActive(pod: Pod): boolean {
  return !isFinished(pod) && !pod.metadata.deletionTimestamp
}

export function isReady(pod: Pod): boolean {
  return conditionOf(pod.status?.conditions, 'Ready')?.status === 'True'
}

/** Milliseconds until a ready pod counts as available; 0 when it does, undefined when it is not ready. */
export function untilAvailable(pod: Pod, minReadySeconds: number, now: number): number | undefined {
  const ready = conditionOf(pod.status?.conditions, 'Ready')
  if (ready?.status !== 'True') return undefined
  if (minReadySeconds === 0) return 0
  const since = ready.lastTransitionTime ? Date.parse(ready.lastTransitionTime) : now
  return Math.max(0, since + minReadySeconds * 1000 - now)
}

const phaseRank: Record<string, number> = { Pending: 0, Unknown: 1, Running: 2 }

/** What is compared in turn to find the pod to take away first: the smallest goes. */
function worth(pod: Pod): number[] {
  const cost = Number(pod.metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? 0)
  return [
    pod.spec.nodeName ? 1 : 0,
    phaseRank[pod.status?.phase ?? 'Pending'] ?? 0,
    isReady(pod) ? 1 : 0,
    Number.isFinite(cost) ? cost : 0,
    // The younger one has less to lose
    -Date.parse(pod.metadata.creationTimestamp ?? ''),
  ]
}

export function leastMissedFirst(a: Pod, b: Pod): number {
  const left = worth(a)
  const right = worth(b)
  const at = left.findIndex((value, index) => value !== right[index])
  return at < 0 ? 0 : (left[at] ?? 0) - (right[at] ?? 0)
}
