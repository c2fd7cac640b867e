import { expect, test } from 'vitest'
import type { Row } from '../rows/rows.ts'
import { cellLines } from './cells.ts'

const row = (name: string) => ({ metadata: { name } }) as Row
const shown = (lines: ReturnType<typeof cellLines>) =>
  lines.map((line) => ('group' in line ? `# ${line.group}` : line.rows.map(({ metadata }) => metadata.name).join('')))

test('lines are full but for the last of each group', () => {
  const rows = ['a', 'b', 'c', 'd', 'e'].map(row)
  expect(shown(cellLines(rows, 2))).toEqual(['ab', 'cd', 'e'])
  const grouped = [{ group: 'one' }, row('a'), { group: 'two' }, row('b'), row('c'), row('d')]
  expect(shown(cellLines(grouped, 2))).toEqual(['# one', 'a', '# two', 'bc', 'd'])
  expect(cellLines([], 3)).toEqual([])
})
