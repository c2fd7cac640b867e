import { expect, test } from 'vitest'
import { InFlight } from './in-flight.ts'

test('a server that stops waits for what is being answered', async () => {
  const requests = new InFlight()
  requests.enter()
  let drained = false
  const draining = requests.drain(60_000).then(() => {
    drained = true
  })
  await Promise.resolve()
  expect(requests.stopping.aborted).toBe(true)
  expect(drained).toBe(false)
  requests.leave()
  await draining
})

test('it does not wait for ever', async () => {
  const requests = new InFlight()
  requests.enter()
  await requests.drain(5)
})

test('nothing to answer, nothing to wait for', async () => {
  await new InFlight().drain(60_000)
})
