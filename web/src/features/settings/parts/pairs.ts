/** Labels and annotations as lines of text, and back. Pure. */

export function linesOfPairs(pairs: Record<string, string> | undefined): string[] {
  return Object.entries(pairs ?? {}).map(([name, value]) => `${name}=${value}`)
}

export function pairsOfLines(lines: string[]): Record<string, string> {
  const pairs = lines.map((line): [string, string] => {
    const at = line.indexOf('=')
    return at < 0 ? [line.trim(), ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()]
  })
  return Object.fromEntries(pairs.filter(([name]) => name !== ''))
}
