/** How far a rollout may go at once: surge, unavailability, and shares of several ReplicaSets. */
import type { Deployment, IntOrString, ReplicaSet } from './workload.ts'

export function resolve(value: IntOrString | undefined, total: number, round: (n: number) => number): number {
  if (typeof value === 'string' && value.endsWith('%')) return round((Number.parseFloat(value) * total) / 100)
  return Number(value ?? 0)
}

export interface Bounds {
  maxSurge: number
  maxUnavailable: number
}

/** Percentages of the replicas; surge rounds up, unavailability down, and one of the two is at least 1. */
export function boundsOf({ spec }: Deployment): Bounds {
  const replicas = spec.replicas ?? 1
  if (spec.strategy?.type === 'Recreate') return { maxSurge: 0, maxUnavailable: 0 }
  const rolling = spec.strategy?.rollingUpdate ?? {}
  const maxSurge = resolve(rolling.maxSurge ?? '25%', replicas, Math.ceil)
  const maxUnavailable = resolve(rolling.maxUnavailable ?? '25%', replicas, Math.floor)
  if (maxSurge === 0 && maxUnavailable === 0) return { maxSurge, maxUnavailable: Math.min(1, replicas) }
  return { maxSurge, maxUnavailable: Math.min(maxUnavailable, replicas) }
}

export function desiredOf(sets: (ReplicaSet | undefined)[]): number {
  return sets.reduce((sum, set) => sum + (set ? (set.spec.replicas ?? 0) : 0), 0)
}

export function availableOf(sets: (ReplicaSet | undefined)[]): number {
  return sets.reduce((sum, set) => sum + (set?.status?.availableReplicas ?? 0), 0)
}

/** The size the new ReplicaSet may have now. */
export function newSize(deployment: Deployment, sets: ReplicaSet[], current: number): number {
  const replicas = deployment.spec.replicas ?? 1
  if (deployment.spec.strategy?.type === 'Recreate') return replicas
  const room = replicas + boundsOf(deployment).maxSurge - desiredOf(sets)
  return room <= 0 ? current : current + Math.min(room, replicas - current)
}

const maxReplicas = 'deployment.kubernetes.io/max-replicas'

/** A ReplicaSet's part of what is to be added (or, negative, taken away) when a rollout under way is scaled. */
function share(set: ReplicaSet, deployment: Deployment, left: number): number {
  const size = set.spec.replicas ?? 0
  if (size === 0 || left === 0) return 0
  const replicas = deployment.spec.replicas ?? 1
  const before = Number(set.metadata.annotations?.[maxReplicas] ?? 0) || (deployment.status?.replicas ?? replicas)
  const part = replicas === 0 ? -size : Math.round((size * (replicas + boundsOf(deployment).maxSurge)) / before) - size
  return left > 0 ? Math.min(part, left) : Math.max(part, left)
}

/** The sizes of all active ReplicaSets after scaling in proportion; the largest takes what rounding leaves over. */
export function proportionalSizes(deployment: Deployment, active: ReplicaSet[]): Map<ReplicaSet, number> {
  const replicas = deployment.spec.replicas ?? 1
  const allowed = replicas > 0 ? replicas + boundsOf(deployment).maxSurge : 0
  const toAdd = allowed - desiredOf(active)
  const grow = toAdd > 0 ? -1 : 1
  const bySize = [...active].sort(
    (a, b) =>
      (b.spec.replicas ?? 0) - (a.spec.replicas ?? 0) ||
      grow * (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? ''),
  )
  const sizes = new Map<ReplicaSet, number>()
  let added = 0
  for (const set of bySize) {
    const part = share(set, deployment, toAdd - added)
    added += part
    sizes.set(set, (set.spec.replicas ?? 0) + part)
  }
  const largest = bySize[0]
  if (largest) sizes.set(largest, Math.max(0, (sizes.get(largest) ?? 0) + toAdd - added))
  return sizes
}
