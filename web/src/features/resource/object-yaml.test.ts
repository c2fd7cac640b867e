import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isChanged, mergePatch, objectYaml, readObject, withPatch } from './object-yaml.ts'

test('an object is written in the order that people know, without what the server notes for itself', () => {
  const object = {
    status: { phase: 'Running' },
    immutable: true,
    spec: { a: 1 },
    kind: 'Pod',
    metadata: { name: 'x', managedFields: [{ manager: 'kubectl' }] },
    apiVersion: 'v1',
  }
  expect(Object.keys(readObject(objectYaml(object)))).toEqual([
    'apiVersion',
    'kind',
    'metadata',
    'spec',
    'immutable',
    'status',
  ])
  expect(objectYaml(object)).not.toContain('managedFields')
  expect(objectYaml(object, { hidesManagedFields: false })).toContain('kubectl')
  expect(objectYaml(object, { hidesStatus: true })).not.toContain('Running')
  expect(objectYaml(null)).toBe('')
})

test('a text that is no object is refused', () => {
  expect(() => readObject('- a')).toThrow(/begins with/)
  expect(() => readObject('a: [')).toThrow()
})

/** As RFC 7386 says. */
function applied(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch
  const isMap = typeof target === 'object' && target !== null && !Array.isArray(target)
  const result: Record<string, unknown> = isMap ? { ...target } : {}
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name]
    else result[name] = applied(result[name], value)
  }
  return result
}

test('the patch of an edit names what has changed, and makes the one of the other', () => {
  expect(mergePatch({ a: 1, b: { c: [1], d: 2 } }, { a: 1, b: { c: [1, 2] } })).toEqual({ b: { c: [1, 2], d: null } })
  expect(mergePatch({ a: { b: 1 } }, { a: { b: 1 } })).toBeUndefined()
  const leaf = fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.array(fc.integer(), { maxLength: 2 }))
  const key = fc.constantFrom('a', 'b', 'c')
  const object = fc.dictionary(key, fc.oneof(leaf, fc.dictionary(key, leaf)))
  fc.assert(
    fc.property(object, object, (before, after) => {
      const patch = mergePatch(before, after)
      expect(patch === undefined ? before : applied(before, patch)).toEqual(after)
    }),
  )
})

test('a patch that was made of two objects leads from the one to the other, and over what somebody else has changed', () => {
  const before = { metadata: { labels: { a: '1', b: '2' } }, spec: { replicas: 2, paused: true } }
  const after = { metadata: { labels: { a: '1' } }, spec: { replicas: 3, paused: true } }
  const patch = mergePatch(before, after)
  expect(withPatch(before, patch)).toEqual(after)
  const theirs = { ...before, spec: { replicas: 2, paused: false } }
  expect(withPatch(theirs, patch)).toEqual({ ...after, spec: { replicas: 3, paused: false } })
})

test('an object is changed by what people say of it and not by its status; one without a status by its version', () => {
  const web = (resourceVersion: string, replicas: number, ready: number) => ({
    metadata: { name: 'web', resourceVersion },
    spec: { replicas },
    status: { ready },
  })
  expect(isChanged(web('1', 2, 0), web('2', 2, 2))).toBe(false)
  expect(isChanged(web('1', 2, 0), web('2', 3, 0))).toBe(true)
  const secret = (resourceVersion: string) => ({ metadata: { resourceVersion }, data: { key: '++++++++' } })
  expect(isChanged(secret('1'), secret('1'))).toBe(false)
  expect(isChanged(secret('1'), secret('2'))).toBe(true)
})
