/** Lists and pairs as somebody writes them into a box: one a line. Pure. */

export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

export function pairsText(map: unknown): string {
  const entries = Object.entries((map ?? {}) as Record<string, unknown>)
  return entries.map(([name, value]) => `${name}=${String(value)}`).join('\n')
}

/** undefined where there are none. What has no equals sign is a name without a value. */
export function parsePairs(text: string): Record<string, string> | undefined {
  const pairs = linesOf(text).map((line) => {
    const equals = line.indexOf('=')
    return equals < 0 ? [line, ''] : [line.slice(0, equals).trim(), line.slice(equals + 1).trim()]
  })
  const named = pairs.filter(([name]) => name !== '')
  return named.length > 0 ? Object.fromEntries(named) : undefined
}
