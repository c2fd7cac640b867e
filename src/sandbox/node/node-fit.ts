/** Whether a pod may run on a node, and the scheduler's words when it may not. */

import { conditionOf } from '../controllers/pod-state.ts'
import { selects } from '../controllers/selector.ts'
import type { Node, NodeRequirement, Pod, Toleration } from '../controllers/workload.ts'

type Taint = { key: string; value?: string; effect: string }

const comparisons: Record<string, (value: number, bound: number) => boolean> = {
  Gt: (value, bound) => value > bound,
  Lt: (value, bound) => value < bound,
}

function meets(requirement: NodeRequirement, values: Record<string, string>): boolean {
  const compare = comparisons[requirement.operator]
  if (compare) return compare(Number(values[requirement.key]), Number(requirement.values?.[0]))
  return selects({ matchExpressions: [requirement] }, values)
}

function matchesAffinity({ spec }: Pod, node: Node): boolean {
  const labels = node.metadata.labels ?? {}
  if (!selects({ matchLabels: spec.nodeSelector ?? {} }, labels)) return false
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  if (!required) return true
  return required.nodeSelectorTerms.some(
    ({ matchExpressions = [], matchFields = [] }) =>
      matchExpressions.length + matchFields.length > 0 &&
      matchExpressions.every((requirement) => meets(requirement, labels)) &&
      matchFields.every((requirement) => meets(requirement, { 'metadata.name': node.metadata.name ?? '' })),
  )
}

function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false
  if (toleration.key && toleration.key !== taint.key) return false
  if (toleration.operator === 'Exists') return true
  return toleration.key !== undefined && (toleration.value ?? '') === (taint.value ?? '')
}

/** The first taint that keeps the pod away; a cordoned node counts as tainted. */
export function untolerated({ spec }: Pod, node: Node): Taint | undefined {
  const cordon = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }
  const taints = [...(node.spec?.taints ?? []), ...(node.spec?.unschedulable ? [cordon] : [])]
  return taints.find(
    (taint) =>
      taint.effect !== 'PreferNoSchedule' &&
      !(spec.tolerations ?? []).some((toleration) => tolerates(toleration, taint)),
  )
}

export function isNodeReady({ status }: Node): boolean {
  return conditionOf(status?.conditions, 'Ready')?.status === 'True'
}

/** Why the pod may not run on the node; undefined when it may. */
export function misfit(pod: Pod, node: Node): string | undefined {
  if (!matchesAffinity(pod, node)) return "didn't match Pod's node affinity/selector"
  const taint = untolerated(pod, node)
  if (taint?.key === 'node.kubernetes.io/unschedulable') return 'were unschedulable'
  if (taint) return `had untolerated taint(s)`
  return isNodeReady(node) ? undefined : 'were not ready'
}

/** `0/2 nodes are available: 2 node(s) were unschedulable. …`, as the scheduler puts it. */
export function unschedulableMessage(faults: string[]): string {
  const counts = new Map<string, number>()
  for (const fault of faults) counts.set(fault, (counts.get(fault) ?? 0) + 1)
  const parts = [...counts].map(([fault, count]) => `${count} node(s) ${fault}`).sort()
  const total = `0/${faults.length} nodes are available`
  if (faults.length === 0) return 'no nodes available to schedule pods'
  const preemption = `preemption: 0/${faults.length} nodes are available: ${faults.length} Preemption is not helpful for scheduling.`
  return `${total}: ${parts.join(', ')}. ${preemption}`
}
