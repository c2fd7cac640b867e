import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createLogBuffer, createLogFilter, type LogEntry, matchesIn, plainText, shortPodNames } from './log-buffer.ts'

function entry(content: string, second = 0, podName = 'web'): LogEntry {
  return { content, podName, timeStampStr: `2026-01-01T12:00:${String(second).padStart(2, '0')}.000000001Z` }
}

const texts = (lines: readonly { text: string }[]) => lines.map(({ text }) => text)

describe('a log', () => {
  test('keeps the newest lines, each with its own number', () => {
    const buffer = createLogBuffer(10)
    for (let at = 0; at < 20_000; at += 100) {
      buffer.add(Array.from({ length: 100 }, (_, index) => entry(`line ${at + index}`)))
      expect(buffer.lines().length).toBeLessThanOrEqual(10 + 5_000)
    }
    const lines = buffer.lines()
    expect(lines.at(-1)).toMatchObject({ number: 20_000, text: 'line 19999' })
    expect(buffer.dropped()).toBe(20_000 - lines.length)
    expect(lines[0]?.number).toBe(buffer.dropped() + 1)
  })

  test('goes on after a break without a line lost or said twice', () => {
    const said = [entry('a', 1), entry('b', 2), entry('c', 2), entry('d', 2), entry('e', 3)]
    for (let cut = 0; cut <= said.length; cut++) {
      const buffer = createLogBuffer()
      buffer.add(said.slice(0, cut))
      buffer.resume()
      const from = buffer.resumeTime() ?? ''
      buffer.add(said.filter(({ timeStampStr }) => timeStampStr >= from))
      expect(texts(buffer.lines())).toEqual(['a', 'b', 'c', 'd', 'e'])
    }
  })

  test('of several Pods is asked for again from the one that is furthest behind', () => {
    const buffer = createLogBuffer()
    buffer.add([entry('a1', 1, 'a'), entry('b1', 5, 'b')])
    expect(buffer.resumeTime()).toBe(entry('', 1).timeStampStr)
    buffer.resume()
    buffer.add([entry('a1', 1, 'a'), entry('a2', 3, 'a'), entry('b1', 5, 'b'), entry('b2', 6, 'b')])
    expect(texts(buffer.lines())).toEqual(['a1', 'b1', 'a2', 'b2'])
  })

  test('however it is cut, nothing is lost and nothing said twice', () => {
    const log = fc.array(fc.record({ second: fc.nat(3), pod: fc.constantFrom('a', 'b') }), { maxLength: 12 })
    fc.assert(
      fc.property(log, fc.nat(12), (lines, cut) => {
        const said = lines
          .sort((one, other) => one.second - other.second)
          .map(({ second, pod }, index) => entry(String(index), second, pod))
        const buffer = createLogBuffer()
        buffer.add(said.slice(0, cut))
        const from = buffer.resumeTime() ?? ''
        buffer.resume()
        buffer.add(said.filter(({ timeStampStr }) => timeStampStr >= from))
        expect(texts(buffer.lines()).sort()).toEqual(said.map(({ content }) => content).sort())
      }),
    )
  })

  test('is shown without what terminals only understand', () => {
    expect(plainText('\u001b[31merror\u001b[0m \u001b]0;title\u0007x')).toBe('error x')
  })
})

describe('a search', () => {
  test('finds each place of a text in a line', () => {
    expect(matchesIn('An error, an Error', { text: 'error', matchCase: false })).toEqual([3, 13])
    expect(matchesIn('An error, an Error', { text: 'Error', matchCase: true })).toEqual([13])
    expect(matchesIn('aaa', { text: 'aa', matchCase: true })).toEqual([0])
    expect(matchesIn('any', { text: '', matchCase: true })).toEqual([])
  })

  test('goes on as the log does', () => {
    const buffer = createLogBuffer(3)
    const filter = createLogFilter({ text: 'X', matchCase: false })
    buffer.add([entry('x1'), entry('y')])
    expect(texts(filter(buffer.lines()))).toEqual(['x1'])
    const before = filter(buffer.lines())
    buffer.add([entry('y'), entry('X2')])
    expect(texts(filter(buffer.lines()))).toEqual(['x1', 'X2'])
    expect(filter(buffer.lines())).not.toBe(before)
    buffer.add(Array.from({ length: 6_000 }, () => entry('y')))
    expect(filter(buffer.lines())).toEqual([])
  })
})

test('Pods of one owner are told apart by the end of their names', () => {
  expect([...shortPodNames(['web-678f-abcde', 'web-678f-xyz']).values()]).toEqual(['abcde', 'xyz'])
  expect([...shortPodNames(['web-678f-abcde', 'web-9-xyz']).values()]).toEqual(['678f-abcde', '9-xyz'])
  expect([...shortPodNames(['web-0']).values()]).toEqual(['web-0'])
  expect([...shortPodNames([]).values()]).toEqual([])
})
