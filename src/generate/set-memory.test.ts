import { expect, test } from 'vitest'
import type { ApplicationSet } from '../model/index.ts'
import { SetMemory } from './set-memory.ts'

const set = (filter: string) => ({ spec: { generators: [{ pullRequest: { filter } }] } }) as unknown as ApplicationSet

test('what a set has generated is known as long as it is written as it was then', () => {
  const memory = new SetMemory()
  expect(memory.hasMade(set('a'), 'pr-1')).toBe(false)
  memory.make(set('a'), ['pr-1', 'pr-2'])
  memory.make(set('a'), ['pr-2', 'pr-3'])
  expect(['pr-1', 'pr-3', 'pr-4'].map((name) => memory.hasMade(set('a'), name))).toEqual([true, true, false])
  expect(memory.hasMade(set('b'), 'pr-1'), 'an edit of the set may be what it is missing by').toBe(false)
  memory.make(set('b'), ['pr-2'])
  expect(memory.hasMade(set('b'), 'pr-1')).toBe(false)
})
