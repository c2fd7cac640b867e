/** Reads of decoded objects: what is absent reads as empty, so a rule need not ask at each step. */

export type Fields = Record<string, unknown>

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object itself, or an empty one that is attached to nothing. */
export function fields(value: unknown): Fields {
  return isFields(value) ? value : {}
}

/** The object under `name`, made when it is missing. */
export function child(parent: Fields, name: string): Fields {
  const present = parent[name]
  if (isFields(present)) return present
  const made: Fields = {}
  parent[name] = made
  return made
}

export function list(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(fields) : []
}

export function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

export function number(value: unknown): number | undefined {
  if (typeof value === 'bigint') return Number(value)
  return typeof value === 'number' ? value : undefined
}

export function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null
}

/** Sets `parent[name]` when it is absent. */
export function fallback(parent: Fields, name: string, value: unknown): void {
  if (isAbsent(parent[name])) parent[name] = value
}

/** The same where the empty string means absent too, as it does for every field of Go that is not a pointer. */
export function fallbackText(parent: Fields, name: string, value: string): void {
  if (isAbsent(parent[name]) || parent[name] === '') parent[name] = value
}
