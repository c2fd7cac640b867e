/** A replica's Lease as an object of the cluster. Pure. */
import type { Target } from '../kube/kube-client.ts'
import { type KubeObject, label } from '../model/index.ts'

/** What a replica says of itself. */
export interface LeaseText {
  identity: string
  /** Goes up each time it has lost its Lease: what it had begun before counts for nothing. */
  generation: number
  roles: readonly string[]
  /** It has ended, and its share is free at once. */
  released: boolean
}

export const leaseLabels = { [label.partOf]: 'tiphys', 'app.kubernetes.io/component': 'replica' }
export const leaseSelector = Object.entries(leaseLabels)
  .map(([name, value]) => `${name}=${value}`)
  .join(',')
const rolesAnnotation = 'tiphys.dev/roles'
const group = 'coordination.k8s.io'

export function leaseTarget(identity: string, namespace: string): Target {
  return { group, version: 'v1', kind: 'Lease', namespace, name: `tiphys-${identity}` }
}

export interface LeaseTerms {
  namespace: string
  seconds: number
  now: Date
}

export function leaseObject(text: LeaseText, { namespace, seconds, now }: LeaseTerms): KubeObject {
  const { identity, generation, roles, released } = text
  return {
    apiVersion: `${group}/v1`,
    kind: 'Lease',
    metadata: {
      name: leaseTarget(identity, namespace).name,
      namespace,
      labels: leaseLabels,
      annotations: { [rolesAnnotation]: roles.join(',') },
    },
    spec: {
      holderIdentity: released ? '' : identity,
      leaseDurationSeconds: seconds,
      leaseTransitions: generation,
      renewTime: now.toISOString().replace('Z', '000Z'),
    },
  }
}

/** undefined: it is none of ours. */
export function readLease({ metadata, spec }: KubeObject): LeaseText | undefined {
  if (!metadata.name.startsWith('tiphys-')) return undefined
  const { holderIdentity, leaseTransitions } = (spec ?? {}) as { holderIdentity?: unknown; leaseTransitions?: unknown }
  return {
    identity: metadata.name.slice('tiphys-'.length),
    generation: typeof leaseTransitions === 'number' ? leaseTransitions : 0,
    roles: (metadata.annotations?.[rolesAnnotation] ?? '').split(',').filter(Boolean),
    released: !holderIdentity,
  }
}
