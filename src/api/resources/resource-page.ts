/** The order of a list of objects, and its pages. Pure. */
import { healthStatuses } from '../../model/index.ts'
import { ApiError } from '../api-error.ts'
import type { ResourceRow } from './resource-rows.ts'

const syncOrder = ['Synced', 'OutOfSync', 'Unknown']
const healthOrder: string[] = ['None', ...healthStatuses]

/** By what a list can be sorted; by the worst last. */
const orders: Record<string, (row: ResourceRow) => string | number> = {
  name: ({ resource }) => resource.name ?? '',
  kind: ({ resource }) => resource.kind ?? '',
  namespace: ({ resource }) => resource.namespace ?? '',
  application: ({ home }) => home.application,
  health: ({ resource }) => healthOrder.indexOf(resource.health?.status ?? 'None'),
  sync: ({ resource }) => syncOrder.indexOf(resource.status ?? 'Unknown'),
}

/** What tells rows apart. */
const names: ((row: ResourceRow) => string)[] = [
  ({ resource }) => resource.name ?? '',
  ({ resource }) => resource.namespace ?? '',
  ({ fullKind }) => fullKind,
  ({ home }) => home.application,
  ({ home }) => home.applicationNamespace,
]

/** What a row is sorted by, and its names. */
type Position = (string | number)[]

export interface PageRequest {
  sort?: string
  limit?: number
  continue?: string
}

export interface ResourcePage {
  items: ResourceRow[]
  /** Leads to the next page; undefined on the last. */
  next?: string
  /** After this page. */
  remaining: number
}

/** A page begins behind the last row of the page before, wherever that stands by now. */
export function pageOf(
  rows: ResourceRow[],
  { sort = 'name', limit = 200, continue: token }: PageRequest,
): ResourcePage {
  const { sortValue, factor } = orderOf(sort)
  const compare = (one: ResourceRow, other: ResourceRow) =>
    factor * compareValues(sortValue(one), sortValue(other)) || compareNames(one, other)
  const after = token ? positionIn(token, sort) : undefined
  const rest = after ? rows.filter((row) => isBehind(positionOf(row, sortValue), after, factor)) : rows
  const items = firstOf(rest, compare, limit)
  const remaining = rest.length - items.length
  const last = items.at(-1)
  return { items, ...(remaining > 0 && last && { next: tokenOf(positionOf(last, sortValue), sort) }), remaining }
}

function orderOf(sort: string) {
  const isDescending = sort.startsWith('-')
  const name = isDescending ? sort.slice(1) : sort
  const sortValue = Object.hasOwn(orders, name) ? orders[name] : undefined
  if (!sortValue) {
    throw new ApiError('InvalidArgument', `cannot sort by ${name}: sort by ${Object.keys(orders).join(', ')}`)
  }
  return { sortValue, factor: isDescending ? -1 : 1 }
}

/** Those that are alike stay sorted by name, in whichever direction. */
function compareNames(one: ResourceRow, other: ResourceRow): number {
  for (const nameOf of names) {
    const order = compareValues(nameOf(one), nameOf(other))
    if (order !== 0) return order
  }
  return 0
}

function compareValues(one: string | number, other: string | number): number {
  return one < other ? -1 : one > other ? 1 : 0
}

function positionOf(row: ResourceRow, sortValue: (row: ResourceRow) => string | number): Position {
  return [sortValue(row), ...names.map((nameOf) => nameOf(row))]
}

function isBehind(one: Position, other: Position, factor: number): boolean {
  for (const [at, value] of one.entries()) {
    const order = compareValues(value, other[at] ?? '')
    if (order !== 0) return (at === 0 ? factor * order : order) > 0
  }
  return false
}

/** Of a hundred thousand rows a page is wanted: only what may be on it is sorted. */
function firstOf(
  rows: ResourceRow[],
  compare: (one: ResourceRow, other: ResourceRow) => number,
  many: number,
): ResourceRow[] {
  let kept: ResourceRow[] = []
  let bound: ResourceRow | undefined
  for (const row of rows) {
    if (bound && compare(row, bound) >= 0) continue
    kept.push(row)
    if (kept.length < 4 * many) continue
    kept = kept.sort(compare).slice(0, many)
    bound = kept.at(-1)
  }
  return kept.sort(compare).slice(0, many)
}

function tokenOf(position: Position, sort: string): string {
  return Buffer.from(JSON.stringify([sort, ...position])).toString('base64url')
}

function positionIn(token: string, sort: string): Position {
  const [ofSort, ...position] = readToken(token)
  if (ofSort !== sort) throw new ApiError('InvalidArgument', `continue is of a list that is sorted by ${ofSort}`)
  return position
}

function readToken(token: string): Position {
  try {
    const parts = JSON.parse(Buffer.from(token, 'base64url').toString()) as unknown
    const isToken = Array.isArray(parts) && parts.length === names.length + 2
    if (isToken && parts.every((part) => ['string', 'number'].includes(typeof part))) return parts
  } catch {
    // Told below.
  }
  throw new ApiError('InvalidArgument', 'continue is not what the page before has said: begin again without it')
}
