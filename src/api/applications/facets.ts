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

type ValuesOf = (application: Application, context: FacetContext) => string[]

export const facets = {
  sync: ({ status }) => [status?.sync?.status ?? 'Unknown'],
  health: ({ status }) => [status?.health?.status ?? 'Unknown'],
  project: ({ spec }) => [spec.project || 'default'],
  cluster: (application, { clusterOf }) => {
    const { name, server } = destinationOf(application)
    return [clusterOf({ name, server })?.name || name || server || '']
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

export function valuesOf(facet: Facet, application: Application, context: FacetContext): string[] {
  return facets[facet](application, context)
}

/** A cluster may be asked for by its name or its address, whichever the application itself names. */
export function namesOfCluster(application: Application, { clusterOf }: FacetContext): string[] {
  const destination = destinationOf(application)
  const known = clusterOf(destination)
  return [destination.server, destination.name, known?.server, known?.name].filter((name) => name !== undefined)
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
