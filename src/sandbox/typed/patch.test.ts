import fc from 'fast-check'
import jsonPatch from 'fast-json-patch'
import { describe, expect, test } from 'vitest'

import type { Json, JsonObject } from '../object.ts'
import { definitionType } from './builtin-type.ts'
import { patchJson } from './patch-json.ts'
import { patchMerge } from './patch-merge.ts'
import { patchStrategic } from './patch-strategic.ts'
import { equal } from './shape.ts'
import type { Field, Type } from './type.ts'

const value = fc.letrec<{ value: Json; object: JsonObject }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Json>(1, 'x', true, 0, ''),
    tie('object'),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
  object: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd/e', '~f'), tie('value'), { maxKeys: 4 }),
}))

describe('JSON patch', () => {
  test('the operations between two documents turn one into the other', () => {
    fc.assert(
      fc.property(value.object, value.object, (before, after) => {
        const untouched = structuredClone(before)
        const operations = jsonPatch.compare(before, after) as unknown as Json
        expect(patchJson(before, operations)).toEqual(after)
        expect(before).toEqual(untouched)
      }),
    )
  })

  test.each([
    [{ op: 'remove', path: '/none' }],
    [{ op: 'add', path: '/none/below', value: 1 }],
    [{ op: 'replace', path: '/list/5', value: 1 }],
    [{ op: 'move', from: '/none', path: '/x' }],
    [{ op: 'test', path: '/a', value: 2 }],
    [{ op: 'add', path: 'a', value: 1 }],
    [{ op: 'add' }],
    [1],
  ])('%j is refused', (operation) => {
    expect(() => patchJson({ a: 1, list: [1] }, [operation as Json])).toThrow('the server rejected our request')
  })

  test('too many operations are refused', () => {
    const operations = Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/a', value: 1 }))
    expect(() => patchJson({ a: 1 }, operations)).toThrow(
      'The allowed maximum operations in a JSON patch is 10000, got 10001',
    )
  })
})

describe('JSON merge patch', () => {
  test('the difference of two objects turns one into the other', () => {
    fc.assert(
      fc.property(value.object, value.object, (before, after) => {
        const untouched = structuredClone(before)
        expect(patchMerge(before, mergeDifference(before, after))).toEqual(after)
        expect(before).toEqual(untouched)
      }),
    )
  })

  test('what the patch does not touch is shared', () => {
    const before = { a: { b: 1 }, c: { d: 1 } }
    expect((patchMerge(before, { c: { d: 2 } }) as typeof before).a).toBe(before.a)
  })
})

function isMap(candidate: Json | undefined): candidate is JsonObject {
  return typeof candidate === 'object' && candidate !== null && !Array.isArray(candidate)
}

function mergeDifference(before: JsonObject, after: JsonObject): JsonObject {
  const patch: JsonObject = {}
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, now] = [before[key], after[key]]
    if (!equal(old, now)) {
      patch[key] = isMap(old) && isMap(now) ? mergeDifference(old, now) : (now ?? null)
    }
  }
  return patch
}

describe('strategic merge patch', () => {
  const names = fc.constantFrom('one', 'two', 'three', 'four')
  const named = <T extends object>(rest: fc.Arbitrary<T>) =>
    fc
      .uniqueArray(fc.tuple(names, rest), { selector: ([name]) => name, minLength: 1 })
      .map((items) => items.map(([name, members]) => ({ name, ...members })))
  const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
  const podSpec = fc
    .record({
      containers: named(
        fc.record({
          image: names,
          args: maybe(fc.array(names, { maxLength: 3 })),
          env: maybe(named(fc.record({ value: names }))),
        }),
      ),
      volumes: maybe(named(fc.record({ emptyDir: fc.constant({}) }))),
      nodeSelector: maybe(fc.dictionary(names, names)),
      hostNetwork: maybe(fc.boolean()),
    })
    .map((spec) => JSON.parse(JSON.stringify(spec)) as JsonObject)
  const type = definitionType('io.k8s.api.core.v1.PodSpec')

  test('the difference of two pod specs turns one into the other, lists in order', () => {
    fc.assert(
      fc.property(podSpec, podSpec, (before, after) => {
        const untouched = structuredClone(before)
        expect(patchStrategic(before, strategicDifference(before, after, type), type)).toEqual(after)
        expect(before).toEqual(untouched)
      }),
    )
  })

  test('an applied patch applied again changes nothing', () => {
    fc.assert(
      fc.property(podSpec, podSpec, (before, patch) => {
        const once = patchStrategic(before, patch, type)
        expect(patchStrategic(once, patch, type)).toEqual(once)
      }),
    )
  })

  test('new values are taken without nulls and directives', () => {
    const patch = { affinity: { podAffinity: null, nodeAffinity: { x: null } }, securityContext: { $patch: 'delete' } }
    expect(patchStrategic({}, patch, type)).toEqual({ affinity: { nodeAffinity: {} } })
  })

  test.each([
    [{ volumes: [{ name: 'v', $retainKeys: ['name'], emptyDir: {} }] }, 'invalid patch format of retainKeys'],
    [{ $retainKeys: 'name' }, 'invalid patch format of retainKeys'],
    [{ '$setElementOrder/volumes': 1 }, 'invalid patch format of setElementOrder list'],
    [{ volumes: ['x'] }, 'list element types are not identical: [[map[name:v]] [x]]'],
    [{ $patch: 'merge' }, 'unknown patch type: merge in map: map[$patch:merge]'],
  ])('%j is refused', (patch, message) => {
    expect(() => patchStrategic({ volumes: [{ name: 'v' }] }, patch, type)).toThrow(message)
  })
})

function strategicDifference(before: JsonObject, after: JsonObject, type: Type): JsonObject {
  const patch: JsonObject = {}
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, now] = [before[key], after[key]]
    const field = type.fields?.get(key)
    if (equal(old, now)) {
      continue
    }
    if (Array.isArray(old) && Array.isArray(now) && field?.patch?.merge) {
      patch[key] = listDifference(old as JsonObject[], now as JsonObject[], field)
      patch[`$setElementOrder/${key}`] = (now as JsonObject[]).map(({ name }) => ({ name }))
    } else {
      patch[key] = isMap(old) && isMap(now) ? strategicDifference(old, now, field?.type ?? type) : (now ?? null)
    }
  }
  return patch
}

function listDifference(before: JsonObject[], after: JsonObject[], field: Field): Json[] {
  const old = new Map(before.map((item) => [item.name, item]))
  const kept = new Set(after.map(({ name }) => name))
  const element = field.type.element as Type
  const changed = after
    .filter((item) => !equal(old.get(item.name), item))
    .map((item) => ({ ...strategicDifference(old.get(item.name) ?? {}, item, element), name: item.name }))
  const gone = before.filter(({ name }) => !kept.has(name)).map(({ name }) => ({ name, $patch: 'delete' }))
  return [...changed, ...gone]
}
