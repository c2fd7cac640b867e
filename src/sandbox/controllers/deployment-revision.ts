/** A Deployment's ReplicaSets: which one is the present template's, what each is called, and its revision. */
import { deepEqual } from 'fast-equals'
import type { KubeObject } from '../object.ts'
import { ownerReference } from './owner.ts'
import { boundsOf } from './rollout-size.ts'
import { templateHash } from './template-hash.ts'
import type { Deployment, PodTemplate, ReplicaSet } from './workload.ts'

export const revisionAnnotation = 'deployment.kubernetes.io/revision'
const historyAnnotation = 'deployment.kubernetes.io/revision-history'
const desiredAnnotation = 'deployment.kubernetes.io/desired-replicas'
const maxAnnotation = 'deployment.kubernetes.io/max-replicas'
const hashLabel = 'pod-template-hash'

const notCopied = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionAnnotation,
  historyAnnotation,
  desiredAnnotation,
  maxAnnotation,
  'deprecated.deployment.rollback.to',
])

export function revisionOf(object: KubeObject): number {
  return Number(object.metadata.annotations?.[revisionAnnotation] ?? 0) || 0
}

function withoutHash(template: PodTemplate): PodTemplate {
  const { [hashLabel]: _, ...labels } = template.metadata?.labels ?? {}
  return { ...template, metadata: { ...template.metadata, labels } }
}

export function byAge(a: KubeObject, b: KubeObject): number {
  const age = (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? '')
  return age || (a.metadata.name ?? '').localeCompare(b.metadata.name ?? '')
}

/** The oldest ReplicaSet whose template equals the Deployment's, hash label aside. */
export function findNew(deployment: Deployment, sets: ReplicaSet[]): ReplicaSet | undefined {
  const wanted = withoutHash(deployment.spec.template)
  return [...sets].sort(byAge).find((set) => deepEqual(withoutHash(set.spec.template), wanted))
}

/** The annotations that tell a later scaling how big the rollout was meant to be. */
export function sizeAnnotations(deployment: Deployment): Record<string, string> {
  const replicas = deployment.spec.replicas ?? 1
  return {
    [desiredAnnotation]: String(replicas),
    [maxAnnotation]: String(replicas + boundsOf(deployment).maxSurge),
  }
}

/** True when a ReplicaSet was sized for another number of replicas than the Deployment has now. */
export function wasScaled(deployment: Deployment, active: ReplicaSet[]): boolean {
  return active.some((set) => {
    const sized = set.metadata.annotations?.[desiredAnnotation]
    return sized !== undefined && Number(sized) !== (deployment.spec.replicas ?? 1)
  })
}

function copied(deployment: Deployment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => !notCopied.has(key)),
  )
}

function historyWith(history: string | undefined, revision: string): string {
  return history ? `${history},${revision}` : revision
}

/** A ReplicaSet's annotations once it is the new one: the Deployment's own, and the revision if that has grown. */
export function annotationsOfNew(deployment: Deployment, set: ReplicaSet, revision: number): Record<string, string> {
  const before = set.metadata.annotations ?? {}
  const annotations = { ...before, ...copied(deployment) }
  const old = before[revisionAnnotation]
  if (Number(old ?? 0) >= revision) return annotations
  annotations[revisionAnnotation] = String(revision)
  if (old !== undefined) annotations[historyAnnotation] = historyWith(before[historyAnnotation], old)
  return annotations
}

function labelled(template: PodTemplate, hash: string): PodTemplate {
  const labels = { ...template.metadata?.labels, [hashLabel]: hash }
  return { ...template, metadata: { ...template.metadata, labels } }
}

/** The ReplicaSet for the Deployment's present template, not stored yet. */
export function newReplicaSet(
  deployment: Deployment,
  { revision, replicas }: { revision: number; replicas: number },
): ReplicaSet {
  const { template, selector, minReadySeconds } = deployment.spec
  const hash = templateHash(template, deployment.status?.collisionCount)
  const matchLabels = { ...selector.matchLabels, [hashLabel]: hash }
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      namespace: deployment.metadata.namespace,
      labels: { ...template.metadata?.labels, [hashLabel]: hash },
      annotations: {
        ...copied(deployment),
        ...sizeAnnotations(deployment),
        [revisionAnnotation]: String(revision),
      },
      ownerReferences: [ownerReference(deployment)],
    },
    spec: {
      replicas,
      ...(minReadySeconds && { minReadySeconds }),
      selector: { ...selector, matchLabels },
      template: labelled(template, hash),
    },
  }
}
