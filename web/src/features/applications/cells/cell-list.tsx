/** Cells in lines of equal height, with a head before each group; of thousands, those in sight are drawn. */
import { type ReactNode, useMemo, useRef } from 'react'
import { count, useLanguage } from '../../../lib/language.ts'
import { useMore } from '../list/use-more.ts'
import { useSight } from '../list/use-sight.ts'
import { type GroupHead, isHead } from '../rows/order.ts'
import { keyOf, type Row } from '../rows/rows.ts'
import { usePageTexts } from '../texts.ts'
import styles from './cell-list.module.css'
import { cellLines } from './cells.ts'
import { useWidth } from './use-width.ts'

export interface CellListProps {
  lines: readonly (Row | GroupHead)[]
  remaining: number
  onMore(end: number): void
  groupCounts: Record<string, number>
  isOld: boolean
}

interface CellLayout {
  /** Of a cell with its gap, in pixels; cells are at least as wide. */
  width: number
  height: number
  /** Cells share what is left of a line, rather than being all of one width. */
  stretch: boolean
  cell(row: Row): ReactNode
}

export function CellList({ lines, remaining, onMore, groupCounts, isOld, ...layout }: CellListProps & CellLayout) {
  const t = usePageTexts()
  const language = useLanguage()
  const box = useRef<HTMLDivElement>(null)
  const perLine = Math.max(1, Math.floor(useWidth(box) / layout.width))
  const drawn = useMemo(() => cellLines(lines, perLine), [lines, perLine])
  const total = drawn.length + Math.ceil(remaining / perLine)
  const sight = useSight(box, { count: total, size: layout.height })
  useMore({ end: sight.end * perLine, spare: 20 * perLine, loaded: drawn.length * perLine, onMore })
  const tracks = layout.stretch ? `repeat(${perLine}, minmax(0, 1fr))` : `repeat(${perLine}, ${layout.width}px)`
  return (
    <div ref={box} className={styles.box} style={{ height: total * layout.height }} aria-busy={isOld}>
      {drawn.slice(sight.first, sight.end).map((line, offset) => {
        const index = sight.first + offset
        const style = { transform: `translateY(${index * layout.height}px)`, height: layout.height }
        if (isHead(line as GroupHead)) {
          const { group } = line as GroupHead
          const amount = groupCounts[group]
          return (
            <h3 key={`# ${group}`} className={styles.group} style={style}>
              {group || t.nothing}
              {amount !== undefined && <span className={styles.amount}>{count(language, amount, ...t.noun)}</span>}
            </h3>
          )
        }
        const { rows } = line as { rows: Row[] }
        return (
          <ul key={index} className={styles.line} style={{ ...style, gridTemplateColumns: tracks }}>
            {rows.map((row) => (
              <li key={keyOf(row)} className={styles.cell}>
                {layout.cell(row)}
              </li>
            ))}
          </ul>
        )
      })}
    </div>
  )
}
