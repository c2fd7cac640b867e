import { afterEach, expect, test, vi } from 'vitest'
import { NameQueue } from './queue.ts'

afterEach(() => void vi.useRealTimers())

function gate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, opened }
}

test('names asked for again while waiting are worked on once', async () => {
  const seen: string[] = []
  const { open, opened } = gate()
  const queue = new NameQueue({
    concurrency: 1,
    onError: () => {},
    async work(name) {
      seen.push(name)
      await opened
    },
  })
  for (const name of ['a', 'b', 'b', 'b']) queue.add(name)
  open()
  await vi.waitFor(() => expect(seen).toEqual(['a', 'b']))
})

test('a name asked for while being worked on gets one more turn, never two at once', async () => {
  let running = 0
  let most = 0
  let turns = 0
  const queue = new NameQueue({
    concurrency: 4,
    onError: () => {},
    async work() {
      most = Math.max(most, ++running)
      turns++
      await new Promise((resolve) => setTimeout(resolve, 5))
      running--
    },
  })
  queue.add('a')
  queue.add('a')
  queue.add('a')
  await vi.waitFor(() => expect(turns).toBe(2))
  expect(most).toBe(1)
})

test('one that throws does not hold up the others', async () => {
  const failed: string[] = []
  const done: string[] = []
  const queue = new NameQueue({
    concurrency: 1,
    onError: (name) => failed.push(name),
    async work(name) {
      if (name === 'poison') throw new Error('poison')
      done.push(name)
    },
  })
  for (const name of ['poison', 'a', 'b']) queue.add(name)
  await vi.waitFor(() => expect(done).toEqual(['a', 'b']))
  expect(failed).toEqual(['poison'])
})

test('of two delays the earlier counts, and a direct add overtakes both', async () => {
  vi.useFakeTimers()
  const seen: number[] = []
  const queue = new NameQueue({
    concurrency: 1,
    onError: () => {},
    async work() {
      seen.push(Date.now())
    },
  })
  const start = Date.now()
  queue.addAfter('a', 5000)
  queue.addAfter('a', 1000)
  queue.addAfter('a', 9000)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(seen).toEqual([start + 1000])
  queue.addAfter('a', 5000)
  queue.add('a')
  await vi.advanceTimersByTimeAsync(10_000)
  expect(seen).toHaveLength(2)
})

test('a delay that ends while the name waits for its turn leaves nothing behind', async () => {
  vi.useFakeTimers()
  const seen: string[] = []
  const queue = new NameQueue({
    concurrency: 1,
    onError: () => {},
    async work(name) {
      seen.push(name)
      if (seen.length === 1) {
        queue.add('long')
        queue.add('a')
        queue.addAfter('a', 100)
      }
      if (name === 'long') await new Promise((resolve) => setTimeout(resolve, 1000))
    },
  })
  queue.add('a')
  await vi.advanceTimersByTimeAsync(2000)
  expect(seen).toEqual(['a', 'long', 'a'])
  queue.addAfter('a', 100)
  await vi.advanceTimersByTimeAsync(200)
  expect(seen).toEqual(['a', 'long', 'a', 'a'])
})

test('stopping waits for the work under way and starts no more', async () => {
  const { open, opened } = gate()
  const done: string[] = []
  const queue = new NameQueue({
    concurrency: 1,
    onError: () => {},
    async work(name) {
      await opened
      done.push(name)
    },
  })
  queue.add('a')
  queue.add('b')
  const stopped = queue.stop()
  open()
  await stopped
  expect(done).toEqual(['a'])
})

test('work that waits for something gives its place to others', async () => {
  const seen: string[] = []
  const { open, opened } = gate()
  const queue = new NameQueue({
    concurrency: 2,
    patienceMs: 10,
    onError: () => {},
    async work(name) {
      seen.push(name)
      if (name.startsWith('slow')) await opened
    },
  })
  for (const name of ['slow one', 'slow two', 'quick', 'slow one']) queue.add(name)
  expect(seen).toEqual(['slow one', 'slow two'])
  await vi.waitFor(() => expect(seen).toEqual(['slow one', 'slow two', 'quick']))
  open()
  await vi.waitFor(() => expect(seen).toEqual(['slow one', 'slow two', 'quick', 'slow one']))
  await queue.stop()
})

test('names that nothing has happened to make room for all others', async () => {
  const seen: string[] = []
  const { open, opened } = gate()
  const queue = new NameQueue({
    concurrency: 1,
    onError: () => {},
    async work(name) {
      seen.push(name)
      await opened
    },
  })
  queue.addBehind('first')
  for (const name of ['a', 'b', 'c']) queue.addBehind(name)
  queue.add('event')
  queue.add('c')
  open()
  await vi.waitFor(() => expect(seen).toEqual(['first', 'event', 'c', 'a', 'b']))
})
