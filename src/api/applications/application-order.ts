/** The order of a list of applications, and its pages. Pure. */
import { standingOf, standings } from '../../contract/standing.ts'
import { type Application, healthStatuses, sourcesOf } from '../../model/index.ts'
import { ApiError } from '../api-error.ts'
import { type FacetContext, facetValues } from './facets.ts'

type SortValue = string | number
type SortKey = [...values: SortValue[], name: string, namespace: string]
type Order = (application: Application, context: FacetContext) => SortValue

const syncStatuses = ['Synced', 'OutOfSync', 'Unknown']

/** By what a list can be sorted; by the worst last, and with a minus before it the other way round. */
const orders: Record<string, Order> = {
  name: ({ metadata }) => metadata.name,
  namespace: ({ spec }) => spec.destination?.namespace ?? '',
  project: ({ spec }) => spec.project,
  cluster: (application, context) => facetValues(application, context).cluster[0] ?? '',
  repo: ({ spec }) => sourcesOf(spec)[0]?.repoURL ?? '',
  health: ({ status }) => healthStatuses.indexOf(status?.health?.status ?? 'Unknown'),
  sync: ({ status }) => syncStatuses.indexOf(status?.sync?.status ?? 'Unknown'),
  standing: (application) => -standings.indexOf(standingOf(application)),
  createdAt: ({ metadata }) => metadata.creationTimestamp ?? '',
  lastSync: ({ status }) => status?.operationState?.finishedAt ?? status?.operationState?.startedAt ?? '',
}
const labelOrder = 'label:'

export interface PageRequest {
  /** Several with commas. */
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
export function pageOf(
  applications: Application[],
  { sort = 'name', limit = 0, continue: token }: PageRequest,
  context: FacetContext,
): Page {
  const order = orderOf(sort, context)
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

function orderOf(sort: string, context: FacetContext) {
  const parts = partsOf(sort).map((part) => {
    const descending = part.startsWith('-')
    return { sortValue: orderNamed(descending ? part.slice(1) : part), factor: descending ? -1 : 1 }
  })
  return {
    keyOf: (application: Application): SortKey => {
      const { metadata } = application
      return [...parts.map(({ sortValue }) => sortValue(application, context)), metadata.name, metadata.namespace ?? '']
    },
    // Those that are alike stay sorted by name, in whichever direction.
    compare(one: SortKey, other: SortKey): number {
      for (let index = 0; index < one.length; index++) {
        const result = compareValues(one[index] ?? '', other[index] ?? '')
        if (result !== 0) return result * (parts[index]?.factor ?? 1)
      }
      return 0
    },
  }
}

function partsOf(sort: string): string[] {
  return sort
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function orderNamed(name: string): Order {
  if (name.startsWith(labelOrder)) {
    const label = name.slice(labelOrder.length)
    return ({ metadata }) => metadata.labels?.[label] ?? ''
  }
  const order = Object.hasOwn(orders, name) ? orders[name] : undefined
  if (order) return order
  const known = [...Object.keys(orders), `${labelOrder}NAME`].join(', ')
  throw new ApiError('InvalidArgument', `cannot sort by ${name}: sort by ${known}`)
}

function compareValues(one: SortValue, other: SortValue): number {
  return one < other ? -1 : one > other ? 1 : 0
}

function tokenOf(key: SortKey, sort: string): string {
  return Buffer.from(JSON.stringify([sort, ...key])).toString('base64url')
}

function positionIn(token: string, sort: string): SortKey {
  const [ofSort, ...key] = readToken(token)
  if (ofSort !== sort) throw new ApiError('InvalidArgument', `continue is of a list that is sorted by ${ofSort}`)
  if (key.length !== partsOf(sort).length + 2) throw brokenToken()
  return key as SortKey
}

function readToken(token: string): unknown[] {
  try {
    const parts = JSON.parse(Buffer.from(token, 'base64url').toString()) as unknown
    if (Array.isArray(parts) && parts.length >= 3 && parts.every(isKeyPart)) return parts
  } catch {
    // Told below.
  }
  throw brokenToken()
}

function brokenToken(): ApiError {
  return new ApiError('InvalidArgument', 'continue is not what the page before has said: begin again without it')
}

function isKeyPart(part: unknown): boolean {
  return typeof part === 'string' || typeof part === 'number'
}
