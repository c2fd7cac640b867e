import { expect, test } from 'vitest'
import type { KubeClient } from '../kube/kube-client.ts'
import { KubeError } from '../kube/kube-error.ts'
import type { KubeObject } from '../model/index.ts'
import { patientClient } from './patient-client.ts'

const object: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'shop' } }

/** Fails with `error` until so many milliseconds have passed; answers how long the write took, or its error. */
async function writeThrough(error: KubeError, lastsMs: number) {
  let now = 0
  const waits: string[] = []
  const apply = async () => {
    if (now < lastsMs) throw error
    return object
  }
  const clock = {
    now: () => now,
    async sleep(ms: number) {
      now += ms
    },
  }
  const client = patientClient({ apply } as unknown as KubeClient, {
    clock,
    random: () => 0.5,
    onWait: (message) => void waits.push(message),
  })
  const outcome = await client.apply(object).then(
    () => 'written',
    (failure: Error) => failure.message,
  )
  return { outcome, now, waits }
}

const failure = (code: number, message: string) => new KubeError(message, { code, reason: 'InternalError' })

test('a server that cannot be reached for minutes is waited for, and that is told', async () => {
  const { outcome, waits } = await writeThrough(failure(0, 'connect ECONNREFUSED'), 300_000)
  expect(outcome).toBe('written')
  expect(waits[0]).toBe('connect ECONNREFUSED: trying again')
})

test('one that fails at just this request is asked for half a minute', async () => {
  const error = failure(500, 'etcdserver: request timed out')
  expect((await writeThrough(error, 20_000)).outcome).toBe('written')
  const { outcome, now } = await writeThrough(error, 300_000)
  expect(outcome).toBe('etcdserver: request timed out')
  expect(now).toBeLessThan(40_000)
})

test('a webhook that does not answer is told within seconds', async () => {
  const error = failure(500, 'failed calling webhook "policy.example.com": connection refused')
  const { outcome, now } = await writeThrough(error, 300_000)
  expect(outcome).toMatch(/failed calling webhook/)
  expect(now).toBeLessThan(8_000)
})

test('a refusal is told at once', async () => {
  const error = new KubeError('spec.ports: Required value', { code: 422, reason: 'Invalid' })
  expect(await writeThrough(error, 300_000)).toMatchObject({ outcome: 'spec.ports: Required value', now: 0 })
})
