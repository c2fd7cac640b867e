/** Reads values out of objects that anybody may have written: what is not of the kind that is expected is not there. Pure. */

export type Fields = Record<string, unknown>

export function fieldAt(value: unknown, ...path: string[]): unknown {
  let at = value
  for (const name of path) {
    if (typeof at !== 'object' || at === null || Array.isArray(at)) return undefined
    at = (at as Fields)[name]
  }
  return at
}

export function textAt(value: unknown, ...path: string[]): string {
  const found = fieldAt(value, ...path)
  return typeof found === 'string' ? found : ''
}

export function listAt(value: unknown, ...path: string[]): Fields[] {
  const found = fieldAt(value, ...path)
  return Array.isArray(found) ? found.filter((item) => typeof item === 'object' && item !== null) : []
}

export function textsAt(value: unknown, ...path: string[]): string[] {
  const found = fieldAt(value, ...path)
  return Array.isArray(found) ? found.filter((item) => typeof item === 'string') : []
}

/** Entries whose values are no text are left out. */
export function textMapAt(value: unknown, ...path: string[]): Record<string, string> {
  const found = fieldAt(value, ...path)
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return {}
  return Object.fromEntries(Object.entries(found).filter(([, text]) => typeof text === 'string'))
}
