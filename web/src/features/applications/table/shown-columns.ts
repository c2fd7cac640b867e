/** Which columns the table has; this browser remembers them. */
import { useMemo } from 'react'
import { store, useStored } from '../../../lib/stored.ts'

export const columnIds = [
  'name',
  'health',
  'sync',
  'project',
  'cluster',
  'namespace',
  'repo',
  'targetRevision',
  'revision',
  'lastSync',
  'createdAt',
  'autoSync',
  'labels',
] as const
export type ColumnId = (typeof columnIds)[number]

export interface ShownColumns {
  all: ColumnId[]
  has(id: ColumnId): boolean
  toggle(id: ColumnId): void
}

const name = 'applications.columns'
const usual: ColumnId[] = ['name', 'health', 'sync', 'project', 'cluster', 'namespace', 'revision', 'lastSync']

export function useShownColumns(): ShownColumns {
  const [text] = useStored(name)
  return useMemo(() => {
    const all = parseColumns(text)
    const toggle = (id: ColumnId) => {
      const next = columnIds.filter((one) => one === 'name' || (one === id ? !all.includes(id) : all.includes(one)))
      store(name, next.join() === usual.join() ? undefined : next.join())
    }
    return { all, has: (id) => all.includes(id), toggle }
  }, [text])
}

export function parseColumns(text: string | undefined): ColumnId[] {
  if (!text) return usual
  const named = text.split(',')
  return columnIds.filter((id) => id === 'name' || named.includes(id))
}
