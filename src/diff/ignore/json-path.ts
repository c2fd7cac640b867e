/** Places within an object, named by steps from its root. */
import { isMap } from '../field-path.ts'

export type JsonPath = (string | number)[]

/** What a set of places covers: `true` the whole of what stands there, a map what it names below. */
export type Places = true | Map<string | number, Places>

export function placesOf(paths: JsonPath[]): Places | undefined {
  const root = new Map<string | number, Places>()
  for (const path of paths) addPath(root, path)
  return root.size > 0 ? root : undefined
}

function addPath(root: Map<string | number, Places>, path: JsonPath): void {
  let node = root
  for (const [depth, step] of path.entries()) {
    const next = node.get(step)
    if (next === true) return
    if (depth === path.length - 1) node.set(step, true)
    else if (next) node = next
    else {
      const made = new Map<string | number, Places>()
      node.set(step, made)
      node = made
    }
  }
}

export function placesBelow(places: Places | undefined, step: string | number): Places | undefined {
  return places === true ? true : places?.get(step)
}

/**
 * The one place that an RFC 6901 pointer names in this object, if there is something: `~1` is a slash, `~0` a tilde, and
 * a negative index counts from a list's end.
 */
export function resolvePointer(pointer: string, object: unknown): JsonPath[] {
  const path: JsonPath = []
  let value = object
  for (const token of pointerTokens(pointer)) {
    if (Array.isArray(value)) {
      const index = listIndex(token, value.length)
      if (index === undefined) return []
      path.push(index)
      value = value[index]
    } else {
      if (!isMap(value) || !Object.hasOwn(value, token)) return []
      path.push(token)
      value = value[token]
    }
  }
  return [path]
}

export function pointerTokens(pointer: string): string[] {
  return pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function listIndex(token: string, length: number): number | undefined {
  if (!/^-?\d+$/.test(token)) return undefined
  const index = Number(token) < 0 ? length + Number(token) : Number(token)
  return index >= 0 && index < length ? index : undefined
}

/** The value without what stands at these places. */
export function withoutPlaces(value: unknown, places: Places | undefined): unknown {
  if (places === true) return undefined
  if (!places) return value
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => (places.get(index) === true ? [] : [withoutPlaces(item, places.get(index))]))
  }
  if (!isMap(value)) return value
  const kept = Object.entries(value).filter(([name]) => places.get(name) !== true)
  return Object.fromEntries(kept.map(([name, field]) => [name, withoutPlaces(field, places.get(name))]))
}
