import { afterEach, expect, test, vi } from 'vitest'
import { StatusError } from '../status.ts'
import { manualClock } from './testing/manual-clock.ts'
import { workQueues } from './work-queue.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

function refused(code: number): StatusError {
  return new StatusError({ code, reason: 'Refused', message: 'no' })
}

function terminating(): StatusError {
  const details = { causes: [{ reason: 'NamespaceTerminating' }] }
  return new StatusError({ code: 403, reason: 'Forbidden', message: 'no', details })
}

test('ten events for one name are one look', () => {
  const clock = manualClock()
  const looked: string[] = []
  const queue = workQueues(clock).queue((key) => looked.push(key))
  for (let n = 0; n < 10; n++) queue.add('a')
  queue.add('b')
  clock.advance(1)
  expect(looked).toEqual(['a', 'b'])
})

test('of several delayed looks the earliest counts', () => {
  const clock = manualClock()
  const looked: number[] = []
  const start = clock.now()
  const queue = workQueues(clock).queue(() => looked.push(clock.now() - start))
  queue.addAfter('a', 500)
  queue.addAfter('a', 100)
  queue.addAfter('a', 300)
  clock.advance(1000)
  expect(looked).toEqual([100])
})

test('a refused look is tried again, ever later, until it works', () => {
  const clock = manualClock()
  const looked: number[] = []
  const start = clock.now()
  const queue = workQueues(clock).queue(() => {
    looked.push(clock.now() - start)
    if (looked.length < 4) throw refused(409)
  })
  queue.add('a')
  clock.advance(60_000)
  expect(looked).toEqual([0, 20, 60, 140])
})

test.each([
  ['an object that is gone', refused(404), 1],
  ['a namespace that is going', terminating(), 1],
  ['a full quota', refused(403), 12],
])('%s: looked at so often in a minute', (_, error, times) => {
  const clock = manualClock()
  let looks = 0
  const queue = workQueues(clock).queue(() => {
    looks += 1
    throw error
  })
  queue.add('a')
  clock.advance(60_000)
  expect(looks).toBe(times)
})

test('a fault of the sandbox itself is told of', () => {
  const told = vi.spyOn(console, 'error').mockImplementation(() => {})
  const clock = manualClock()
  const fault = new TypeError('broken')
  const queue = workQueues(clock).queue(() => {
    throw fault
  })
  queue.add('a')
  clock.advance(1)
  expect(told).toHaveBeenCalledWith(fault)
})

test('a queue runs what it holds before the next has its turn, and none runs after the end', () => {
  const clock = manualClock()
  const looked: string[] = []
  const queues = workQueues(clock)
  const first = queues.queue((key) => {
    looked.push(`first ${key}`)
    second.add('sum')
  })
  const second = queues.queue((key) => looked.push(`second ${key}`))
  for (const key of ['a', 'b', 'c']) first.add(key)
  clock.advance(1)
  expect(looked).toEqual(['first a', 'first b', 'first c', 'second sum'])
  first.add('d')
  queues.stop()
  clock.advance(1000)
  expect(looked).toHaveLength(4)
})
