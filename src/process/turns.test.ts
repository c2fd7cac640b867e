import { expect, test } from 'vitest'
import { turns } from './turns.ts'

test('no more tasks run at once than may, every one has its turn, and a failure gives its place on', async () => {
  const turn = turns(3)
  let running = 0
  let most = 0
  const task = async (n: number) => {
    most = Math.max(most, ++running)
    await new Promise((resolve) => setTimeout(resolve, 1))
    running--
    if (n % 5 === 0) throw new Error('no')
    return n
  }
  const results = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => turn(() => task(n))))
  expect(most).toBe(3)
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(4)
})
