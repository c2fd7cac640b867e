/** The pods of a StatefulSet: their ordinals, names, identities and claims. */
import type { KubeObject } from '../object.ts'
import { isActive, isReady } from './pod-state.ts'
import type { Pod, PodTemplate, StatefulSet } from './workload.ts'

export const revisionLabel = 'controller-revision-hash'

export function ordinalOf(pod: Pod): number {
  const match = /-(\d+)$/.exec(pod.metadata.name ?? '')
  return match ? Number(match[1]) : -1
}

export function podName({ metadata }: StatefulSet, ordinal: number): string {
  return `${metadata.name}-${ordinal}`
}

export function revisionOfPod(pod: Pod): string | undefined {
  return pod.metadata.labels?.[revisionLabel]
}

export function isHealthy(pod: Pod): boolean {
  return isReady(pod) && isActive(pod)
}

function claimName(template: KubeObject, pod: string): string {
  return `${template.metadata.name}-${pod}`
}

/** The claims that the pod of this name mounts, not stored yet. */
export function claimsOf(set: StatefulSet, pod: string): KubeObject[] {
  return (set.spec.volumeClaimTemplates ?? []).map((template) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      ...template.metadata,
      name: claimName(template, pod),
      namespace: set.metadata.namespace,
      labels: { ...template.metadata.labels, ...set.spec.selector.matchLabels },
    },
    spec: template.spec,
  }))
}

/** What of a pod of this ordinal differs from the template. */
export function identityOf(
  set: StatefulSet,
  ordinal: number,
  { template, revision }: { template: PodTemplate; revision: string },
) {
  const name = podName(set, ordinal)
  const templates = set.spec.volumeClaimTemplates ?? []
  const names = new Set(templates.map(({ metadata }) => metadata.name))
  const claims = templates.map((claim) => ({
    name: claim.metadata.name ?? '',
    persistentVolumeClaim: { claimName: claimName(claim, name) },
  }))
  const others = (template.spec.volumes ?? []).filter((volume) => !names.has(volume.name))
  const volumes = [...claims, ...others]
  return {
    metadata: {
      name,
      labels: {
        ...template.metadata?.labels,
        'apps.kubernetes.io/pod-index': String(ordinal),
        [revisionLabel]: revision,
        'statefulset.kubernetes.io/pod-name': name,
      },
    },
    spec: {
      hostname: name,
      ...(set.spec.serviceName && { subdomain: set.spec.serviceName }),
      ...(volumes.length > 0 && { volumes }),
    },
  }
}
