import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { JsonObject } from '../object.ts'
import {
  difference,
  eachMember,
  equalSets,
  type FieldSet,
  FieldSetBuilder,
  fromFieldsV1,
  intersection,
  pathText,
  recursiveDifference,
  toFieldsV1,
  union,
} from './field-set.ts'

const element = fc.constantFrom('f:a', 'f:b', 'k:{"name":"x"}', 'k:{"port":80,"protocol":"TCP"}', 'v:"y"', 'i:0')
const paths = fc.array(fc.array(element, { minLength: 1, maxLength: 4 }), { maxLength: 12 })

function build(from: string[][]): FieldSet | undefined {
  const builder = new FieldSetBuilder()
  for (const path of from) {
    builder.add(path, path.length)
  }
  return builder.set
}

function members(set: FieldSet | undefined): Set<string> {
  const found = new Set<string>()
  eachMember(set, (path) => found.add(path.join(' ')))
  return found
}

function texts(from: string[][]): Set<string> {
  return new Set(from.map((path) => path.join(' ')))
}

describe('a field set holds what a set of paths holds', () => {
  test('its members are the paths that were added', () => {
    fc.assert(
      fc.property(paths, (a) => {
        expect(members(build(a))).toEqual(texts(a))
      }),
    )
  })

  test.each([
    ['union', union, (inA: boolean, inB: boolean) => inA || inB],
    ['intersection', intersection, (inA: boolean, inB: boolean) => inA && inB],
    ['difference', difference, (inA: boolean, inB: boolean) => inA && !inB],
  ])('%s', (_, operation, holds) => {
    fc.assert(
      fc.property(paths, paths, (a, b) => {
        const all = new Set([...texts(a), ...texts(b)])
        const expected = [...all].filter((path) => holds(texts(a).has(path), texts(b).has(path)))
        expect(members(operation(build(a), build(b)))).toEqual(new Set(expected))
      }),
    )
  })

  test('recursive difference takes what is below a member too', () => {
    fc.assert(
      fc.property(paths, paths, (a, b) => {
        const gone = [...texts(b)]
        const left = [...texts(a)].filter((path) => !gone.some((other) => `${path} `.startsWith(`${other} `)))
        expect(members(recursiveDifference(build(a), build(b)))).toEqual(new Set(left))
      }),
    )
  })

  test('the operands stay as they are', () => {
    fc.assert(
      fc.property(paths, paths, (a, b) => {
        const [first, second] = [build(a), build(b)]
        const before = JSON.stringify([first, second])
        union(first, second)
        difference(first, second)
        expect(JSON.stringify([first, second])).toBe(before)
      }),
    )
  })
})

describe('FieldsV1', () => {
  test('is read as it was written', () => {
    fc.assert(
      fc.property(paths, (a) => {
        const set = build(a)
        const written = set && (JSON.parse(JSON.stringify(toFieldsV1(set))) as JsonObject)
        expect(equalSets(written && fromFieldsV1(written), set)).toBe(true)
      }),
    )
  })

  test('is written in order: itself, fields, keys, values', () => {
    const set = build([['f:b'], ['v:"z"'], ['f:b', 'f:c'], ['k:{"name":"x"}'], ['f:a']]) as FieldSet
    expect(JSON.stringify(toFieldsV1(set))).toBe(
      '{"f:a":{},"f:b":{".":{},"f:c":{}},"k:{\\"name\\":\\"x\\"}":{},"v:\\"z\\"":{}}',
    )
  })

  test('keys are known in any spelling', () => {
    const spelled = fromFieldsV1({ 'k:{ "protocol": "TCP", "port": 80 }': {} })
    expect(spelled).toEqual({ 'k:{"port":80,"protocol":"TCP"}': {} })
  })

  test.each([[{ 'x:y': {} }], [{ 'k:nope': {} }], [{ 'f:a': 1 }]])('%j is refused', (fields) => {
    expect(() => fromFieldsV1(fields as JsonObject)).toThrow()
  })
})

test('a path is printed as conflicts show it', () => {
  expect(pathText(['f:spec', 'f:ports', 'k:{"port":80,"protocol":"TCP"}', 'f:x', 'v:"a"', 'i:3'])).toBe(
    '.spec.ports[port=80,protocol="TCP"].x[="a"][3]',
  )
})
