/** The resources of an application in rows: what a table can that a tree cannot, such as sorting two thousand of them. */
import { ArrowDown, ArrowUp } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { texts } from '../../../lib/language.ts'
import { useSearchState } from '../../../lib/search-state.ts'
import { useShortcuts } from '../../../lib/shortcuts.ts'
import { classes } from '../../../ui/classes.ts'
import { Status } from '../../../ui/status.tsx'
import { Time } from '../../../ui/time.tsx'
import { allNodes, type GraphNode } from '../tree/graph.ts'
import { KindGlyph } from '../tree/kind-glyph.tsx'
import { Reason } from '../tree/tree-node.tsx'
import { useTreeTexts } from '../tree/tree-texts.ts'
import { type ListColumn, listColumns, nextOrder, orderedRows, parseOrder } from './list-order.ts'
import styles from './list-view.module.css'
import { useRowsInSight } from './rows-in-sight.ts'

const useTexts = texts<{
  label: string
  columns: Record<ListColumn, string>
  next: string
  previous: string
  open: string
}>({
  en: {
    label: 'Resources of the application',
    columns: { name: 'Name', kind: 'Kind', namespace: 'Namespace', sync: 'Sync', health: 'Health', age: 'Made' },
    next: 'Next row',
    previous: 'Row before',
    open: 'Open the row',
  },
  fr: {
    label: 'Ressources de l’application',
    columns: { name: 'Nom', kind: 'Type', namespace: 'Namespace', sync: 'Synchro', health: 'Santé', age: 'Création' },
    next: 'Ligne suivante',
    previous: 'Ligne précédente',
    open: 'Ouvrir la ligne',
  },
})

export interface ListViewProps {
  roots: GraphNode[]
  selected: string | undefined
  onOpen(node: GraphNode): void
}

const rowHeight = 40

export function ListView({ roots, selected, onOpen }: ListViewProps) {
  const t = useTexts()
  const search = useSearchState()
  const order = parseOrder(search.get('sort'))
  const rows = useMemo(() => {
    const all = roots.flatMap((root) => [...allNodes(root)]).filter(({ type }) => type === 'resource')
    return orderedRows(all, parseOrder(search.get('sort')))
  }, [roots, search.get])
  const body = useRef<HTMLTableSectionElement>(null)
  const { first, end } = useRowsInSight(body, rows.length, rowHeight)
  const [active, setActive] = useState<string>()
  const move = (step: number) => {
    const from = rows.findIndex(({ id }) => id === active)
    const to = rows[Math.max(0, Math.min(rows.length - 1, from < 0 ? 0 : from + step))]
    if (to) setActive(to.id)
  }
  useShortcuts([
    { keys: 'j', label: t.next, run: () => move(1) },
    { keys: 'k', label: t.previous, run: () => move(-1) },
  ])
  const activeIndex = rows.findIndex(({ id }) => id === active)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus follows the keys, not the rows
  useEffect(() => {
    if (activeIndex < 0) return
    const row = body.current?.querySelector<HTMLElement>(`[data-row="${activeIndex}"]`)
    row?.focus()
    row?.scrollIntoView({ block: 'nearest' })
  }, [active])

  return (
    <table className={styles.list} aria-label={t.label} aria-rowcount={rows.length + 1}>
      <thead>
        <tr>
          {listColumns.map((column) => (
            <ColumnHead
              key={column}
              column={column}
              label={t.columns[column]}
              direction={order?.column === column ? (order.isDescending ? 'descending' : 'ascending') : undefined}
              onSort={() => search.set({ sort: nextOrder(column, order) }, { replace: true })}
            />
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        <Gap rows={first} />
        {rows.slice(first, end).map((node, offset) => (
          <Row key={node.id} node={node} index={first + offset} isSelected={node.id === selected} onOpen={onOpen} />
        ))}
        <Gap rows={rows.length - end} />
      </tbody>
    </table>
  )
}

/** The room of rows that are out of sight. */
function Gap({ rows }: { rows: number }) {
  if (rows <= 0) return null
  return (
    <tr>
      <td colSpan={listColumns.length} style={{ height: rows * rowHeight }} />
    </tr>
  )
}

interface ColumnHeadProps {
  column: ListColumn
  label: string
  direction: 'ascending' | 'descending' | undefined
  onSort(): void
}

function ColumnHead({ column, label, direction, onSort }: ColumnHeadProps) {
  return (
    <th scope="col" aria-sort={direction ?? 'none'} className={styles[column]}>
      <button type="button" className={styles.sort} onClick={onSort}>
        {label}
        {direction === 'ascending' && <ArrowUp aria-hidden="true" />}
        {direction === 'descending' && <ArrowDown aria-hidden="true" />}
      </button>
    </th>
  )
}

interface RowProps {
  node: GraphNode
  index: number
  isSelected: boolean
  onOpen(node: GraphNode): void
}

function Row({ node, index, isSelected, onOpen }: RowProps) {
  const words = useTreeTexts()
  const { kind, name, address, sync, health, isPruned, createdAt } = node
  return (
    <tr aria-rowindex={index + 2} className={isSelected ? styles.selected : undefined}>
      <td className={styles.name}>
        <button type="button" data-row={index} className={styles.open} title={name} onClick={() => onOpen(node)}>
          <KindGlyph kind={kind} />
          <span className={classes(styles.text, isPruned && styles.struck)}>{name}</span>
          <span className={styles.reason}>
            <Reason node={node} otherwise={node.isOrphaned ? words.orphans : undefined} />
          </span>
        </button>
      </td>
      <td className={styles.kind}>{kind}</td>
      <td className={styles.namespace}>{address?.namespace}</td>
      <td className={styles.sync}>{sync && <Status status={sync} />}</td>
      <td className={styles.health}>{health && <Status status={health} />}</td>
      <td className={styles.age}>
        <Time at={createdAt} />
      </td>
    </tr>
  )
}
