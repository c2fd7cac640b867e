/** What sources declare, as it should be on one cluster. Made once, for as long as nothing that it follows from changes. */
import { normalise } from '../diff/index.ts'
import type { GroupKind } from '../live/index.ts'
import { groupOf, type Manifest } from '../model/index.ts'
import type { ProjectInForce } from '../project/index.ts'
import { syncRole } from '../sync/index.ts'
import type { Finding } from './conditions.ts'
import { desiredState } from './desired-state.ts'
import type { RenderedSources } from './render.ts'
import type { Cluster } from './stages.ts'

export interface Place {
  /** The destination's. */
  namespace: string | undefined
  project: ProjectInForce
  cluster: Cluster
}

export interface Placed {
  /** Everything that a sync works with, hooks included. */
  manifests: Manifest[]
  /** What is compared: without hooks. */
  resources: Manifest[]
  /** Of the manifests, those that the cluster serves. */
  kinds: GroupKind[]
  findings: Finding[]
}

/** What else the answer follows from. */
interface Kinds {
  served: object
  filters: object
}

const remembered = new WeakMap<RenderedSources, { place: Place; kinds: Kinds; placed: Placed }>()

export function placed(rendered: RenderedSources, place: Place): Placed {
  const { live } = place.cluster
  const kinds = { served: live.resources(), filters: live.filters() }
  const known = remembered.get(rendered)
  if (known && isSameKinds(known.kinds, kinds) && isSame(known.place, place)) return known.placed
  const made = putInPlace(rendered, place)
  remembered.set(rendered, { place, kinds, placed: made })
  return made
}

function isSameKinds(one: Kinds, other: Kinds): boolean {
  return one.served === other.served && one.filters === other.filters
}

function isSame(one: Place, other: Place): boolean {
  return one.namespace === other.namespace && one.project === other.project && one.cluster === other.cluster
}

function putInPlace({ manifests }: RenderedSources, { namespace, project, cluster }: Place): Placed {
  const { live } = cluster
  const { manifests: permitted, findings } = desiredState({
    manifests,
    namespace,
    project,
    cluster,
    scope: (group, kind) => live.scope(group, kind),
    isExcluded: (kind) => live.isExcluded(kind),
  })
  const normal = permitted.map((manifest) => ({ ...manifest, object: normalise(manifest.object) }))
  const resources = normal.filter(({ object }) => syncRole(object).kind === 'resource')
  const kinds = new Map(normal.map(({ object }) => [`${object.apiVersion}/${object.kind}`, object]))
  const served = [...kinds.values()]
    .map(({ apiVersion, kind }) => ({ group: groupOf(apiVersion), kind }))
    .filter(({ group, kind }) => live.scope(group, kind) !== undefined)
  return { manifests: normal, resources, kinds: served, findings }
}
