import { expect, test } from 'vitest'
import { KubeError } from '../kube/kube-error.ts'
import { startPatiently } from './start-patiently.ts'

const unreachable = new KubeError('cannot reach https://c: ECONNREFUSED', { code: 0, reason: 'Unreachable' })
const forbidden = new KubeError('configmaps is forbidden', { code: 403, reason: 'Forbidden' })

function surroundings(interrupted = new Promise<void>(() => {})) {
  const pauses: number[] = []
  const warnings: string[] = []
  const clock = { now: () => 0, sleep: async (ms: number) => void pauses.push(ms) }
  const log = { warn: (_fields: object, message: string) => void warnings.push(message) }
  return { pauses, warnings, context: { interrupted, log, clock, random: () => 1 } }
}

test('a cluster that cannot be reached is tried again with growing pauses, and each failure is told', async () => {
  const { pauses, warnings, context } = surroundings()
  const answers = [unreachable, unreachable, unreachable]
  const started = await startPatiently(async () => {
    const error = answers.shift()
    if (error) throw error
    return 'running'
  }, context)
  expect(started).toBe('running')
  expect(pauses).toEqual([1000, 2000, 4000])
  expect(warnings[0]).toBe('cannot start yet: cannot reach https://c: ECONNREFUSED; the next try is in 1 s')
})

test('what somebody else has made meanwhile is found by the next try', async () => {
  const { context } = surroundings()
  const answers = [new KubeError('"default" already exists', { code: 409, reason: 'AlreadyExists' })]
  const start = async () => {
    const error = answers.shift()
    if (error) throw error
    return 'running'
  }
  expect(await startPatiently(start, context)).toBe('running')
})

test('what no waiting mends ends it at once', async () => {
  const { context } = surroundings()
  await expect(startPatiently(() => Promise.reject(forbidden), context)).rejects.toBe(forbidden)
})

test('an interruption ends the waiting', async () => {
  let interrupt = () => {}
  const { context } = surroundings(
    new Promise((resolve) => {
      interrupt = resolve
    }),
  )
  const start = () => {
    interrupt()
    return Promise.reject(unreachable)
  }
  expect(await startPatiently(start, context)).toBeUndefined()
})
