/** A table of which only what is in sight is drawn. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { paths, resourceParameter } from '../../lib/paths.ts'
import { useShortcuts } from '../../lib/shortcuts.ts'
import { classes } from '../../ui/classes.ts'
import { Status } from '../../ui/status.tsx'
import type { Resource } from './list-resources.ts'
import styles from './resources.module.css'
import { useResourceTexts } from './texts.ts'

export interface ResourceTableProps {
  rows: Resource[]
  /** Also those that are not loaded yet. */
  total: number
  sort: string
  onSort(sort: string): void
  hasMore: boolean
  onMore(): void
}

const columns = ['kind', 'name', 'namespace', 'application', 'sync', 'health'] as const
const rowHeight = 32
const phoneRowHeight = 56
const phone = typeof matchMedia === 'function' ? matchMedia('(max-width: 760px)') : undefined

export function ResourceTable({ rows, total, sort, onSort, hasMore, onMore }: ResourceTableProps) {
  const t = useResourceTexts()
  const [, navigate] = useLocation()
  const scroller = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState(-1)
  const height = phone?.matches ? phoneRowHeight : rowHeight
  const virtual = useVirtualizer({
    count: rows.length + (hasMore ? 1 : 0),
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
  })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (hasMore && last >= rows.length - 30) onMore()
  }, [hasMore, last, rows.length, onMore])

  const move = (by: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, active + by))
    setActive(next)
    virtual.scrollToIndex(next)
  }
  useShortcuts([
    { keys: 'j', label: t.down, run: () => move(1) },
    { keys: 'k', label: t.up, run: () => move(-1) },
    {
      keys: 'Enter',
      label: t.open,
      run: () => {
        const row = rows[active]
        if (row) navigate(hrefOf(row))
      },
    },
  ])

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys
    <section ref={scroller} className={styles.scroller} aria-label={t.title} tabIndex={0}>
      {/* biome-ignore lint/a11y/useSemanticElements: rows of a table cannot be placed one by one */}
      <div role="table" aria-label={t.title} aria-rowcount={total + 1} className={styles.table}>
        {/* biome-ignore lint/a11y/useSemanticElements: as above */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: as above */}
        <div role="row" aria-rowindex={1} className={classes(styles.row, styles.head)}>
          {columns.map((column) => (
            <Heading key={column} column={column} sort={sort} onSort={onSort} />
          ))}
        </div>
        <div className={styles.body} style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index]
            const place = { height, transform: `translateY(${item.start}px)` }
            return row ? (
              <Row
                key={`${row.application} ${row.kind} ${row.namespace} ${row.name} ${row.group}`}
                row={row}
                index={item.index}
                isActive={item.index === active}
                style={place}
              />
            ) : (
              <div key="more" className={styles.more} style={place}>
                {t.loading}
              </div>
            )
          })}
        </div>
      </div>
    </section>
  )
}

function Heading({
  column,
  sort,
  onSort,
}: {
  column: (typeof columns)[number]
  sort: string
  onSort(sort: string): void
}) {
  const t = useResourceTexts()
  const isSorted = sort === column || sort === `-${column}`
  const isDescending = sort.startsWith('-')
  // The worst first, where there is one.
  const first = column === 'health' || column === 'sync' ? `-${column}` : column
  const next = sort === first ? (first.startsWith('-') ? column : `-${column}`) : first
  const order = isSorted ? (isDescending ? 'descending' : 'ascending') : undefined
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows of a table cannot be placed one by one
    // biome-ignore lint/a11y/useFocusableInteractive: the button in it is
    <div role="columnheader" className={styles[column]} aria-sort={order}>
      <button
        type="button"
        className={styles.heading}
        aria-label={t.sortBy(t.columns[column])}
        onClick={() => onSort(next)}
      >
        {t.columns[column]}
        {isSorted && (isDescending ? <ArrowDown aria-hidden="true" /> : <ArrowUp aria-hidden="true" />)}
      </button>
    </div>
  )
}

export function hrefOf(row: Resource): string {
  const { application = '', applicationNamespace = '', group, kind, namespace, name } = row
  const resource = resourceParameter({ group, kind, namespace, name })
  return paths.application(applicationNamespace, application, { resource })
}

interface RowProps {
  row: Resource
  index: number
  isActive: boolean
  style: { height: number; transform: string }
}

function Row({ row, index, isActive, style }: RowProps) {
  const t = useResourceTexts()
  const { kind, group, name, namespace, application = '', applicationNamespace = '', sync, health, healthMessage } = row
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows of a table cannot be placed one by one
    // biome-ignore lint/a11y/useFocusableInteractive: the links in it are
    <div
      role="row"
      aria-rowindex={index + 2}
      className={classes(styles.row, styles.placed, isActive && styles.isActive)}
      style={style}
    >
      <Cell column="kind" title={group ? `${group}/${kind}` : kind}>
        {kind}
      </Cell>
      <Cell column="name" title={name}>
        <Link href={hrefOf(row)}>{name}</Link>
        {row.requiresPruning && <span className={styles.mark}>{t.prune}</span>}
      </Cell>
      <Cell column="namespace" title={namespace}>
        {namespace || '—'}
      </Cell>
      <Cell column="application" title={application}>
        <Link href={paths.application(applicationNamespace, application)}>{application}</Link>
      </Cell>
      <Cell column="sync" isCalm={sync === 'Synced'}>
        <Status status={sync} />
      </Cell>
      <Cell column="health" title={healthMessage} isCalm={health === 'Healthy'}>
        {health === 'None' ? <span className={styles.quiet}>—</span> : <Status status={health} />}
      </Cell>
    </div>
  )
}

function Cell({
  column,
  title,
  isCalm,
  children,
}: {
  column: (typeof columns)[number]
  title?: string | undefined
  isCalm?: boolean
  children: ReactNode
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows of a table cannot be placed one by one
    <div role="cell" className={classes(styles.cell, styles[column], isCalm && styles.calm)} title={title}>
      {children}
    </div>
  )
}
