/** The pods of a DaemonSet: which node each is for, and what ties it there. */
import { misfit } from '../node/node-fit.ts'
import type { DaemonSet, Node, Pod, PodSpec, Toleration } from './workload.ts'

/** What a node's daemons put up with, in the order the controller adds them. */
const tolerations: Toleration[] = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
]
const hostNetworkToleration: Toleration = {
  key: 'node.kubernetes.io/network-unavailable',
  operator: 'Exists',
  effect: 'NoSchedule',
}

function withTolerations({ spec }: DaemonSet): Toleration[] {
  const own = spec.template.spec.tolerations ?? []
  const added = spec.template.spec.hostNetwork ? [...tolerations, hostNetworkToleration] : tolerations
  const isNew = ({ key, effect }: Toleration) => !own.some((other) => other.key === key && other.effect === effect)
  return [...own, ...added.filter(isNew)]
}

/** What ties a pod to one node: the scheduler reads it, so the pod has no nodeName of its own. */
function tiedTo(node: string, affinity: PodSpec['affinity']): PodSpec['affinity'] {
  const matchFields = [{ key: 'metadata.name', operator: 'In', values: [node] }]
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [{}]
  return {
    ...affinity,
    nodeAffinity: {
      ...affinity?.nodeAffinity,
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: terms.map((term) => ({ ...term, matchFields })),
      },
    },
  }
}

/** What of a pod for this node differs from the template. */
export function podSpecFor(set: DaemonSet, node: string): Partial<PodSpec> {
  return { affinity: tiedTo(node, set.spec.template.spec.affinity), tolerations: withTolerations(set) }
}

/** The node a pod runs on, or is meant for. */
export function nodeOf({ spec }: Pod): string | undefined {
  if (spec.nodeName) return spec.nodeName
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []
  for (const { matchFields = [] } of terms) {
    const field = matchFields.find(({ key }) => key === 'metadata.name')
    if (field?.values?.[0] !== undefined) return field.values[0]
  }
  return undefined
}

/** Whether the set wants a pod on the node. */
export function isWanted(set: DaemonSet, node: Node): boolean {
  const { template } = set.spec
  const pod = { ...template, apiVersion: 'v1', kind: 'Pod', metadata: template.metadata ?? {} }
  const name = node.metadata.name ?? ''
  const spec = { ...template.spec, tolerations: withTolerations(set) }
  if (spec.nodeName !== undefined && spec.nodeName !== name) return false
  const fault = misfit({ ...pod, spec }, node)
  return fault === undefined || fault === 'were not ready'
}
