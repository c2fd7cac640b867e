/** A path as jq writes it, made into places of one object. */
import { isMap } from '../field-path.ts'
import type { JsonPath } from './json-path.ts'

type Slice = { start: number | null; end: number | null }

export type JqPath = (string | number | Slice)[]

/** Only places where there is something; the object as a whole is none. */
export function expandPath(path: JqPath, object: unknown): JsonPath[] {
  if (path.length === 0) return []
  let found: { place: JsonPath; value: unknown }[] = [{ place: [], value: object }]
  for (const element of path) {
    found = found.flatMap(({ place, value }) =>
      stepsOf(element, value).map((step) => ({
        place: [...place, step],
        value: (value as Record<string | number, unknown>)[step],
      })),
    )
  }
  return found.map(({ place }) => place)
}

function stepsOf(element: JqPath[number], value: unknown): (string | number)[] {
  if (typeof element === 'string') return isMap(value) && Object.hasOwn(value, element) ? [element] : []
  if (!Array.isArray(value)) return []
  const { length } = value
  const place = (index: number) => (index < 0 ? Math.max(length + index, 0) : Math.min(index, length))
  if (typeof element === 'number') {
    const index = element < 0 ? length + element : element
    return index >= 0 && index < length ? [index] : []
  }
  const [start, end] = [place(element.start ?? 0), place(element.end ?? length)]
  return Array.from({ length: Math.max(end - start, 0) }, (_, offset) => start + offset)
}
