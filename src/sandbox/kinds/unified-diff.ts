/** The difference of two texts by lines, as the server shows it in some refusals. */

interface Line {
  mark: ' ' | '-' | '+'
  text: string
}

/** Lengths of the longest common subsequences of all tails. */
function tails(before: string[], after: string[]): number[][] {
  const table = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0))
  const at = (row: number, column: number) => table[row]?.[column] ?? 0
  for (let row = before.length - 1; row >= 0; row--) {
    for (let column = after.length - 1; column >= 0; column--) {
      const same = before[row] === after[column]
      const best = same ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1))
      const line = table[row]
      if (line) line[column] = best
    }
  }
  return table
}

function compare(before: string[], after: string[]): Line[] {
  const table = tails(before, after)
  const lines: Line[] = []
  let row = 0
  let column = 0
  while (row < before.length || column < after.length) {
    if (row < before.length && before[row] === after[column]) {
      lines.push({ mark: ' ', text: before[row] ?? '' })
      row += 1
      column += 1
    } else if (row < before.length && (table[row + 1]?.[column] ?? 0) >= (table[row]?.[column + 1] ?? 0)) {
      lines.push({ mark: '-', text: before[row++] ?? '' })
    } else lines.push({ mark: '+', text: after[column++] ?? '' })
  }
  return lines
}

function range(start: number, length: number): string {
  return length === 1 ? `${start}` : `${length === 0 ? start - 1 : start},${length}`
}

/** Hunks with `context` lines around each change; the empty string when nothing differs. */
export function unifiedDiff(before: string, after: string, context = 3): string {
  const lines = compare(before.split('\n'), after.split('\n'))
  const changed = lines.flatMap(({ mark }, index) => (mark === ' ' ? [] : [index]))
  let told = ''
  for (let next = 0; next < changed.length; ) {
    const first = changed[next] ?? 0
    let last = first
    while (next < changed.length && (changed[next] ?? 0) - last <= 2 * context) last = changed[next++] ?? last
    const from = Math.max(0, first - context)
    const hunk = lines.slice(from, last + context + 1)
    const count = (skip: string, part: Line[]) => part.filter(({ mark }) => mark !== skip).length
    const ahead = lines.slice(0, from)
    const left = range(count('+', ahead) + 1, count('+', hunk))
    const right = range(count('-', ahead) + 1, count('-', hunk))
    told += `@@ -${left} +${right} @@\n${hunk.map(({ mark, text }) => `${mark}${text}\n`).join('')}`
  }
  return told
}
