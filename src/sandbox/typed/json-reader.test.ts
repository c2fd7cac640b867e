import fc from 'fast-check'
import { expect, test } from 'vitest'

import { toJson } from './json.ts'
import { JsonSyntaxError, parseExactJson, readJson } from './json-reader.ts'

test('reads what JSON.parse reads', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(toJson(readJson(text).value)).toBe(toJson(JSON.parse(text)))
    }),
  )
})

test('refuses what JSON.parse refuses', () => {
  const broken = fc
    .tuple(fc.json({ maxDepth: 2 }), fc.nat(), fc.constantFrom('', '"', '{', ']', ',', ':', 'x', '\\', '1'))
    .map(([text, at, put]) => text.slice(0, at % (text.length + 1)) + put + text.slice((at % (text.length + 1)) + 1))
  fc.assert(
    fc.property(broken, (text) => {
      expect(parses(() => readJson(text))).toBe(parses(() => JSON.parse(text)))
    }),
    { numRuns: 2000 },
  )
})

function parses(action: () => unknown): boolean {
  try {
    action()
    return true
  } catch {
    return false
  }
}

test('integers of 64 bits are written as they were read', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
      const text = `{"a":[${value}]}`
      expect(toJson(readJson(text).value)).toBe(text)
      expect(toJson(parseExactJson(text))).toBe(text)
    }),
  )
})

test('larger ones are rounded', () => {
  expect(toJson(readJson('12345678901234567890').value)).toBe('12345678901234567000')
})

test('the last of two equal keys counts, and the first is told with its place', () => {
  const { value, duplicates } = readJson('{"a":{"list":[0,{"b":1,"b":2}]}}')
  expect(value).toEqual({ a: { list: [0, { b: 2 }] } })
  expect(duplicates).toMatchObject([{ path: 'a.list[1].b', key: 'b' }])
})

test('keys that objects inherit are no duplicates', () => {
  const { value, duplicates } = readJson('{"constructor":1,"__proto__":{"x":1},"toString":2}')
  expect(Object.keys(value as object)).toEqual(['constructor', '__proto__', 'toString'])
  expect(duplicates).toEqual([])
})

test.each([
  ['', 'unexpected end of JSON input'],
  ['{"a"', 'unexpected end of JSON input'],
  ['# x', "invalid character '#' looking for beginning of value"],
  ['{a:1}', "invalid character 'a' looking for beginning of object key string"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a":1 "b"}', `invalid character '"' after object key:value pair`],
  ['[1 2]', "invalid character '2' after array element"],
  ['{} x', "invalid character 'x' after top-level value"],
  ['"a\nb"', "invalid character '\\n' in string literal"],
  ['"\\x"', "invalid character 'x' in string escape code"],
  ['tru]', "invalid character ']' in literal true (expecting 'e')"],
  ['1.x', "invalid character 'x' after decimal point in numeric literal"],
  ["'a'", "invalid character '\\'' looking for beginning of value"],
])('%j: %s', (text, message) => {
  expect(() => readJson(text)).toThrow(new JsonSyntaxError(message))
})
