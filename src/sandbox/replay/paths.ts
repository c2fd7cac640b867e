/** The cut-down JSONPath of the recordings: `$`, `.key`, `['key']`, `[n]`, `[*]`, `..key` and `..['key']`. */

type Segment = { deep: boolean; key: string }

const pattern = /(\.\.|\.)?(?:\['([^']*)'\]|\[(\d+|\*)\]|([^.[\]]+))/g

export function parsePath(path: string): Segment[] {
  return [...path.slice(1).matchAll(pattern)].map(([, dots, quoted, index, word]) => ({
    deep: dots === '..',
    key: quoted ?? index ?? word ?? '',
  }))
}

/** Whether a place in a document, given by its keys from the root, is what the path names. */
export function pathMatches(segments: readonly Segment[], keys: readonly string[]): boolean {
  const [segment, ...rest] = segments
  if (!segment) return keys.length === 0
  if (segment.deep) {
    return keys.some((key, at) => key === segment.key && pathMatches(rest, keys.slice(at + 1)))
  }
  const [key, ...below] = keys
  return key !== undefined && (segment.key === '*' || segment.key === key) && pathMatches(rest, below)
}

/** The value a path without wildcards names. */
export function valueAt(document: unknown, path: string): unknown {
  let value = document
  for (const { key } of parsePath(path)) value = (value as Record<string, unknown> | undefined)?.[key]
  return value
}

/** Puts `value` where a path without wildcards points. */
export function putAt(document: unknown, path: string, value: unknown): void {
  const keys = parsePath(path).map(({ key }) => key)
  const last = keys.pop() ?? ''
  let holder = document as Record<string, unknown>
  for (const key of keys) holder = holder[key] as Record<string, unknown>
  holder[last] = value
}
