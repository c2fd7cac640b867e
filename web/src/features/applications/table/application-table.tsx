/** All applications, a line of 32 pixels each; of thousands, those in sight are drawn. */
import { ArrowDown, ArrowUp } from 'lucide-react'
import { type MouseEvent, type Ref, useImperativeHandle, useLayoutEffect, useRef } from 'react'
import { useLocation } from 'wouter'
import { count, useLanguage } from '../../../lib/language.ts'
import { classes } from '../../../ui/classes.ts'
import { useStatusWords } from '../../../ui/status.tsx'
import { useMore } from '../list/use-more.ts'
import { useSight } from '../list/use-sight.ts'
import { type GroupHead, isHead } from '../rows/order.ts'
import { keyOf, type Row } from '../rows/rows.ts'
import { usePageTexts } from '../texts.ts'
import { ApplicationRow, type RowActions } from './application-row.tsx'
import styles from './application-table.module.css'
import type { ColumnId } from './shown-columns.ts'
import { listColumns, nameColumn } from './table-columns.tsx'

export interface TableHandle {
  /** Brings a line into sight and gives it the focus. */
  focus(line: number): void
}

interface ApplicationTableProps {
  lines: readonly (Row | GroupHead)[]
  /** Behind those, not yet loaded. */
  remaining: number
  onMore(end: number): void
  columns: readonly ColumnId[]
  sort: string
  onSort(sort: string): void
  /** By group, how many there are. */
  groupCounts: Record<string, number>
  selected: ReadonlySet<string>
  current: number | undefined
  isFavourite(key: string): boolean
  actions: RowActions
  /** Of another question, until this one is answered. */
  isOld: boolean
  handle: Ref<TableHandle>
}

const rowSize = 32
/** More than are ever drawn. */
const slots = 240

function rowKeyOf(element: Element): string | undefined {
  return element.closest('tr')?.dataset.key
}

/** Another tab or window is wanted. */
function isForBrowser({ button, metaKey, ctrlKey, shiftKey, altKey }: MouseEvent): boolean {
  return button !== 0 || metaKey || ctrlKey || shiftKey || altKey
}

export function ApplicationTable(props: ApplicationTableProps) {
  const { lines, remaining, onMore, columns, sort, onSort, groupCounts, selected, current, isFavourite, actions } =
    props
  const t = usePageTexts()
  const words = useStatusWords()
  const [, navigate] = useLocation()
  const language = useLanguage()
  const body = useRef<HTMLTableSectionElement>(null)
  const total = lines.length + remaining
  const sight = useSight(body, { count: total, size: rowSize, above: 64 })
  useMore({ end: sight.end, spare: 100, loaded: lines.length, onMore })
  useImperativeHandle(props.handle, () => ({
    focus(line) {
      sight.reveal(line)
      const find = () => body.current?.querySelector<HTMLElement>(`[data-line="${line}"]`)
      const found = find()
      if (found) found.focus({ preventScroll: true })
      // It is drawn when the page has scrolled there.
      else requestAnimationFrame(() => requestAnimationFrame(() => find()?.focus({ preventScroll: true })))
    },
  }))
  const focused = useRef<string | undefined>(undefined)
  // A row that has become another one does not take the focus along.
  useLayoutEffect(() => {
    const at = document.activeElement
    if (at instanceof HTMLElement && body.current?.contains(at) && rowKeyOf(at) !== focused.current) at.blur()
  })
  const widths = columns.map((id) => (id === 'name' ? nameColumn.width : listColumns[id].width))
  const drawn = lines.slice(sight.first, sight.end)
  return (
    <table
      aria-label={t.title}
      aria-rowcount={total + 1}
      aria-busy={props.isOld}
      className={styles.table}
      style={{ '--tracks': `64px ${widths.join(' ')}` } as object}
    >
      <thead className={styles.head}>
        <tr aria-rowindex={1} className={styles.headRow}>
          <td />
          {columns.map((id) => (
            <HeadCell key={id} id={id} sort={sort} onSort={onSort} />
          ))}
        </tr>
      </thead>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: Enter on a link is a click too */}
      <tbody
        ref={body}
        onFocus={({ target }) => {
          focused.current = rowKeyOf(target)
        }}
        onClick={(event) => {
          const link = (event.target as Element).closest<HTMLAnchorElement>('a[data-line]')
          if (!link || event.defaultPrevented || isForBrowser(event)) return
          event.preventDefault()
          navigate(link.pathname)
        }}
        className={styles.body}
        style={{ height: total * rowSize }}
      >
        {drawn.map((line, offset) => {
          const index = sight.first + offset
          if (isHead(line)) {
            const amount = groupCounts[line.group]
            return (
              <tr
                key={`# ${line.group}`}
                className={classes(styles.row, styles.group)}
                style={{ transform: `translateY(${index * rowSize}px)` }}
              >
                <th scope="rowgroup" colSpan={columns.length + 1} className={styles.groupName}>
                  {line.group || t.nothing}
                  {amount !== undefined && <span className={styles.quiet}>{count(language, amount, ...t.noun)}</span>}
                </th>
              </tr>
            )
          }
          const key = keyOf(line)
          return (
            <ApplicationRow
              // Rows that leave are those that come in: what is drawn is changed, not made anew.
              key={index % slots}
              row={line}
              index={index}
              size={rowSize}
              columns={columns}
              isSelected={selected.has(key)}
              isCurrent={current === index}
              isFavourite={isFavourite(key)}
              actions={actions}
              t={t}
              words={words}
            />
          )
        })}
      </tbody>
    </table>
  )
}

function HeadCell({ id, sort, onSort }: { id: ColumnId; sort: string; onSort(sort: string): void }) {
  const t = usePageTexts()
  const by = id === 'name' ? nameColumn.sort : listColumns[id].sort
  const label = t.column[id]
  const direction = sort === by ? 'ascending' : sort === `-${by}` ? 'descending' : undefined
  return (
    <th scope="col" aria-sort={direction} className={classes(styles.headCell, styles[`${id}Cell`])}>
      {by ? (
        <button
          type="button"
          className={styles.sort}
          title={t.sortBy(label)}
          onClick={() => onSort(sort === by ? `-${by}` : sort === `-${by}` ? by : firstOrder(by))}
        >
          {label}
          {direction === 'ascending' && <ArrowUp aria-hidden="true" />}
          {direction === 'descending' && <ArrowDown aria-hidden="true" />}
        </button>
      ) : (
        label
      )}
    </th>
  )
}

/** The worst and the newest are what somebody looks for. */
function firstOrder(by: string): string {
  return ['health', 'sync', 'lastSync', 'createdAt'].includes(by) ? `-${by}` : by
}
