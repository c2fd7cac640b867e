/** Which applications a query asks for. Pure. */
import type { Application } from '../../model/index.ts'
import { ApiError } from '../api-error.ts'
import { labelSelector } from '../label-selector.ts'
import { type Facet, type FacetContext, type FacetValues, facetNames, facetValues } from './facets.ts'
import { searchText } from './search-text.ts'

type Names = string | string[]

export interface ApplicationQuery {
  name?: string
  names?: Names
  project?: Names
  projects?: Names
  selector?: string
  annotations?: Names
  repo?: Names
  appNamespace?: string
  search?: string
  sync?: Names
  health?: Names
  cluster?: Names
  namespace?: Names
  targetRevision?: Names
  autoSync?: boolean
  phase?: Names
  standing?: Names
}

export interface ApplicationFilter {
  /** Not all are candidates. */
  searches: boolean
  /** What has to be so whatever is chosen among the facets. */
  isCandidate(application: Application): boolean
  valuesOf(application: Application): FacetValues
  /** The facets whose choice the application with these values does not meet. */
  missed(values: FacetValues): Facet[]
}

export function applicationFilter(query: ApplicationQuery, context: FacetContext): ApplicationFilter {
  const { name, appNamespace } = query
  const matchesLabels = labelSelector(query.selector)
  const annotations = listOf(query.annotations)
  const names = new Set(listOf(query.names))
  const words = (query.search ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const chosen = choices(query)
  return {
    searches:
      Boolean(name || appNamespace || query.selector) || annotations.length > 0 || names.size > 0 || words.length > 0,
    isCandidate(application) {
      const { metadata } = application
      if (name && metadata.name !== name) return false
      if (appNamespace && metadata.namespace !== appNamespace) return false
      if (names.size > 0 && !isNamed(metadata, names)) return false
      if (!matchesLabels(metadata.labels) || !annotations.every((pair) => hasPair(metadata.annotations, pair)))
        return false
      return words.length === 0 || hasWords(application, words, context)
    },
    valuesOf: (application) => facetValues(application, context),
    missed: (values) => missedOf(chosen, values),
  }
}

/** `name` alone: whatever its value. */
function hasPair(map: Record<string, string> = {}, pair: string): boolean {
  const equals = pair.indexOf('=')
  const name = equals < 0 ? pair : pair.slice(0, equals)
  return Object.hasOwn(map, name) && (equals < 0 || map[name] === pair.slice(equals + 1))
}

function isNamed({ name, namespace }: Application['metadata'], names: ReadonlySet<string>): boolean {
  return names.has(name) || names.has(`${namespace}/${name}`)
}

/** Whether an application is asked for at all. */
export function isAskedFor(application: Application, filter: ApplicationFilter): boolean {
  return filter.isCandidate(application) && filter.missed(filter.valuesOf(application)).length === 0
}

const none: Facet[] = []

function missedOf(chosen: Choice[], values: FacetValues): Facet[] {
  let missed = none
  for (const { facet, values: wanted } of chosen) {
    const shown = facet === 'cluster' ? values.clusterNames : values[facet]
    if (!shown.some((value) => wanted.has(value))) missed = [...missed, facet]
  }
  return missed
}

interface Choice {
  facet: Facet
  values: ReadonlySet<string>
}

function choices(query: ApplicationQuery): Choice[] {
  const { autoSync, project, projects } = query
  const asked: Partial<Record<Facet, Names | undefined>> = {
    ...query,
    // Argo CD's older clients say `project`, and are heard first.
    project: listOf(project).length > 0 ? project : projects,
    autoSync: autoSync === undefined ? undefined : String(autoSync),
  }
  return facetNames
    .map((facet) => ({ facet, values: new Set(listOf(asked[facet])) }))
    .filter(({ values }) => values.size > 0)
}

export function listOf(names: Names | undefined): string[] {
  return (Array.isArray(names) ? names : [names ?? '']).filter((name) => name !== '')
}

/** Every word has to be somewhere. */
function hasWords(application: Application, words: string[], context: FacetContext): boolean {
  const text = searchText(application, context)
  return words.every((word) => text.includes(word))
}

/** Throws InvalidArgument when somebody means a list where only one will do. */
export function onlyProject({ project, projects }: Pick<ApplicationQuery, 'project' | 'projects'>): string | undefined {
  const named = listOf(project).length > 0 ? listOf(project) : listOf(projects)
  if (named.length > 1) throw new ApiError('InvalidArgument', 'name one project, or none')
  return named[0]
}
