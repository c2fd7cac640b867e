/** How many applications there are of each sort, for the filters of a list. Pure. */
import type { Application } from '../../model/index.ts'
import type { ApplicationFilter } from './application-filter.ts'
import { type Facet, type FacetContext, facetNames, valuesOf } from './facets.ts'

export interface ApplicationCounts {
  /** Whatever is chosen among the facets. */
  total: number
  matching: number
  /** By value; each as if nothing were chosen in that facet itself, so that one sees what another choice would give. */
  facets: Record<Facet, Record<string, number>>
}

/** Labels can have any number of values; those that most applications have are told. */
const mostValues = 500

export interface Counted {
  matching: Application[]
  counts: ApplicationCounts
}

/** `candidates`: those that the filter takes for one, and that the caller may see. */
export function countApplications(
  candidates: Application[],
  filter: ApplicationFilter,
  context: FacetContext,
): Counted {
  const matching: Application[] = []
  const counted = new Map(facetNames.map((facet) => [facet, new Map<string, number>()]))
  for (const application of candidates) {
    const missed = filter.missed(application)
    if (missed.length === 0) matching.push(application)
    // Who misses one choice would be there if only that were another.
    const counting = missed.length === 0 ? facetNames : missed.length === 1 ? missed : []
    for (const facet of counting) {
      const values = counted.get(facet)
      for (const value of valuesOf(facet, application, context)) values?.set(value, (values.get(value) ?? 0) + 1)
    }
  }
  const told = [...counted].map(([facet, values]) => [facet, mostFrequent(values)])
  const facets = Object.fromEntries(told) as ApplicationCounts['facets']
  return { matching, counts: { total: candidates.length, matching: matching.length, facets } }
}

function mostFrequent(values: Map<string, number>): Record<string, number> {
  const told = values.size > mostValues ? withoutRarest(values) : [...values]
  return Object.fromEntries(told.sort(([one, many], [other, more]) => more - many || (one < other ? -1 : 1)))
}

/** Ten thousand names that one application each has are not put in order to tell some of them. */
function withoutRarest(values: Map<string, number>): [value: string, amount: number][] {
  const least = Uint32Array.from(values.values()).sort().at(-mostValues) ?? 0
  const all = [...values]
  const above = all.filter(([, amount]) => amount > least)
  const alike = all.filter(([, amount]) => amount === least)
  return [...above, ...alike.slice(0, mostValues - above.length)]
}
