import { expect, test } from 'vitest'
import { changedNames } from './changed-names.ts'

test('what changes often before it is read is told once, as it is by then', async () => {
  const changes = changedNames<number>(new AbortController().signal)
  for (let turn = 0; turn < 1000; turn++) changes.note(turn % 2 === 0 ? 'a' : 'b', turn)
  expect([...(await changes.next(1000))]).toEqual([
    ['a', 998],
    ['b', 999],
  ])
  expect((await changes.next(1)).size).toBe(0)
})

test('who waits is woken by the first change', async () => {
  const changes = changedNames<string>(new AbortController().signal)
  const next = changes.next(60_000)
  changes.note('a', 'x')
  expect((await next).get('a')).toBe('x')
})

test('nobody waits for a connection that has ended', async () => {
  const ending = new AbortController()
  const changes = changedNames<string>(ending.signal)
  const next = changes.next(60_000)
  ending.abort()
  expect((await next).size).toBe(0)
  expect((await changes.next(60_000)).size).toBe(0)
})
