import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { WriteBehind } from './write-behind.ts'

function open(save: (text: string) => Promise<void>) {
  const errors: unknown[] = []
  const saved: string[] = []
  const pauses: (() => void)[] = []
  let text = 0
  const behind = new WriteBehind({
    store: {
      load: async () => undefined,
      async save(value) {
        const text = value(undefined)
        await save(text)
        saved.push(text)
      },
    },
    text: () => String(text),
    sleep: (_ms, signal) =>
      new Promise((resolve) => {
        pauses.push(() => resolve(undefined))
        signal?.addEventListener('abort', resolve)
      }),
    onError: (error) => errors.push(error),
  })
  return {
    behind,
    errors,
    saved,
    change() {
      text++
      return behind.changed()
    },
    async endPause() {
      pauses.pop()?.()
      await sleep(1)
    },
  }
}

test('the first change is written at once, all others of the next second together', async () => {
  const { change, saved, endPause } = open(async () => {})
  await change()
  expect(saved).toEqual(['1'])
  const later = [change(), change(), change()]
  await sleep(5)
  expect(saved).toEqual(['1'])
  await endPause()
  await Promise.all(later)
  expect(saved).toEqual(['1', '4'])
  await endPause()
  await change()
  expect(saved).toEqual(['1', '4', '5'])
})

test('what fails to be written is told, and written later', async () => {
  let broken = true
  const { change, saved, errors, endPause } = open(async () => {
    if (broken) throw new Error('no space')
  })
  await expect(change()).rejects.toThrow('no space')
  expect(errors).toHaveLength(1)
  broken = false
  await endPause()
  expect(saved).toEqual(['1'])
})

test('closing writes what is left, and does not wait for ever for a store that fails', async () => {
  const { behind, change, saved } = open(async () => {})
  await change()
  void change()
  await behind.close()
  expect(saved).toEqual(['1', '2'])
  const failing = open(async () => {
    throw new Error('gone')
  })
  failing.change().catch(() => {})
  await failing.behind.close()
  expect(failing.errors.length).toBeGreaterThan(0)
})
