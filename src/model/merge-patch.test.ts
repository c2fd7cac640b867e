import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyMergePatch, mergePatch } from './merge-patch.ts'

/** RFC 7386, section 2, as an oracle. */
function applyPatch(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch
  const result: Record<string, unknown> =
    typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key]
    else result[key] = applyPatch(result[key], value)
  }
  return result
}

const documents = fc.dictionary(
  fc.constantFrom('a', 'b', 'c'),
  fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 3 },
      fc.integer({ max: 3, min: 0 }),
      fc.array(fc.integer({ max: 2, min: 0 }), { maxLength: 2 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('node'), { noNullPrototype: true }),
    ),
  })).node,
  { noNullPrototype: true },
)

test('the patch turns any document into any other, and equal ones need none', () => {
  fc.assert(
    fc.property(documents, documents, (from, to) => {
      const patch = mergePatch(from, to)
      if (patch === undefined) expect(from).toEqual(to)
      else for (const apply of [applyPatch, applyMergePatch]) expect(apply(from, patch)).toEqual(to)
    }),
  )
})

test('only what differs is in the patch', () => {
  expect(mergePatch({ a: 1, b: { c: 1, d: 2 } }, { a: 1, b: { c: 3 }, e: 4 })).toEqual({ b: { c: 3, d: null }, e: 4 })
  expect(mergePatch({ a: 1 }, { a: 1, b: undefined })).toBeUndefined()
})

test('what a patch names is replaced, laid over or removed, and the rest stays', () => {
  const target = { a: 1, b: { c: 2, d: [1] }, e: 'x' }
  expect(applyMergePatch(target, { b: { c: null, d: [2], f: 3 }, e: null })).toEqual({ a: 1, b: { d: [2], f: 3 } })
  expect(applyMergePatch('text', { a: { b: null } })).toEqual({ a: {} })
})

test('no patch reaches the prototype of what it is applied to', () => {
  const patched = applyMergePatch({}, JSON.parse('{"__proto__": {"project": "other"}}')) as { project?: string }
  expect(patched.project).toBeUndefined()
})
