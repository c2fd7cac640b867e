/** The `fields` parameter: `a.b,c` keeps these fields of an answer, `-a.b,c` drops them. Pure. */
import { hash } from 'node:crypto'

export interface FieldSelection {
  drops: boolean
  named: ReadonlySet<string>
  /** Every path that leads to a named one. */
  above: ReadonlySet<string>
  /** The same for the same selection. Short, as it is looked up by for each application. */
  digest: string
}

/** `all` and `nothing`: what is left of a selection for a part of the answer that it names, or does not. */
export type PartSelection = FieldSelection | 'all' | 'nothing'

export function parseFields(text: string | undefined): PartSelection {
  if (!text) return 'all'
  const drops = text.startsWith('-')
  return selectionOf(drops, (drops ? text.slice(1) : text).split(','))
}

function selectionOf(drops: boolean, paths: string[]): FieldSelection {
  const named = new Set(paths.map((path) => path.trim()).filter((path) => path !== ''))
  const above = new Set<string>([''])
  for (const path of named)
    for (let dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) above.add(path.slice(0, dot))
  const text = `${drops ? '-' : ''}${[...named].sort().join()}`
  return { drops, named, above, digest: hash('sha1', text, 'base64url') }
}

/** The selection as the part of the answer at `path` sees it. */
export function selectionBelow(selection: PartSelection, path: string): PartSelection {
  if (typeof selection === 'string') return selection
  const { drops, named, above } = selection
  const isNamed = named.has(path) || ancestors(path).some((ancestor) => named.has(ancestor))
  if (isNamed) return drops ? 'nothing' : 'all'
  if (!above.has(path)) return drops ? 'all' : 'nothing'
  const prefix = `${path}.`
  return selectionOf(
    drops,
    [...named].filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length)),
  )
}

function ancestors(path: string): string[] {
  const parts = path.split('.')
  return parts.slice(1).map((_part, index) => parts.slice(0, index + 1).join('.'))
}

/** The items of a list are named as the list is. */
export function selectFields<Value extends object>(value: Value, selection: PartSelection): object {
  if (selection === 'all') return value
  if (selection === 'nothing') return {}
  return (select(value, '', selection) as object | undefined) ?? {}
}

function select(value: unknown, path: string, selection: FieldSelection): unknown {
  const { drops, named, above } = selection
  if (named.has(path)) return drops ? undefined : value
  if (!above.has(path) || typeof value !== 'object' || value === null) return drops ? value : undefined
  if (Array.isArray(value)) return value.map((item) => select(item, path, selection) ?? (drops ? item : {}))
  const fields = Object.entries(value)
    .map(([name, field]) => [name, select(field, path === '' ? name : `${path}.${name}`, selection)] as const)
    .filter(([, field]) => field !== undefined)
  return fields.length > 0 || path === '' || drops ? Object.fromEntries(fields) : undefined
}
