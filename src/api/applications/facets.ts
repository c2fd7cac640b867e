/** By what applications are told apart in a list: the values that each has, to filter and to count by. Pure. */
import { standingOf } from '../../contract/standing.ts'
import { type Application, type Destination, isAutomated, sourcesOf } from '../../model/index.ts'

/** A cluster by its name and by its address. */
export interface NamedCluster {
  name: string
  server: string
}

export interface FacetContext {
  clusterOf(destination: Destination): NamedCluster | undefined
}

type ValuesOf = (application: Application, cluster: NamedCluster | undefined) => string[]

const facets = {
  sync: ({ status }) => [status?.sync?.status ?? 'Unknown'],
  health: ({ status }) => [status?.health?.status ?? 'Unknown'],
  project: ({ spec }) => [spec.project || 'default'],
  cluster: (application, cluster) => {
    const { name, server } = destinationOf(application)
    return [cluster?.name || name || server || '']
  },
  namespace: (application) => [destinationOf(application).namespace ?? ''],
  repo: ({ spec }) => unique(sourcesOf(spec).map(({ repoURL }) => repoURL)),
  targetRevision: ({ spec }) => unique(sourcesOf(spec).map(({ targetRevision }) => targetRevision || 'HEAD')),
  autoSync: ({ spec }) => [String(isAutomated(spec))],
  phase: ({ status, operation }) => [status?.operationState?.phase ?? (operation ? 'Running' : 'None')],
  standing: (application) => [standingOf(application)],
  label: ({ metadata }) => pairs(metadata.labels),
  // Long ones are what machines write for themselves.
  annotation: ({ metadata }) => pairs(metadata.annotations).filter((pair) => pair.length <= longestPair),
} satisfies Record<string, ValuesOf>
const longestPair = 160

export type Facet = keyof typeof facets

export const facetNames = Object.keys(facets) as Facet[]

/** What an application has in each facet. */
export interface FacetValues extends Readonly<Record<Facet, string[]>> {
  /** A cluster may be asked for by its name or its address, whichever the application itself names. */
  readonly clusterNames: string[]
}

interface Known {
  /** The values hold as long as its cluster is the same. */
  cluster: NamedCluster | undefined
  values: FacetValues
}

/** An application is another object when it changes. */
const remembered = new WeakMap<Application, Known>()

export function facetValues(application: Application, { clusterOf }: FacetContext): FacetValues {
  const destination = destinationOf(application)
  const cluster = clusterOf(destination)
  const known = remembered.get(application)
  if (known && known.cluster === cluster) return known.values
  const names = [destination.server, destination.name, cluster?.server, cluster?.name]
  const ofFacets = facetNames.map((facet) => [facet, facets[facet](application, cluster)])
  const values: FacetValues = {
    ...(Object.fromEntries(ofFacets) as Record<Facet, string[]>),
    clusterNames: names.filter((name) => name !== undefined),
  }
  remembered.set(application, { cluster, values })
  return values
}

/** What others have stored may lack it. */
export function destinationOf({ spec }: Application): Destination {
  return spec.destination ?? {}
}

function pairs(map: Record<string, string> = {}): string[] {
  return Object.entries(map).map(([name, value]) => `${name}=${value}`)
}

function unique(values: string[]): string[] {
  return [...new Set(values)]
}
