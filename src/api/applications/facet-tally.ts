/** How many applications have which values in one facet, kept up as they come and go. */

/** Labels can have any number of values; those that most applications have are told. */
const mostValues = 500

export class FacetTally {
  /** Counters rather than numbers: almost every value is there already, and there are ten for each application. */
  readonly #counters = new Map<string, { count: number }>()
  #told: Record<string, number> | undefined

  add(values: string[], sign: 1 | -1): void {
    if (values.length > 0) this.#told = undefined
    for (const value of values) {
      const counter = this.#counters.get(value)
      if (!counter) this.#counters.set(value, { count: sign })
      else if (counter.count + sign === 0) this.#counters.delete(value)
      else counter.count += sign
    }
  }

  /** Of what the other has counted too, only the rest. */
  without(other: FacetTally): FacetTally {
    if (other.#counters.size === 0) return this
    const rest = new FacetTally()
    for (const [value, { count }] of this.#counters) {
      const left = count - (other.#counters.get(value)?.count ?? 0)
      if (left > 0) rest.#counters.set(value, { count: left })
    }
    return rest
  }

  /** The most frequent first; the same object until something changes. */
  told(): Readonly<Record<string, number>> {
    this.#told ??= Object.fromEntries(
      this.#mostFrequent().sort(([one, many], [other, more]) => more - many || (one < other ? -1 : 1)),
    )
    return this.#told
  }

  /** Ten thousand names that one application each has are not put in order to tell some of them. */
  #mostFrequent(): [value: string, count: number][] {
    const all = [...this.#counters].map(([value, { count }]): [string, number] => [value, count])
    if (all.length <= mostValues) return all
    const least =
      Uint32Array.from(all, ([, count]) => count)
        .sort()
        .at(-mostValues) ?? 0
    const above = all.filter(([, count]) => count > least)
    const alike = all.filter(([, count]) => count === least)
    return [...above, ...alike.slice(0, mostValues - above.length)]
  }
}
