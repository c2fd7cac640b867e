/** What a script hands back of the object it was given, without what Lua cannot tell apart. */
import { LuaError } from './lua-error.ts'

type Fields = Record<string, unknown>

/**
 * Where the result is what the original became on its way through Lua, it is the original: `{}` and not `[]`, null and not
 * absent, an integer beyond 2^53 with all its digits. Throws a LuaError for a list with holes that the original did not have.
 */
export function withOriginal(result: unknown, original: unknown): unknown {
  if (Array.isArray(result)) return listWith(result, original)
  if (isMap(result)) return mapWith(result, isMap(original) ? original : {})
  return typeof original === 'bigint' && Number(original) === result ? original : result
}

function listWith(result: unknown[], original: unknown): unknown {
  if (result.length === 0 && isMap(original)) return nullsOf(original)
  const before: unknown[] = Array.isArray(original) ? original : []
  const items = result.map((item, index) => {
    if (item !== undefined) return withOriginal(item, before[index])
    if (before[index] === null) return null
    throw new LuaError(`a list in the result has nothing at position ${index + 1} of ${result.length}`)
  })
  return endsInNulls(before, items.length) ? [...items, ...before.slice(items.length)] : items
}

function mapWith(result: Fields, original: Fields): Fields {
  const fields: Fields = nullsOf(original)
  for (const [name, item] of Object.entries(result)) {
    // Whether it shall be a map or a list nobody knows; to the API server it is the same as nothing.
    if (isEmptyList(item) && original[name] === undefined) continue
    fields[name] = withOriginal(item, original[name])
  }
  return fields
}

function nullsOf(map: Fields): Fields {
  return Object.fromEntries(Object.entries(map).filter(([, item]) => item === null))
}

function endsInNulls(list: unknown[], from: number): boolean {
  return from < list.length && list.slice(from).every((item) => item === null)
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}

function isMap(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
