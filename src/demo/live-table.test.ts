import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { LiveTable } from './live-table.ts'

function screen(isTerminal: boolean, columns = 80) {
  const written: string[] = []
  return { written, isTerminal, columns, write: (text: string) => void written.push(text) }
}

test('off a terminal only rows that changed are printed', () => {
  const output = screen(false)
  const table = new LiveTable(output, ['NAME', 'SYNC'])
  table.show([
    ['a', 'Synced'],
    ['b', 'OutOfSync'],
  ])
  table.show([
    ['a', 'Synced'],
    ['b', 'Synced'],
  ])
  table.show([
    ['a', 'Synced'],
    ['b', 'Synced'],
  ])
  expect(output.written.join('')).toBe('NAME   SYNC\na      Synced\nb      OutOfSync\nb      Synced\n')
})

test('on a terminal the table is drawn over the last one, each line cut to the width', () => {
  const output = screen(true, 24)
  const table = new LiveTable(output, ['NAME', 'MESSAGE'])
  table.show([['a', 'a message that is much too long for this']])
  table.show([['a', 'short']])
  expect(output.written[1]?.startsWith('\x1b[2A')).toBe(true)
  for (const line of output.written.join('').split('\n')) expect(stripVTControlCharacters(line).length).toBeLessThan(24)
})
