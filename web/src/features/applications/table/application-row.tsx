/** One application in the table: drawn again only when it or what is shown of it has changed. */
import { Star } from 'lucide-react'
import { memo } from 'react'
import { paths } from '../../../lib/paths.ts'
import { classes } from '../../../ui/classes.ts'
import { keyOf, type Row } from '../rows/rows.ts'
import type { PageTexts } from '../texts.ts'
import styles from './application-table.module.css'
import type { ColumnId } from './shown-columns.ts'
import { listColumns, type StatusWords } from './table-columns.tsx'

export interface RowActions {
  select(key: string, on: boolean): void
  star(key: string): void
}

interface ApplicationRowProps {
  row: Row
  /** From 0, of the lines of the table. */
  index: number
  size: number
  columns: readonly ColumnId[]
  isSelected: boolean
  isCurrent: boolean
  isFavourite: boolean
  actions: RowActions
  t: PageTexts
  words: StatusWords
}

export const ApplicationRow = memo(function ApplicationRow(props: ApplicationRowProps) {
  const { row, index, size, columns, isSelected, isCurrent, isFavourite, actions, t, words } = props
  const { name, namespace = '', deletionTimestamp } = row.metadata
  const key = keyOf(row)
  return (
    <tr
      aria-rowindex={index + 2}
      data-key={key}
      className={classes(styles.row, isSelected && styles.selected, isCurrent && styles.current)}
      style={{ transform: `translateY(${index * size}px)` }}
    >
      <td className={styles.tools}>
        <label className={styles.check}>
          <input
            type="checkbox"
            aria-label={t.select(name)}
            checked={isSelected}
            onChange={({ target }) => actions.select(key, target.checked)}
          />
        </label>
        <button
          type="button"
          className={classes(styles.star, isFavourite && styles.starred)}
          aria-label={isFavourite ? t.unstar(name) : t.star(name)}
          aria-pressed={isFavourite}
          onClick={() => actions.star(key)}
        >
          <Star aria-hidden="true" fill={isFavourite ? 'currentColor' : 'none'} />
        </button>
      </td>
      {columns.map((id) => (
        <td key={id} className={classes(styles.cell, styles[`${id}Cell`])}>
          {id === 'name' ? (
            <>
              {/* The table sees to it that the page stays: a hook for each of thousands would be felt. */}
              <a
                className={styles.name}
                href={paths.application(namespace, name)}
                data-line={index}
                title={`${namespace}/${name}`}
              >
                {name}
              </a>
              {deletionTimestamp && <span className={styles.quiet}> {t.deleting}</span>}
            </>
          ) : (
            listColumns[id].cell(row, t, words)
          )}
        </td>
      ))}
    </tr>
  )
})
