/** What a stream tells, brought into the pages of a list that have been loaded. Pure. */
import type { ApplicationEvent } from '../../../lib/api.ts'
import { keyOf, type Row } from './rows.ts'

export interface RowPage {
  items: Row[]
  metadata: { continue?: string; remainingItemCount?: number; resourceVersion?: string }
}

/**
 * The same pages where nothing of them has changed. Rows stay where they are, whatever has become of what they are sorted
 * by, so that nothing jumps; new ones come in where they belong, unless that is behind what has been loaded.
 */
export function withEvents(
  pages: readonly RowPage[],
  events: readonly ApplicationEvent[],
  compare: (one: Row, other: Row) => number,
): RowPage[] {
  const latest = new Map(events.map((event) => [keyOf(event.application), event]))
  const next = pages.map((page) => patched(page, latest))
  for (const { type, application } of latest.values()) if (type !== 'DELETED') insert(next, application, compare)
  return next
}

/** Takes out of `latest` what it has used. */
function patched(page: RowPage, latest: Map<string, ApplicationEvent>): RowPage {
  let isChanged = false
  const items: Row[] = []
  for (const row of page.items) {
    const key = keyOf(row)
    const event = latest.get(key)
    if (!event) {
      items.push(row)
      continue
    }
    latest.delete(key)
    isChanged = true
    if (event.type !== 'DELETED') items.push(event.application)
  }
  return isChanged ? { ...page, items } : page
}

function insert(pages: RowPage[], row: Row, compare: (one: Row, other: Row) => number): void {
  for (const [index, page] of pages.entries()) {
    const isLast = index === pages.length - 1
    const place = page.items.findIndex((other) => compare(row, other) < 0)
    if (place < 0 && !(isLast && !page.metadata.continue)) continue
    pages[index] = { ...page, items: page.items.toSpliced(place < 0 ? page.items.length : place, 0, row) }
    return
  }
}
