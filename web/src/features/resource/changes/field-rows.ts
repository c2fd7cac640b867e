/** Deviations as rows of a table: for each resource its fields, and which of them are meant by a search. Pure. */
import type { FieldDrift, ResourceDiff } from '../../../lib/api.ts'
import { addressOf, addressText, type ObjectAddress } from '../queries/object-address.ts'

/** Deviates; deviates and is ignored; was set by others and is left open by Git. */
export const fieldSorts = ['drift', 'ignored', 'undeclared'] as const
export type FieldSort = (typeof fieldSorts)[number]

export interface FieldRow {
  sort: FieldSort
  path: string
  desired?: unknown
  live?: unknown
  author?: FieldDrift['author']
  ignoredBy?: FieldDrift['ignoredBy']
}

export interface FieldGroup {
  address: ObjectAddress
  key: string
  diff: ResourceDiff
  rows: FieldRow[]
}

export function rowsOf(diff: ResourceDiff, sort: FieldSort): FieldRow[] {
  if (sort === 'undeclared') {
    return (diff.undeclared ?? []).map(({ path, live, author }) => ({ sort, path, live, author }))
  }
  return diff[sort].map((field) => ({ sort, ...field }))
}

/** Deviates as a whole: it is not there, or should not be, or nobody can say. */
export function isWhole({ verdict }: ResourceDiff): boolean {
  return verdict === 'missing' || verdict === 'extra' || verdict === 'refused' || verdict === 'unknown'
}

/** Resources with something to tell, and of each what is meant. A text is looked for in names, paths and managers. */
export function fieldGroups(diffs: ResourceDiff[], { sort, text }: { sort: FieldSort; text: string }): FieldGroup[] {
  const wanted = text.trim().toLowerCase()
  return diffs.flatMap((diff) => {
    const address = addressOf(diff)
    const isNamed = holds([diff.kind, diff.namespace, diff.name, diff.message], wanted)
    const rows = rowsOf(diff, sort).filter(({ path, author }) => isNamed || holds([path, author?.manager], wanted))
    const isShown = rows.length > 0 || (sort === 'drift' && isWhole(diff) && isNamed)
    return isShown ? [{ address, key: addressText(address), diff, rows }] : []
  })
}

function holds(texts: (string | undefined)[], wanted: string): boolean {
  return texts.some((text) => text?.toLowerCase().includes(wanted))
}

export function countOf(diffs: ResourceDiff[], sort: FieldSort): number {
  return fieldGroups(diffs, { sort, text: '' }).reduce((sum, { rows }) => sum + Math.max(1, rows.length), 0)
}

/** A value in one line; what is long is cut, for the YAML has it. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return value === '' ? '""' : value
  return JSON.stringify(value)
}
