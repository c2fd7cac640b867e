import fc from 'fast-check'
import { expect, test } from 'vitest'

import { toJson } from './json.ts'
import { readYaml, YamlSyntaxError } from './yaml-reader.ts'

test.each([
  ['0644', 420],
  ['0o644', 420],
  ['0x1F', 31],
  ['0b101', 5],
  ['1_000', 1000],
  ['08', 8],
  ['+5', 5],
  ['-0x10', -16],
  ['1e3', 1000],
  ['1.5', 1.5],
  ['yes', true],
  ['off', false],
  ['~', null],
  ['2001-01-01', '2001-01-01'],
  ['12:30:45', '12:30:45'],
  ['"1"', '1'],
  ['9007199254740993', 9007199254740993n],
])('the scalar %s is %s', (text, value) => {
  expect(readYaml(`a: ${text}\n`).value).toEqual({ a: value })
})

test('reads JSON as JSON is read', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 3, stringUnit: 'grapheme-ascii' }), (text) => {
      expect(toJson(readYaml(text).value)).toBe(toJson(JSON.parse(text)))
    }),
  )
})

test('keys are strings, merge keys merge, aliases are copies', () => {
  const text = 'base: &b {v: 1, w: 2}\nmine:\n  <<: *b\n  w: 3\nagain: *b\non: 1\n0644: 2\n'
  const value = readYaml(text).value as Record<string, unknown>
  expect(value).toEqual({ base: { v: 1, w: 2 }, mine: { v: 1, w: 3 }, again: { v: 1, w: 2 }, true: 1, 420: 2 })
  expect(value.again).not.toBe(value.base)
})

test('of several documents the first is read', () => {
  expect(readYaml('a: 1\n---\nb: 2\n').value).toEqual({ a: 1 })
})

test('a key given twice is told with its line', () => {
  expect(readYaml('a:\n  b: 1\n  c: {d: 1, d: 2}\n  b: 2\n')).toEqual({
    value: { a: { b: 2, c: { d: 2 } } },
    duplicates: [
      { key: 'd', line: 3 },
      { key: 'b', line: 4 },
    ],
  })
})

test.each(['a: .inf', 'a: .nan', 'a: [', '\ta: b', 'a: *nobody', '"a'])('%j is refused', (text) => {
  expect(() => readYaml(text)).toThrow(YamlSyntaxError)
})

test('a text that aliases blow up is refused', () => {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
  for (let level = 1; level < 9; level++) {
    lines.push(`a${level}: &a${level} [${Array.from({ length: 10 }, () => `*a${level - 1}`).join(', ')}]`)
  }
  expect(() => readYaml(lines.join('\n'))).toThrow('excessive aliasing')
})
