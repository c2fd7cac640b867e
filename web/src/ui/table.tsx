/** Rows of facts under their names. For lists of thousands see virtual-rows. */
import type { ReactNode } from 'react'
import { classes } from './classes.ts'
import styles from './table.module.css'

export interface Column<Row> {
  id: string
  label: ReactNode
  cell(row: Row): ReactNode
  /** Numbers. */
  right?: boolean
  /** Where there is no room for it: on a phone. */
  wideOnly?: boolean
}

export interface TableProps<Row> {
  /** What the table is about, read aloud. */
  label: string
  columns: Column<Row>[]
  rows: Row[]
  keyOf(row: Row): string
  /** What is at the end of a row: buttons or a menu. */
  actions?(row: Row): ReactNode
}

export function Table<Row>({ label, columns, rows, keyOf, actions }: TableProps<Row>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways has to be reached by keys
    <section className={styles.scroller} aria-label={label} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.id} scope="col" className={lookOf(column)}>
                {column.label}
              </th>
            ))}
            {actions && <td />}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((column) => (
                <td key={column.id} className={lookOf(column)}>
                  {column.cell(row)}
                </td>
              ))}
              {actions && <td className={styles.actions}>{actions(row)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function lookOf({ right, wideOnly }: { right?: boolean; wideOnly?: boolean }): string {
  return classes(right && styles.right, wideOnly && styles.wideOnly)
}
