/** Reading JSON of which nothing is known: what is not there, or is something else, is undefined or empty. */

export type Json = unknown

/** What stands at the path of keys. Only own keys count, so that `__proto__` and `constructor` are names like any other. */
export function at(value: Json, ...path: string[]): Json {
  let found = value
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined
    found = (found as Record<string, Json>)[key]
  }
  return found
}

/** The text there; anything else is the empty text. */
export function textAt(value: Json, ...path: string[]): string {
  const found = at(value, ...path)
  return typeof found === 'string' ? found : ''
}

export function listAt(value: Json, ...path: string[]): Json[] {
  const found = at(value, ...path)
  return Array.isArray(found) ? found : []
}

/** The texts that are there, of several places. */
export function textsAt(value: Json, ...keys: string[]): string[] {
  return keys.map((key) => textAt(value, key)).filter((text) => text !== '')
}
