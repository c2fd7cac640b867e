import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mergeByTime } from './merge-by-time.ts'

const compare = (one: number, other: number) => one - other

async function* sequence(items: number[], { pauses = [] as number[] } = {}) {
  for (const [index, item] of items.entries()) {
    if (pauses[index]) await sleep(pauses[index])
    yield item
  }
}

async function merged(sequences: AsyncIterable<number>[], patienceMs?: number) {
  const all: number[] = []
  for await (const item of mergeByTime(sequences, { compare, tickMs: 1000, ...(patienceMs && { patienceMs }) }))
    if (item !== undefined) all.push(item)
  return all
}

const sorted = fc.array(fc.nat(50)).map((items) => items.sort(compare))

test('sequences in order become one in order, and nothing is lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(sorted, { maxLength: 4 }), async (lists) => {
      expect(await merged(lists.map((items) => sequence(items)))).toEqual(lists.flat().sort(compare))
    }),
  )
})

test('one that is silent holds up the others only for a while, once', async () => {
  const started = performance.now()
  const many = Array.from({ length: 50 }, (_, index) => index)
  const slow = sequence([1000], { pauses: [300] })
  expect(await merged([sequence(many), slow], 50)).toEqual([...many, 1000])
  expect(performance.now() - started).toBeLessThan(1500)
})

test('without a limit of patience, order is kept however long one is silent', async () => {
  expect(await merged([sequence([2, 3]), sequence([1], { pauses: [100] })])).toEqual([1, 2, 3])
})

test('who waits hears now and then that there is nothing', async () => {
  const never = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) }
  const reading = mergeByTime([never], { compare, patienceMs: 5, tickMs: 20 })
  expect(await reading.next()).toEqual({ done: false, value: undefined })
  expect(await reading.next()).toEqual({ done: false, value: undefined })
})

test('the failure of one is the failure of all', async () => {
  async function* failing(): AsyncGenerator<number> {
    yield 1
    throw new Error('broke off')
  }
  await expect(merged([failing(), sequence([5])])).rejects.toThrow('broke off')
})
