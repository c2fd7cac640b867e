/** In which order the rows of a list stand. Pure. */
import type { GraphNode } from '../tree/graph.ts'

export const listColumns = ['name', 'kind', 'namespace', 'sync', 'health', 'age'] as const
export type ListColumn = (typeof listColumns)[number]

export interface ListOrder {
  column: ListColumn
  isDescending: boolean
}

/** Such as `name`, or `-age`: what an address says. */
export function parseOrder(text: string | undefined): ListOrder | undefined {
  const isDescending = text?.startsWith('-') ?? false
  const column = listColumns.find((one) => one === text?.replace(/^-/, ''))
  return column && { column, isDescending }
}

export function nextOrder(column: ListColumn, order: ListOrder | undefined): string | undefined {
  if (order?.column !== column) return column
  return order.isDescending ? undefined : `-${column}`
}

const fromWorst = ['Degraded', 'Missing', 'Unknown', 'Progressing', 'Suspended', 'Healthy']
const syncFromWorst = ['OutOfSync', 'Unknown', 'Synced']

const sortValue: Record<ListColumn, (node: GraphNode) => string | number> = {
  name: ({ name }) => name,
  kind: ({ kind }) => kind,
  namespace: ({ address }) => address?.namespace ?? '',
  sync: ({ sync }) => rankIn(syncFromWorst, sync),
  health: ({ health }) => rankIn(fromWorst, health),
  // The youngest first.
  age: ({ createdAt }) => (createdAt ? -Date.parse(createdAt) : 0),
}

function rankIn(words: string[], word: string | undefined): number {
  return word === undefined ? words.length : words.indexOf(word)
}

/** Without an order, as the tree has them. */
export function orderedRows(rows: GraphNode[], order: ListOrder | undefined): GraphNode[] {
  if (!order) return rows
  const value = sortValue[order.column]
  const sign = order.isDescending ? -1 : 1
  const valued = rows.map((node, index) => ({ node, index, value: value(node) }))
  valued.sort((one, other) => sign * compare(one.value, other.value) || one.index - other.index)
  return valued.map(({ node }) => node)
}

function compare(one: string | number, other: string | number): number {
  return one < other ? -1 : one > other ? 1 : 0
}
