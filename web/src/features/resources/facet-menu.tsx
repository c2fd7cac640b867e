/** Which values of a facet are shown, with how many objects have each. */
import { ChevronDown } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { TextInput } from '../../ui/field.tsx'
import { Popover } from '../../ui/popover.tsx'
import { isStatusWord, StatusMark, useStatusWords } from '../../ui/status.tsx'
import styles from './resources.module.css'
import { useResourceTexts } from './texts.ts'

export interface FacetMenuProps {
  facet: 'kind' | 'namespace' | 'sync' | 'health' | 'project' | 'cluster'
  counts: Record<string, number>
  chosen: string[]
  onChoose(values: string[]): void
}

/** Beyond so many, one types. */
const searchedFrom = 10

export function FacetMenu({ facet, counts, chosen, onChoose }: FacetMenuProps) {
  const t = useResourceTexts()
  const words = useStatusWords()
  const [text, setText] = useState('')
  const isStatus = facet === 'sync' || facet === 'health'
  const name = t.facets[facet]
  const wordOf = (value: string) =>
    isStatus && value === 'None' ? t.healthless : isStatus && isStatusWord(value) ? words[value] : value
  // What is chosen stays in sight when nothing has it any more.
  const values = [...new Set([...Object.keys(counts), ...chosen])].filter((value) => value !== '')
  const shown = values.filter((value) => value.toLowerCase().includes(text.toLowerCase()))
  const toggle = (value: string) =>
    onChoose(chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value])
  return (
    <Popover
      label={name}
      trigger={
        <Button className={classes(chosen.length > 0 && styles.active)}>
          {chosen.length > 0 ? t.chosen(name, chosen.map(wordOf).join(', ')) : name}
          <ChevronDown aria-hidden="true" />
        </Button>
      }
    >
      <div className={styles.facet}>
        {values.length > searchedFrom && (
          <TextInput
            aria-label={name}
            placeholder={name}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
        <ul className={styles.values}>
          {shown.map((value) => (
            <li key={value}>
              <label className={styles.value}>
                <input type="checkbox" checked={chosen.includes(value)} onChange={() => toggle(value)} />
                {isStatus && isStatusWord(value) && <StatusMark status={value} />}
                <span className={styles.word}>{wordOf(value)}</span>
                <span className={styles.many}>{counts[value] ?? 0}</span>
              </label>
            </li>
          ))}
        </ul>
      </div>
    </Popover>
  )
}
