/** JSON whose integers stay exact: those that a JavaScript number cannot hold are bigints, as in what Git declares. */
/** Stands before the digits while they are a string; random, so that no content can pretend to be one. */
const marker = `bigint-${crypto.randomUUID()}:`
const markedText = new RegExp(`"${marker}(-?\\d+)"`, 'g')
/** Never false for a text with a long integer; seldom true for one without. */
const mayHoldLong = /[:,[]\s*-?\d{16}/
const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

export function parseJson(text: string): unknown {
  if (!mayHoldLong.test(text)) return JSON.parse(text)
  const marked = text.replace(stringOrNumber, (token) => (isLong(token) ? `"${marker}${token}"` : token))
  return JSON.parse(marked, (_key, value: unknown) =>
    typeof value === 'string' && value.startsWith(marker) ? BigInt(value.slice(marker.length)) : value,
  )
}

export function stringifyJson(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
  }
  const mark = (_key: string, item: unknown) => (typeof item === 'bigint' ? `${marker}${item}` : item)
  return JSON.stringify(value, mark).replace(markedText, '$1')
}

function isLong(token: string): boolean {
  return /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token))
}
