import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Draft,
  declared,
  newDraft,
  sourcePaths,
  textAt,
  valueAt,
  withAnotherSource,
  withoutSource,
  withValue,
} from './draft.ts'

test('a value is put where it belongs, and nothing else is touched', () => {
  const draft = newDraft()
  const next = withValue(draft, ['spec', 'source', 'helm', 'parameters', 0, 'name'], 'image.tag')
  expect(valueAt(next, ['spec', 'source', 'helm'])).toEqual({ parameters: [{ name: 'image.tag' }] })
  expect(draft).toEqual(newDraft())
  expect(next.spec.destination).toBe(draft.spec.destination)
})

test('taking a value away takes what only held it', () => {
  const path = ['spec', 'syncPolicy', 'automated', 'prune']
  const draft = withValue(newDraft(), path, true)
  expect(withValue(draft, path, undefined).spec).not.toHaveProperty('syncPolicy')
  expect(withValue(newDraft(), ['spec', 'syncPolicy', 'automated'], {}).spec.syncPolicy).toEqual({ automated: {} })
})

const steps = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 })

test('what has been put somewhere is found there', () => {
  fc.assert(
    fc.property(steps, fc.array(steps), fc.string(), (path, others, text) => {
      let whole: object = {}
      for (const other of others) whole = withValue(whole, other, {})
      expect(textAt(withValue(whole, path, text), path)).toBe(text)
    }),
  )
})

test('what nobody has filled in is not sent, but empty values of parameters are', () => {
  const draft = withValue(newDraft(), ['spec', 'source', 'helm', 'parameters'], [{ name: 'a', value: '' }])
  const { spec } = declared(draft)
  expect(spec.source).toEqual({ helm: { parameters: [{ name: 'a', value: '' }] } })
  expect(spec.destination).toEqual({ name: 'in-cluster' })
  const labelled: Draft = { ...newDraft(), metadata: { name: 'shop', labels: { team: '' } } }
  expect(declared(labelled).metadata).toEqual({ name: 'shop', labels: { team: '' } })
})

test('one source becomes two, and one again', () => {
  const one = withValue(newDraft(), ['spec', 'source', 'repoURL'], 'https://git.example.com/a')
  const two = withAnotherSource(one)
  expect(sourcePaths(two)).toEqual([
    ['spec', 'sources', 0],
    ['spec', 'sources', 1],
  ])
  expect(two.spec).not.toHaveProperty('source')
  expect(withoutSource(two, 1).spec).toEqual(one.spec)
})
