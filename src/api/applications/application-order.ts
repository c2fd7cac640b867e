/** The order of a list of applications, and its pages. Pure. */
import { type Application, healthStatuses } from '../../model/index.ts'
import { ApiError } from '../api-error.ts'

type SortKey = [value: string | number, name: string, namespace: string]

const syncStatuses = ['Synced', 'OutOfSync', 'Unknown']

/** By what a list can be sorted; by the worst last, and with a minus before it the other way round. */
const orders: Record<string, (application: Application) => string | number> = {
  name: ({ metadata }) => metadata.name,
  namespace: ({ spec }) => spec.destination?.namespace ?? '',
  project: ({ spec }) => spec.project,
  health: ({ status }) => healthStatuses.indexOf(status?.health?.status ?? 'Unknown'),
  sync: ({ status }) => syncStatuses.indexOf(status?.sync?.status ?? 'Unknown'),
  createdAt: ({ metadata }) => metadata.creationTimestamp ?? '',
  lastSync: ({ status }) => status?.operationState?.finishedAt ?? status?.operationState?.startedAt ?? '',
}

export interface PageRequest {
  sort?: string
  /** 0: all. */
  limit?: number
  /** What the page before has said. */
  continue?: string
}

export interface Page {
  items: Application[]
  /** Leads to the next page; undefined on the last. */
  next?: string
  /** After this page. */
  remaining: number
}

/**
 * A page begins behind the last application of the page before, wherever that stands by now: what comes and goes in
 * between neither hides an application nor shows one twice.
 */
export function pageOf(applications: Application[], { sort = 'name', limit = 0, continue: token }: PageRequest): Page {
  const order = orderOf(sort)
  const keyed = applications.map((application) => ({ application, key: order.keyOf(application) }))
  keyed.sort((one, other) => order.compare(one.key, other.key))
  const after = token ? positionIn(token, sort) : undefined
  const start = after ? keyed.findIndex(({ key }) => order.compare(key, after) > 0) : 0
  const rest = start < 0 ? [] : keyed.slice(start)
  const shown = limit > 0 ? rest.slice(0, limit) : rest
  const remaining = rest.length - shown.length
  const last = shown.at(-1)
  return {
    items: shown.map(({ application }) => application),
    ...(remaining > 0 && last && { next: tokenOf(last.key, sort) }),
    remaining,
  }
}

function orderOf(sort: string) {
  const descending = sort.startsWith('-')
  const name = descending ? sort.slice(1) : sort
  const sortValue = Object.hasOwn(orders, name) ? orders[name] : undefined
  if (!sortValue) {
    throw new ApiError('InvalidArgument', `cannot sort by ${name}: sort by ${Object.keys(orders).join(', ')}`)
  }
  const factor = descending ? -1 : 1
  return {
    keyOf: (application: Application): SortKey => {
      const { metadata } = application
      return [sortValue(application), metadata.name, metadata.namespace ?? '']
    },
    // Those that are alike stay sorted by name, in whichever direction.
    compare: (one: SortKey, other: SortKey) =>
      factor * compareValues(one[0], other[0]) || compareValues(one[1], other[1]) || compareValues(one[2], other[2]),
  }
}

function compareValues(one: string | number, other: string | number): number {
  return one < other ? -1 : one > other ? 1 : 0
}

function tokenOf(key: SortKey, sort: string): string {
  return Buffer.from(JSON.stringify([sort, ...key])).toString('base64url')
}

function positionIn(token: string, sort: string): SortKey {
  const [ofSort, ...key] = readToken(token)
  if (ofSort !== sort) throw new ApiError('InvalidArgument', `continue is of a list that is sorted by ${ofSort}`)
  return key as SortKey
}

function readToken(token: string): unknown[] {
  try {
    const parts = JSON.parse(Buffer.from(token, 'base64url').toString()) as unknown
    if (Array.isArray(parts) && parts.length === 4 && parts.every(isKeyPart)) return parts
  } catch {
    // Told below.
  }
  throw new ApiError('InvalidArgument', 'continue is not what the page before has said: begin again without it')
}

function isKeyPart(part: unknown): boolean {
  return typeof part === 'string' || typeof part === 'number'
}
