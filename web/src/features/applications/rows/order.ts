/** The order and the groups of a list, as the server makes them: what comes in meanwhile is put where it belongs. Pure. */
import { standingOf, standings } from '../../../lib/standing.ts'
import { clusterOf, lastSyncOf, type Row, sourcesOf } from './rows.ts'

const healthOrder = ['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded', 'Unknown']
const syncOrder = ['Synced', 'OutOfSync', 'Unknown']

const values: Record<string, (row: Row) => string | number> = {
  name: ({ metadata }) => metadata.name,
  namespace: ({ spec }) => spec.destination?.namespace ?? '',
  project: ({ spec }) => spec.project,
  cluster: clusterOf,
  repo: (row) => sourcesOf(row)[0]?.repoURL ?? '',
  health: ({ status }) => healthOrder.indexOf(status?.health?.status ?? 'Unknown'),
  sync: ({ status }) => syncOrder.indexOf(status?.sync?.status ?? 'Unknown'),
  standing: (row) => -standings.indexOf(standingOf(row)),
  createdAt: ({ metadata }) => metadata.creationTimestamp ?? '',
  lastSync: (row) => lastSyncOf(row) ?? '',
}
const none = () => ''

function sortValue(name: string): (row: Row) => string | number {
  const [, label] = /^label:(.+)$/.exec(name) ?? []
  if (label !== undefined) return ({ metadata }) => metadata.labels?.[label] ?? ''
  return values[name] ?? none
}

export function comparing(sort: string): (one: Row, other: Row) => number {
  const parts = sort.split(',').map((part) => {
    const isDescending = part.startsWith('-')
    return { of: sortValue(isDescending ? part.slice(1) : part), factor: isDescending ? -1 : 1 }
  })
  parts.push({ of: values.name ?? none, factor: 1 }, { of: ({ metadata }) => metadata.namespace ?? '', factor: 1 })
  return (one, other) => {
    for (const { of, factor } of parts) {
      const [left, right] = [of(one), of(other)]
      if (left !== right) return left < right ? -factor : factor
    }
    return 0
  }
}

/** By what the list can be grouped: how the server sorts by it. `label:NAME` too. */
export const groupings = ['project', 'cluster', 'repo', 'namespace'] as const

export function isGrouping(text: string | undefined): text is string {
  return text !== undefined && (groupings.some((one) => one === text) || /^label:\S+$/.test(text))
}

export function groupOf(grouping: string): (row: Row) => string {
  const of = sortValue(grouping)
  return (row) => String(of(row))
}

/** What the server is asked for. */
export function wholeSort(sort: string, grouping: string | undefined): string {
  return grouping === undefined || grouping === sort ? sort : `${grouping},${sort}`
}

export interface GroupHead {
  group: string
}

/** The rows with a head before each group; `rows` come sorted by it. */
export function withHeads(rows: readonly Row[], grouping: string | undefined): (Row | GroupHead)[] {
  if (grouping === undefined) return rows as Row[]
  const of = groupOf(grouping)
  const lines: (Row | GroupHead)[] = []
  let group: string | undefined
  for (const row of rows) {
    const next = of(row)
    if (next !== group) lines.push({ group: next })
    group = next
    lines.push(row)
  }
  return lines
}

export function isHead(line: Row | GroupHead | undefined): line is GroupHead {
  return line !== undefined && 'group' in line
}
