/** Conditions of workloads: set without moving their transition time when the status stays. */

import { conditionOf } from './pod-state.ts'
import type { Condition } from './workload.ts'

/**
 * Deployment style: a change goes to the end of the list; same status and reason is no change; the transition time
 * moves with the status only.
 */
export function withCondition(conditions: Condition[], next: Condition): Condition[] {
  const current = conditionOf(conditions, next.type)
  if (current && current.status === next.status && current.reason === next.reason) return conditions
  const kept = current?.status === next.status ? { ...next, lastTransitionTime: current.lastTransitionTime } : next
  return [...withoutCondition(conditions, next.type), kept]
}

export function withoutCondition(conditions: Condition[], type: string): Condition[] {
  return conditions.filter((condition) => condition.type !== type)
}
