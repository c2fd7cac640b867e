/** Turns what a source declares into what should be on the cluster: namespaced, permitted, each object once. Pure. */
import type { Cluster } from '../clusters/index.ts'
import {
  describeKey,
  groupOf,
  type KubeObject,
  keyOf,
  keyText,
  type Manifest,
  type ResourceKey,
} from '../model/index.ts'
import { type DestinationCluster, type ProjectInForce, refusal } from '../project/index.ts'
import type { Finding } from './conditions.ts'

export interface DesiredStateInput {
  manifests: Manifest[]
  /** The destination's namespace; objects that name none go there. */
  namespace: string | undefined
  project: ProjectInForce
  cluster: DestinationCluster & Pick<Cluster, 'namespaces' | 'clusterResources'>
  /** undefined: the cluster does not know the kind (yet). */
  scope(group: string, kind: string): 'Namespaced' | 'Cluster' | undefined
  /** True for a kind that the settings leave alone. */
  isExcluded(kind: { group: string; kind: string }): boolean
}

export interface DesiredState {
  manifests: Manifest[]
  findings: Finding[]
}

export function desiredState(input: DesiredStateInput): DesiredState {
  const definitions = definedScopes(input.manifests)
  const findings: Finding[] = []
  const byKey = new Map<string, Manifest>()
  for (const manifest of input.manifests) {
    const { object } = manifest
    const group = groupOf(object.apiVersion)
    if (input.isExcluded({ group, kind: object.kind })) {
      findings.push({ type: 'ExcludedResourceWarning', message: excluded(object) })
      continue
    }
    // A kind that neither the cluster nor this source defines is taken for namespaced, as most are.
    const scope = input.scope(group, object.kind) ?? definitions.get(`${group}/${object.kind}`) ?? 'Namespaced'
    const placed = place(object, scope, input.namespace)
    const fault = placementFault(placed, scope, input)
    if (fault) {
      findings.push({ type: 'InvalidSpecError', message: fault })
      continue
    }
    const key = keyText(keyOf(placed))
    if (byKey.has(key))
      findings.push({ type: 'RepeatedResourceWarning', message: repeated(placed, byKey.get(key), manifest) })
    // The last one wins, and takes the last one's place in the order.
    byKey.delete(key)
    byKey.set(key, { ...manifest, object: placed })
  }
  return { manifests: [...byKey.values()], findings }
}

/** Scopes of the kinds whose definitions are themselves among the manifests. */
function definedScopes(manifests: Manifest[]): Map<string, 'Namespaced' | 'Cluster'> {
  const scopes = new Map<string, 'Namespaced' | 'Cluster'>()
  for (const { object } of manifests) {
    if (object.kind !== 'CustomResourceDefinition') continue
    const spec = object.spec as { group?: string; names?: { kind?: string }; scope?: string } | undefined
    scopes.set(`${spec?.group}/${spec?.names?.kind}`, spec?.scope === 'Cluster' ? 'Cluster' : 'Namespaced')
  }
  return scopes
}

function place(object: KubeObject, scope: 'Namespaced' | 'Cluster', namespace: string | undefined): KubeObject {
  const { namespace: own, ...metadata } = object.metadata
  if (scope === 'Cluster') return own === undefined ? object : { ...object, metadata }
  if (own || !namespace) return object
  return { ...object, metadata: { ...metadata, namespace } }
}

function placementFault(
  object: KubeObject,
  scope: 'Namespaced' | 'Cluster',
  { project, cluster }: DesiredStateInput,
): string | undefined {
  const key = keyOf(object)
  const namespaced = scope === 'Namespaced'
  if (namespaced && !key.namespace) {
    return `${describeKey(key)} has no namespace: set metadata.namespace, or spec.destination.namespace of the application`
  }
  return refusal(project, { kind: 'object', key, namespaced, cluster }) ?? scopeFault(key, cluster)
}

/** What is not followed cannot be compared: a cluster may be registered for some namespaces only. */
function scopeFault(
  key: ResourceKey,
  { name, namespaces, clusterResources }: DesiredStateInput['cluster'],
): string | undefined {
  if (!namespaces) return undefined
  const only = `the cluster ${name} is registered for the namespaces ${namespaces.join(', ')} only`
  if (key.namespace === '') {
    return clusterResources
      ? undefined
      : `${describeKey(key)} is in no namespace, and ${only}: leave it to others, or set clusterResources: "true" in the cluster's Secret`
  }
  return namespaces.includes(key.namespace)
    ? undefined
    : `${describeKey(key)} is not deployed: ${only}: add its namespace there`
}

function excluded(object: KubeObject): string {
  return `${describeKey(keyOf(object))} is left out: its kind is excluded, see resource.exclusions and resource.inclusions in argocd-cm`
}

function repeated(object: KubeObject, first: Manifest | undefined, last: Manifest): string {
  const places = [first?.file, last.file].filter((file) => file !== undefined)
  const where = places.length > 0 ? ` (${[...new Set(places)].join(', ')})` : ''
  return `${describeKey(keyOf(object))} is declared more than once${where}: the last one counts`
}
