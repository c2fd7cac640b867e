/** How many applications there are of each sort, for the filters of a list. */
import type { Application } from '../../model/index.ts'
import type { ApplicationFilter } from './application-filter.ts'
import { FacetTally } from './facet-tally.ts'
import { type Facet, type FacetValues, facetNames } from './facets.ts'

export interface ApplicationCounts {
  /** Whatever is chosen among the facets. */
  total: number
  matching: number
  /** By value; each as if nothing were chosen in that facet itself, so that one sees what another choice would give. */
  facets: Record<Facet, Readonly<Record<string, number>>>
}

export interface Counted {
  matching: Application[]
  counts: ApplicationCounts
}

type Tallies = Record<Facet, FacetTally>

/**
 * Counts one list after the other. Of most lists nearly all is as it was in the one before: only what is another one is
 * counted anew.
 */
export class ApplicationCounter {
  #values: FacetValues[] = []
  #tallies = emptyTallies()

  /** `candidates`: those that the filter takes for one, and that the caller may see. */
  count(candidates: Application[], filter: ApplicationFilter): Counted {
    const values = candidates.map(filter.valuesOf)
    const missed = values.map(filter.missed)
    const matching = candidates.filter((_application, index) => missed[index]?.length === 0)
    const misses = candidates.length - matching.length
    // A search finds a few of all, and each another few.
    const isCheap = filter.searches || misses > matching.length
    const tallies = isCheap ? talliesOf(values, missed) : without(this.#talliesOfAll(values), missesOf(values, missed))
    const facets = Object.fromEntries(facetNames.map((facet) => [facet, tallies[facet].told()]))
    return {
      matching,
      counts: { total: candidates.length, matching: matching.length, facets: facets as ApplicationCounts['facets'] },
    }
  }

  #talliesOfAll(values: FacetValues[]): Tallies {
    const before = this.#values
    const places = Array.from({ length: Math.max(before.length, values.length) }, (_, index) => index)
    const changed = places.filter((index) => before[index] !== values[index])
    this.#values = values
    if (changed.length > values.length / 2) this.#tallies = talliesOf(values, [])
    else for (const index of changed) exchange(this.#tallies, before[index], values[index])
    return this.#tallies
  }
}

function emptyTallies(): Tallies {
  return Object.fromEntries(facetNames.map((facet) => [facet, new FacetTally()])) as Tallies
}

function exchange(tallies: Tallies, before: FacetValues | undefined, after: FacetValues | undefined): void {
  for (const facet of facetNames) {
    const [gone, come] = [before?.[facet] ?? [], after?.[facet] ?? []]
    if (gone.length === come.length && gone.every((value, index) => value === come[index])) continue
    tallies[facet].add(gone, -1)
    tallies[facet].add(come, 1)
  }
}

function talliesOf(values: FacetValues[], missed: Facet[][]): Tallies {
  const tallies = emptyTallies()
  for (const [index, one] of values.entries()) {
    for (const facet of facetNames) if (isCountedIn(facet, missed[index])) tallies[facet].add(one[facet], 1)
  }
  return tallies
}

/** What is to be taken off the tallies of all. */
function missesOf(values: FacetValues[], missed: Facet[][]): Tallies {
  const tallies = emptyTallies()
  for (const [index, one] of values.entries()) {
    if (missed[index]?.length === 0) continue
    for (const facet of facetNames) if (!isCountedIn(facet, missed[index])) tallies[facet].add(one[facet], 1)
  }
  return tallies
}

/** Who misses one choice would be there if only that were another. */
function isCountedIn(facet: Facet, missed: Facet[] = []): boolean {
  return missed.length === 0 || (missed.length === 1 && missed[0] === facet)
}

function without(tallies: Tallies, others: Tallies): Tallies {
  return Object.fromEntries(facetNames.map((facet) => [facet, tallies[facet].without(others[facet])])) as Tallies
}
