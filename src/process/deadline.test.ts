import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { deadlineIn } from './deadline.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

function ended(milliseconds: number, other?: AbortSignal): Promise<Error> {
  const { signal } = deadlineIn(milliseconds, other)
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(signal.reason)))
}

test('it passes, though nobody but who waits for it knows it', async () => {
  let reason: Error | undefined
  void ended(50, deadlineIn(10_000).signal).then((given) => {
    reason = given
  })
  for (let round = 0; round < 10; round++) {
    collectGarbage()
    await sleep(20)
  }
  expect(reason?.message).toBe('it took more than 0.05 s')
})

test('it ends with another signal, and is not passed then', async () => {
  const other = new AbortController()
  const deadline = deadlineIn(10_000, other.signal)
  other.abort(new Error('stop'))
  expect(deadline.signal.reason).toEqual(new Error('stop'))
  expect(deadline.hasPassed()).toBe(false)
  expect(deadlineIn(10_000, other.signal).signal.aborted).toBe(true)
})
