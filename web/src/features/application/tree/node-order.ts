/** In which order nodes stand below one owner: as a sync goes through them, then by kind and name. It depends on nothing that changes while one looks. Pure. */
import type { GraphNode } from './graph.ts'

const phases = ['PreSync', 'Sync', 'PostSync', 'SyncFail', 'PreDelete', 'PostDelete']

/** Such as `PostSync` or `3`. */
export function waveOrder(wave: string | undefined): [phase: number, wave: number] {
  const phase = phases.indexOf(wave ?? '')
  return phase >= 0 ? [phase, 0] : [phases.indexOf('Sync'), Number(wave ?? 0)]
}

/** What others need comes first, and what answers for the application before what it is made of. */
const kinds = [
  'Namespace',
  'CustomResourceDefinition',
  'Application',
  'Ingress',
  'Gateway',
  'HTTPRoute',
  'Service',
  'Rollout',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'CronJob',
  'Job',
  'ReplicaSet',
  'Pod',
  'HorizontalPodAutoscaler',
  'PodDisruptionBudget',
  'PersistentVolumeClaim',
  'ConfigMap',
  'Secret',
  'ServiceAccount',
]

export function compareNodes(one: GraphNode, other: GraphNode): number {
  const [phase, wave] = waveOrder(one.wave)
  const [otherPhase, otherWave] = waveOrder(other.wave)
  return (
    phase - otherPhase ||
    wave - otherWave ||
    kindRank(one.kind) - kindRank(other.kind) ||
    compareText(one.kind, other.kind) ||
    compareVersions(one, other) ||
    compareText(one.name, other.name) ||
    compareText(one.id, other.id)
  )
}

function kindRank(kind: string): number {
  const rank = kinds.indexOf(kind)
  return rank < 0 ? kinds.length : rank
}

/** Of ReplicaSets, the newest first. */
function compareVersions(one: GraphNode, other: GraphNode): number {
  return revisionOf(other) - revisionOf(one)
}

function revisionOf({ node }: GraphNode): number {
  const text = node?.info?.find(({ name }) => name === 'Revision')?.value
  return Number(text?.replace('Rev:', '') ?? 0)
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
