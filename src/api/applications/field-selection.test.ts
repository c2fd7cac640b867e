import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseFields, selectFields, selectionBelow } from './field-selection.ts'

const application = {
  metadata: { name: 'web', annotations: { 'example.com/a': '1', b: '2' } },
  spec: { project: 'default' },
  status: { health: { status: 'Healthy' }, resources: [{ kind: 'Pod', name: 'a', health: { status: 'Healthy' } }] },
}

function selected(fields: string | undefined) {
  return selectFields(application, parseFields(fields))
}

test('named fields are kept with everything below them', () => {
  expect(selected('metadata.name,status.health')).toEqual({
    metadata: { name: 'web' },
    status: { health: { status: 'Healthy' } },
  })
})

test('a leading minus drops the named fields and keeps the others', () => {
  expect(selected('-status,metadata.annotations')).toEqual({
    metadata: { name: 'web' },
    spec: { project: 'default' },
  })
})

test('fields of list items are named without an index', () => {
  expect(selected('status.resources.kind')).toEqual({ status: { resources: [{ kind: 'Pod' }] } })
  expect(selected('-metadata,spec,status.health,status.resources.health')).toEqual({
    status: { resources: [{ kind: 'Pod', name: 'a' }] },
  })
})

test('a key with dots can be named', () => {
  expect(selected('metadata.annotations.example.com/a')).toEqual({
    metadata: { annotations: { 'example.com/a': '1' } },
  })
})

test('fields that are not there leave no empty parents', () => {
  expect(selected('operation.sync,status.summary.images')).toEqual({})
})

test('no fields, or none that say anything, mean all', () => {
  expect(selected(undefined)).toBe(application)
  expect(selected('')).toBe(application)
})

test('a part of the answer sees what is named below it', () => {
  expect(selectionBelow(parseFields('items.metadata.name,metadata'), 'items')).toEqual(parseFields('metadata.name'))
  expect(selectionBelow(parseFields('items'), 'items')).toBe('all')
  expect(selectionBelow(parseFields('metadata'), 'items')).toBe('nothing')
  expect(selectionBelow(parseFields('-items'), 'items')).toBe('nothing')
  expect(selectionBelow(parseFields('-metadata'), 'items')).toBe('all')
  expect(selectionBelow(parseFields('result'), 'result.application')).toBe('all')
})

const paths = fc.array(fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 }), { minLength: 1 })
const trees = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    fc.integer(),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('tree'), { maxKeys: 3 }),
  ),
})).tree

test('keeping and dropping the same fields tears every value of an object into two parts', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('a', 'b', 'c'), trees), paths, (object, chosen) => {
      const text = chosen.map((path) => path.join('.')).join()
      const kept = leaves(selectFields(object, parseFields(text)))
      const left = leaves(selectFields(object, parseFields(`-${text}`)))
      expect([...kept, ...left].sort()).toEqual(leaves(object).sort())
    }),
  )
})

function leaves(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [`${path}=${value}`]
  return Object.entries(value).flatMap(([name, field]) => leaves(field, `${path}.${name}`))
}
