/** What is asked of the list, as the address says it and as the server is asked. Pure. */
import type { ApplicationQuery } from '../../../lib/api.ts'

/** Filters of several values: by the name in the address, the facet that the server counts. */
export const facetOf = {
  standing: 'standing',
  health: 'health',
  sync: 'sync',
  proj: 'project',
  cluster: 'cluster',
  namespace: 'namespace',
  repo: 'repo',
  targetRevision: 'targetRevision',
  autoSync: 'autoSync',
  operation: 'phase',
  labels: 'label',
  annotations: 'annotation',
} as const
export type FilterName = keyof typeof facetOf
export const filterNames = Object.keys(facetOf) as FilterName[]

export interface Filter {
  search: string
  values: Record<FilterName, string[]>
  favouritesOnly: boolean
}

interface Reader {
  get(name: string): string | undefined
  all(name: string): string[]
}

/** As Argo CD's addresses have them: its lists are one value with commas. */
export function filterIn({ get, all }: Reader): Filter {
  const valuesOf = (name: FilterName) => {
    const given = all(name)
    // Selectors and annotations have commas of their own.
    return name === 'labels' || name === 'annotations' ? given : given.flatMap((value) => value.split(','))
  }
  return {
    search: get('search') ?? '',
    values: Object.fromEntries(filterNames.map((name) => [name, unique(valuesOf(name))])) as Filter['values'],
    favouritesOnly: get('showFavorites') === 'true',
  }
}

/** What the address says when nothing is filtered any more. */
export const noFilter: Record<string, undefined> = Object.fromEntries(
  [...filterNames, 'search', 'showFavorites'].map((name) => [name, undefined]),
)

export function isFiltering({ search, values, favouritesOnly }: Filter): boolean {
  return search.trim() !== '' || favouritesOnly || filterNames.some((name) => values[name].length > 0)
}

/** What is asked of the server; `favourites` are `namespace/name`. */
export function queryOf({ search, values, favouritesOnly }: Filter, favourites: readonly string[]): ApplicationQuery {
  const autoSync = values.autoSync.length === 1 ? { autoSync: isOn(values.autoSync[0]) } : {}
  const asked = {
    search: search.trim(),
    standing: values.standing,
    health: values.health,
    sync: values.sync,
    project: values.proj,
    cluster: values.cluster,
    namespace: values.namespace,
    repo: values.repo,
    targetRevision: values.targetRevision,
    phase: values.operation,
    selector: selectorOf(values.labels),
    annotations: values.annotations,
    // Nobody is called that: who has no favourites sees none.
    names: favouritesOnly ? (favourites.length > 0 ? [...favourites] : ['/']) : [],
  }
  const given = Object.entries(asked).filter(([, value]) => value.length > 0)
  return { ...Object.fromEntries(given), ...autoSync }
}

/** Argo CD's addresses say `enabled`. */
function isOn(value: string | undefined): boolean {
  return value === 'true' || value === 'enabled' || value === 'Enabled'
}

/** One requirement for each label: its values are alternatives, different labels have to be met together. */
export function selectorOf(labels: readonly string[]): string {
  const valuesOf = new Map<string, string[]>()
  const others: string[] = []
  for (const label of labels) {
    const [, name, value] = /^([^=!<>\s(),]+)=([^=,()]*)$/.exec(label) ?? []
    if (name === undefined || value === undefined) others.push(label)
    else valuesOf.set(name, [...(valuesOf.get(name) ?? []), value])
  }
  const requirements = [...valuesOf].map(([name, values]) =>
    values.length === 1 ? `${name}=${values[0]}` : `${name} in (${values.join(',')})`,
  )
  return [...requirements, ...others].join(',')
}

/** What `values` become when one of them is chosen or no longer chosen. */
export function toggled(values: readonly string[], value: string): string[] {
  return values.includes(value) ? values.filter((one) => one !== value) : [...values, value]
}

function unique(values: string[]): string[] {
  return [...new Set(values.filter((value) => value !== ''))]
}
