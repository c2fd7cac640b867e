/** What the list is filtered by, each with a way out. */
import { X } from 'lucide-react'
import { Button } from '../../../ui/button.tsx'
import type { ListState } from '../list/use-list-state.ts'
import { usePageTexts } from '../texts.ts'
import { filterNames, isFiltering } from './filter.ts'
import styles from './filter-chips.module.css'
import { useFilterWords } from './filter-words.ts'

export function FilterChips({ state, matching }: { state: ListState; matching: string | undefined }) {
  const t = usePageTexts()
  const wordOf = useFilterWords()
  const { filter } = state
  if (!isFiltering(filter)) return null
  const chips = filterNames.flatMap((name) =>
    filter.values[name].map((value) => ({ name, value, word: t.pair(t.filterName[name], wordOf(name, value)) })),
  )
  return (
    <div className={styles.chips}>
      {matching !== undefined && (
        <span className={styles.matching} role="status">
          {matching}
        </span>
      )}
      {chips.map(({ name, value, word }) => (
        <button
          key={`${name} ${value}`}
          type="button"
          className={styles.chip}
          aria-label={t.removeFilter(word)}
          onClick={() => state.toggle(name, value)}
        >
          <span>{word}</span>
          <X aria-hidden="true" />
        </button>
      ))}
      {filter.favouritesOnly && (
        <button
          type="button"
          className={styles.chip}
          aria-label={t.removeFilter(t.onlyFavourites)}
          onClick={() => state.showFavourites(false)}
        >
          <span>{t.favourites}</span>
          <X aria-hidden="true" />
        </button>
      )}
      <Button kind="quiet" onClick={state.clearAll}>
        {t.clearFilters}
      </Button>
    </div>
  )
}
