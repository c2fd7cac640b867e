/** JSON text whose integers may be larger than a double holds. */

/** The value as JSON; a bigint is written as a plain integer. */
export function toJson(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch (error) {
    if (error instanceof TypeError) {
      return write(value) ?? 'null'
    }
    throw error
  }
}

function write(value: unknown): string | undefined {
  if (typeof value === 'bigint') {
    return value.toString()
  }
  if (value === null || typeof value !== 'object') {
    return JSON.stringify(value)
  }
  if (Array.isArray(value)) {
    return `[${value.map((item) => write(item) ?? 'null').join(',')}]`
  }
  const members: string[] = []
  for (const [key, member] of Object.entries(value)) {
    const text = write(member)
    if (text !== undefined) {
      members.push(`${JSON.stringify(key)}:${text}`)
    }
  }
  return `{${members.join(',')}}`
}

/** The value as JSON with the keys of every object in order, as Go writes maps. */
export function toSortedJson(value: unknown): string {
  return toJson(sorted(value))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted)
  }
  if (value === null || typeof value !== 'object') {
    return value
  }
  return sortedKeys(Object.fromEntries(Object.entries(value).map(([key, member]) => [key, sorted(member)])))
}

/** The object with its keys in the order in which Go writes a map. */
export function sortedKeys<T>(object: { [key: string]: T }): { [key: string]: T } {
  const keys = Object.keys(object)
  const inOrder = keys.every((key, index) => index === 0 || (keys[index - 1] as string) < key)
  return inOrder ? object : Object.fromEntries(keys.sort().map((key) => [key, object[key] as T]))
}
