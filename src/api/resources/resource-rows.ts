/** The objects of applications as rows of one list, and which of them a query asks for. Pure. */
import type { Application, Destination, ResourceStatus } from '../../model/index.ts'

/** Of the application that an object belongs to. */
export interface Home {
  application: string
  applicationNamespace: string
  project: string
  cluster: string
}

/** Nothing is copied: there are a hundred thousand of them. */
export interface ResourceRow {
  resource: ResourceStatus
  home: Home
  /** `apps/Deployment`, or `Pod`. */
  fullKind: string
}

type Names = string | string[]

export interface ResourceQuery {
  search?: string
  kind?: Names
  namespace?: Names
  sync?: Names
  health?: Names
  project?: Names
  application?: Names
  cluster?: Names
}

export interface RowContext {
  controlNamespace: string
  clusterName(destination: Destination): string
}

/** What of a row can be chosen, and is counted. */
const facets = {
  kind: ({ fullKind }: ResourceRow) => fullKind,
  namespace: ({ resource }: ResourceRow) => resource.namespace ?? '',
  sync: ({ resource }: ResourceRow) => resource.status ?? 'Unknown',
  health: ({ resource }: ResourceRow) => resource.health?.status ?? 'None',
  project: ({ home }: ResourceRow) => home.project,
  application: ({ home }: ResourceRow) => home.application,
  cluster: ({ home }: ResourceRow) => home.cluster,
}
type Facet = keyof typeof facets
const facetNames = Object.keys(facets) as Facet[]

export interface ResourceCounts {
  total: number
  matching: number
  /** By value; each as if nothing were chosen in that facet itself. */
  facets: Record<Facet, Record<string, number>>
}

/** Of names there can be any number; those that are there most often are told. */
const mostValues = 300

export function rowsOf(application: Application, { controlNamespace, clusterName }: RowContext): ResourceRow[] {
  const { spec, status, metadata } = application
  const home = {
    application: metadata.name,
    applicationNamespace: metadata.namespace ?? controlNamespace,
    project: spec.project || 'default',
    cluster: clusterName(spec.destination ?? {}),
  }
  return (status?.resources ?? []).map((resource) => ({ resource, home, fullKind: fullKind(resource) }))
}

const fullKinds = new Map<string, Map<string, string>>()

/** One text for each kind, so that a hundred thousand of them are not laid together and hashed each time. */
function fullKind({ group = '', kind = '' }: ResourceStatus): string {
  if (!group) return kind
  const ofGroup = fullKinds.get(group) ?? new Map<string, string>()
  if (ofGroup.size === 0) fullKinds.set(group, ofGroup)
  const known = ofGroup.get(kind)
  if (known !== undefined) return known
  const made = `${group}/${kind}`
  ofGroup.set(kind, made)
  return made
}

/** As it is answered. */
export function shownRow({ resource, home }: ResourceRow) {
  const { group = '', version = '', kind = '', namespace = '', name = '', status, health } = resource
  return {
    group,
    version,
    kind,
    namespace,
    name,
    sync: status ?? 'Unknown',
    health: health?.status ?? 'None',
    ...(health?.message && { healthMessage: health.message }),
    ...(resource.requiresPruning && { requiresPruning: true }),
    ...(resource.hook && { hook: true }),
    ...home,
  }
}

export function choose(
  rows: ResourceRow[],
  query: ResourceQuery,
  { counted }: { counted: boolean },
): { matching: ResourceRow[]; counts?: ResourceCounts } {
  const words = (query.search ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const candidates = words.length > 0 ? rows.filter((row) => hasWords(row, words)) : rows
  const chosen = facetNames
    .map((facet) => ({ facet, values: new Set([query[facet] ?? []].flat().filter(Boolean)) }))
    .filter(({ values }) => values.size > 0)
  const matching: ResourceRow[] = []
  const tallies = facetNames.map((facet) => ({ facet, facetValue: facets[facet], values: new Map<string, number>() }))
  for (const row of candidates) {
    const missed = chosen.filter(({ facet, values }) => !isAmong(row, facet, values))
    if (missed.length === 0) matching.push(row)
    if (!counted || missed.length > 1) continue
    // Who misses one choice would be there if only that were another.
    for (const { facet, facetValue, values } of tallies) {
      if (missed[0] && missed[0].facet !== facet) continue
      const value = facetValue(row)
      values.set(value, (values.get(value) ?? 0) + 1)
    }
  }
  if (!counted) return { matching }
  const told = tallies.map(({ facet, values }) => [facet, mostFrequent(values)])
  return { matching, counts: { total: rows.length, matching: matching.length, facets: Object.fromEntries(told) } }
}

/** A kind may be asked for with its group or without. */
function isAmong(row: ResourceRow, facet: Facet, values: Set<string>): boolean {
  return values.has(facets[facet](row)) || (facet === 'kind' && values.has(row.resource.kind ?? ''))
}

/** Every word has to be somewhere. */
function hasWords({ fullKind, resource, home }: ResourceRow, words: string[]): boolean {
  const text = `${fullKind}\n${resource.namespace}\n${resource.name}\n${home.application}`.toLowerCase()
  for (const word of words) if (!text.includes(word)) return false
  return true
}

function mostFrequent(values: Map<string, number>): Record<string, number> {
  const sorted = [...values].sort(([one, many], [other, more]) => more - many || (one < other ? -1 : 1))
  return Object.fromEntries(sorted.slice(0, mostValues))
}
