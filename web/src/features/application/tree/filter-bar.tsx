/** What of the resources somebody wants to see; it is in the address. */
import { ListFilter, X } from 'lucide-react'
import { useRef } from 'react'
import { useLanguage } from '../../../lib/language.ts'
import { type SearchState, useSearchState } from '../../../lib/search-state.ts'
import { useShortcuts } from '../../../lib/shortcuts.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { Switch, TextInput } from '../../../ui/field.tsx'
import { Menu, type MenuItem } from '../../../ui/menu.tsx'
import { isStatusWord, StatusMark, useStatusWords } from '../../../ui/status.tsx'
import type { facetsOf } from './filter.ts'
import { isFiltering, type ResourceFilter } from './filter.ts'
import styles from './filter-bar.module.css'
import { useTreeTexts } from './tree-texts.ts'

export function filterIn(search: SearchState): ResourceFilter {
  return {
    kinds: search.all('kind'),
    health: search.all('health'),
    sync: search.all('sync'),
    text: search.get('name') ?? '',
  }
}

export interface FilterBarProps {
  facets: ReturnType<typeof facetsOf>
  /** How many objects nobody declares. */
  orphans: number
}

export function FilterBar({ facets, orphans }: FilterBarProps) {
  const t = useTreeTexts()
  const search = useSearchState()
  const filter = filterIn(search)
  const input = useRef<HTMLInputElement>(null)
  useShortcuts([{ keys: '/', label: t.filter, run: () => input.current?.focus() }])
  return (
    <search className={styles.bar}>
      <TextInput
        ref={input}
        className={styles.text}
        aria-label={t.filter}
        placeholder={t.filter}
        value={filter.text}
        onChange={(event) => search.set({ name: event.target.value }, { replace: true })}
      />
      <Facet label={t.kind} name="kind" values={facets.kinds} chosen={filter.kinds} />
      <Facet label={t.health} name="health" values={facets.health} chosen={filter.health} />
      <Facet label={t.sync} name="sync" values={facets.sync} chosen={filter.sync} />
      {orphans > 0 && (
        <span className={styles.orphans} title={t.orphansHint}>
          <Switch
            label={t.orphansSwitch(orphans)}
            checked={search.get('orphaned') === 'true'}
            onChange={(isOn) => search.set({ orphaned: isOn ? 'true' : undefined }, { replace: true })}
          />
        </span>
      )}
      {isFiltering(filter) && (
        <IconButton
          label={t.clear}
          onClick={() => search.set({ name: undefined, kind: undefined, health: undefined, sync: undefined })}
        >
          <X />
        </IconButton>
      )}
    </search>
  )
}

interface FacetProps {
  label: string
  name: string
  /** With how many there are. */
  values: Map<string, number>
  chosen: string[]
}

function Facet({ label, name, values, chosen }: FacetProps) {
  const words = useStatusWords()
  const language = useLanguage()
  const search = useSearchState()
  const all = [...new Set([...values.keys(), ...chosen])].sort()
  const items: MenuItem[] = all.map((value) => ({
    label: (
      <span className={styles.choice}>
        {isStatusWord(value) && <StatusMark status={value} />}
        <span>{isStatusWord(value) ? words[value] : value}</span>
        <span className={styles.count}>{(values.get(value) ?? 0).toLocaleString(language)}</span>
      </span>
    ),
    checked: chosen.includes(value),
    run: () =>
      search.set({ [name]: chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value] }),
  }))
  const shown = chosen.map((value) => (isStatusWord(value) ? words[value] : value)).join(', ')
  return (
    <Menu
      align="start"
      trigger={
        <Button kind="quiet" icon={<ListFilter />} aria-pressed={chosen.length > 0}>
          {shown ? `${label}: ${shown}` : label}
        </Button>
      }
      groups={[items]}
    />
  )
}
