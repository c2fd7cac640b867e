/** All filters, each value with how many there would be, as the server counts them. */
import { ListFilter } from 'lucide-react'
import { useState } from 'react'
import type { ApplicationCounts } from '../../../lib/api.ts'
import { useLanguage } from '../../../lib/language.ts'
import { Button } from '../../../ui/button.tsx'
import { classes } from '../../../ui/classes.ts'
import { TextInput } from '../../../ui/field.tsx'
import { Popover } from '../../../ui/popover.tsx'
import { StatusMark } from '../../../ui/status.tsx'
import type { ListState } from '../list/use-list-state.ts'
import { standingLooks } from '../standing/standing-look.ts'
import { usePageTexts } from '../texts.ts'
import { type FilterName, facetOf, filterNames } from './filter.ts'
import styles from './filter-menu.module.css'
import { useFilterWords } from './filter-words.ts'

interface FilterMenuProps {
  state: ListState
  counts: ApplicationCounts | undefined
}

export function FilterMenu({ state, counts }: FilterMenuProps) {
  const t = usePageTexts()
  const [open, setOpen] = useState<FilterName>('health')
  const { values } = state.filter
  return (
    <Popover label={t.filters} trigger={<Button icon={<ListFilter />}>{t.filters}</Button>}>
      <div className={styles.menu}>
        <div className={styles.names} role="tablist" aria-label={t.filterBy} aria-orientation="vertical">
          {filterNames.map((name) => (
            <button
              key={name}
              type="button"
              role="tab"
              aria-selected={name === open}
              aria-controls="filter-values"
              className={classes(styles.name, name === open && styles.open)}
              onClick={() => setOpen(name)}
            >
              {t.filterName[name]}
              {values[name].length > 0 && <span className={styles.chosen}>{values[name].length}</span>}
            </button>
          ))}
        </div>
        <FilterValues key={open} name={open} state={state} counts={counts?.facets[facetOf[open]] ?? {}} />
      </div>
    </Popover>
  )
}

/** More are found by their name. */
const shownValues = 100

function FilterValues({ name, state, counts }: { name: FilterName; state: ListState; counts: Record<string, number> }) {
  const t = usePageTexts()
  const wordOf = useFilterWords()
  const language = useLanguage()
  const [text, setText] = useState('')
  const chosen = state.filter.values[name]
  // What is chosen stays in sight when nothing has it any more.
  const all = [...new Set([...Object.keys(counts), ...chosen])]
  const wanted = text.trim().toLowerCase()
  const found = all.filter((value) => wordOf(name, value).toLowerCase().includes(wanted))
  const isOpen = name === 'labels' || name === 'annotations'
  const label = t.findValue(t.filterName[name])
  return (
    <div id="filter-values" role="tabpanel" className={styles.values}>
      {(all.length > 8 || isOpen) && (
        <TextInput
          aria-label={label}
          placeholder={name === 'labels' ? t.addSelector : name === 'annotations' ? t.addAnnotation : label}
          value={text}
          onChange={({ target }) => setText(target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !isOpen || text.trim() === '') return
            state.toggle(name, text.trim())
            setText('')
          }}
        />
      )}
      {all.length === 0 && <p className={styles.none}>{t.noValues}</p>}
      <ul className={styles.list}>
        {found.slice(0, shownValues).map((value) => (
          <li key={value}>
            <label className={styles.value}>
              <input type="checkbox" checked={chosen.includes(value)} onChange={() => state.toggle(name, value)} />
              <Mark name={name} value={value} />
              <span className={styles.word} title={value}>
                {wordOf(name, value)}
              </span>
              <span className={styles.count}>{new Intl.NumberFormat(language).format(counts[value] ?? 0)}</span>
            </label>
          </li>
        ))}
      </ul>
    </div>
  )
}

function Mark({ name, value }: { name: FilterName; value: string }) {
  if (name === 'standing') return <StatusMark status={standingLooks[value as keyof typeof standingLooks]?.status} />
  if (name === 'health' || name === 'sync') return <StatusMark status={value} />
  return null
}
