/** Which applications a query asks for. Pure. */
import { type Application, sourcesOf } from '../../model/index.ts'
import { ApiError } from '../api-error.ts'
import { labelSelector } from '../label-selector.ts'
import { destinationOf, type Facet, type FacetContext, facetNames, namesOfCluster, valuesOf } from './facets.ts'

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
  /** What has to be so whatever is chosen among the facets. */
  isCandidate(application: Application): boolean
  /** The facets whose choice the application does not meet. */
  missed(application: Application): Facet[]
}

export function applicationFilter(query: ApplicationQuery, context: FacetContext): ApplicationFilter {
  const { name, appNamespace } = query
  const matchesLabels = labelSelector(query.selector)
  const annotations = listOf(query.annotations)
  const names = new Set(listOf(query.names))
  const words = (query.search ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const chosen = choices(query)
  return {
    isCandidate(application) {
      const { metadata } = application
      if (name && metadata.name !== name) return false
      if (appNamespace && metadata.namespace !== appNamespace) return false
      if (names.size > 0 && !isNamed(metadata, names)) return false
      if (!matchesLabels(metadata.labels) || !annotations.every((pair) => hasPair(metadata.annotations, pair)))
        return false
      return words.length === 0 || hasWords(application, words, context)
    },
    missed: (application) =>
      chosen
        .filter(({ facet, values }) => !shownAs(facet, application, context).some((value) => values.has(value)))
        .map(({ facet }) => facet),
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
  return filter.isCandidate(application) && filter.missed(application).length === 0
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

function shownAs(facet: Facet, application: Application, context: FacetContext): string[] {
  return facet === 'cluster' ? namesOfCluster(application, context) : valuesOf(facet, application, context)
}

export function listOf(names: Names | undefined): string[] {
  return (Array.isArray(names) ? names : [names ?? '']).filter((name) => name !== '')
}

const texts = new WeakMap<Application, string>()

/** Every word has to be somewhere. */
function hasWords(application: Application, words: string[], context: FacetContext): boolean {
  const known = texts.get(application)
  const text = known ?? searchText(application, context)
  if (known === undefined) texts.set(application, text)
  return words.every((word) => text.includes(word))
}

function searchText(application: Application, context: FacetContext): string {
  const { metadata, spec } = application
  const sources = sourcesOf(spec).flatMap(({ repoURL, path, chart, targetRevision }) => [
    repoURL,
    path,
    chart,
    targetRevision,
  ])
  return [
    metadata.name,
    metadata.namespace,
    spec.project,
    destinationOf(application).namespace,
    ...namesOfCluster(application, context),
    ...sources,
    ...valuesOf('label', application, context),
  ]
    .filter(Boolean)
    .join('\n')
    .toLowerCase()
}

/** Throws InvalidArgument when somebody means a list where only one will do. */
export function onlyProject({ project, projects }: Pick<ApplicationQuery, 'project' | 'projects'>): string | undefined {
  const named = listOf(project).length > 0 ? listOf(project) : listOf(projects)
  if (named.length > 1) throw new ApiError('InvalidArgument', 'name one project, or none')
  return named[0]
}
