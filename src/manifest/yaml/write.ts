/** Writes values for programs that read YAML: as JSON, which every one of them understands the same way. */

/** JSON in which bigints are exact numbers. */
export function writeJson(value: unknown): string {
  const marker = '\u0000int:'
  const text = JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? `${marker}${item}` : item), 2)
  return text.replace(/"\\u0000int:(-?\d+)"/g, '$1')
}
