/** One line of CSV as Go reads it, with spaces before a field left out. */

/** The fields, or what is wrong with the line. */
export function readCsvLine(line: string): string[] | { problem: string } {
  const fields: string[] = []
  let rest = line
  for (;;) {
    rest = rest.trimStart()
    const quoted = /^"((?:[^"]|"")*)"(,|$)/.exec(rest)
    const plain = quoted ? null : /^([^",]*)(,|$)/.exec(rest)
    const found = quoted ?? plain
    if (!found) return { problem: 'a quote in it stands inside a field, or is not closed' }
    fields.push(quoted ? (found[1] ?? '').replaceAll('""', '"') : (found[1] ?? ''))
    if (found[2] === '') return fields
    rest = rest.slice(found[0].length)
  }
}
