import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseJson, stringifyJson } from './exact-json.ts'

test('an integer beyond 2^53 is read and written without loss', () => {
  const text = '{"a":9007199254740993,"b":[-9223372036854775808,1],"c":"9007199254740993","d":12345678901234567.5}'
  expect(parseJson(text)).toEqual({
    a: 9007199254740993n,
    b: [-9223372036854775808n, 1],
    c: '9007199254740993',
    d: Number('12345678901234567.5'),
  })
  expect(stringifyJson({ a: 9007199254740993n, b: ['x'] })).toBe('{"a":9007199254740993,"b":["x"]}')
})

test('everything else is read as JSON.parse reads it, whatever its strings look like', () => {
  const lookalike = fc.constantFrom(':1234567890123456789', '",1234567890123456789', '\\":[12345678901234567890]')
  const value = fc.jsonValue().chain((json) => lookalike.map((text) => ({ [text]: text, json })))
  fc.assert(
    fc.property(value, (any) => {
      const text = JSON.stringify(any)
      fc.pre(!/[:,[]-?\d{16,}[,\]}]/.test(text.replace(/"(?:[^"\\]|\\.)*"/g, '""')))
      expect(parseJson(text)).toEqual(JSON.parse(text))
    }),
  )
})

test('any tree with bigints survives being written and read', () => {
  const long = fc.bigInt().filter((n) => !Number.isSafeInteger(Number(n)))
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      fc.string(),
      fc.boolean(),
      long,
      fc.array(tie('tree')),
      fc.dictionary(fc.string(), tie('tree')),
    ),
  }))
  fc.assert(
    fc.property(tree, (any) => {
      expect(parseJson(stringifyJson({ any }))).toEqual({ any })
    }),
  )
})
