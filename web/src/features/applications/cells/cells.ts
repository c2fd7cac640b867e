/** Rows laid out in lines of several, as squares and tiles are: groups begin a new line. Pure. */
import { type GroupHead, isHead } from '../rows/order.ts'
import type { Row } from '../rows/rows.ts'

export type CellLine = GroupHead | { rows: Row[] }

export function cellLines(lines: readonly (Row | GroupHead)[], perLine: number): CellLine[] {
  const all: CellLine[] = []
  let open: Row[] | undefined
  for (const line of lines) {
    if (isHead(line)) {
      all.push(line)
      open = undefined
      continue
    }
    if (!open || open.length >= perLine) {
      open = []
      all.push({ rows: open })
    }
    open.push(line)
  }
  return all
}
