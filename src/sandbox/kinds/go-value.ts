/** Values as Go prints them in the texts of faults: strings quoted, the rest as JSON. */

const escapes: Record<string, string> = {
  '"': '\\"',
  '\\': '\\\\',
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
}

/** Go's %q. */
export function quote(value: string): string {
  const inner = value.replace(/["\\\p{Cc}]/gu, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16)
    return escapes[character] ?? (code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u${code.padStart(4, '0')}`)
  })
  return `"${inner}"`
}

/** Go's json.Marshal of a value, with its escapes for HTML. */
export function goJson(value: unknown, indent?: number): string {
  const json = JSON.stringify(value ?? null, (_, inner) => (typeof inner === 'bigint' ? Number(inner) : inner), indent)
  return json.replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

export function printValue(value: unknown): string {
  return typeof value === 'string' ? quote(value) : goJson(value)
}
