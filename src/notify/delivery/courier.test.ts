import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { usualBackoff, waitBefore } from './backoff.ts'
import { openCourier } from './courier.ts'
import { openLanes } from './lanes.ts'

const server = createServer((request, response) => {
  if (request.url === '/hang') return
  if (request.url === '/busy') response.writeHead(429, { 'retry-after': '7' })
  if (request.url === '/later') response.writeHead(403, { 'retry-after': '3' })
  if (request.url?.startsWith('/moved')) response.writeHead(302, { location: 'http://169.254.169.254/' })
  response.end(request.url === '/long' ? 'x'.repeat(100_000) : 'said')
})
let base = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const open = openCourier({ isRefused: () => false, timeLimitMs: 300 })
const closed = openCourier({ isRefused: (ip) => ip.startsWith('127.') || ip === '::1', timeLimitMs: 300 })
afterAll(() => Promise.all([open.close(), closed.close()]))

test('a receiver that hangs, is busy or sends elsewhere is told apart', async () => {
  await expect(open.send({ url: `${base}/hang`, method: 'POST', body: '' })).rejects.toMatchObject({
    retry: true,
    message: expect.stringMatching(/no answer within 0.3 s: check that the receiver runs/),
  })
  await expect(open.send({ url: `${base}/busy`, method: 'POST', body: '' })).rejects.toMatchObject({
    retry: true,
    retryAfterMs: 7000,
  })
  await expect(open.send({ url: `${base}/later`, method: 'POST', body: '' })).rejects.toMatchObject({
    retry: true,
    retryAfterMs: 3000,
  })
  await expect(open.send({ url: `${base}/moved?key=secret`, method: 'POST', body: '' })).rejects.toMatchObject({
    retry: false,
    message: expect.stringMatching(
      /^127\.0\.0\.1:\d+ answers with a redirect, which is not followed: give the service the final/,
    ),
  })
  expect((await open.send({ url: `${base}/long`, method: 'GET' })).text).toHaveLength(64 * 1024)
  const longestAnswer = 200_000
  expect((await open.send({ url: `${base}/long`, method: 'GET', longestAnswer })).text).toHaveLength(100_000)
})

test('this machine is refused, by number and by name', async () => {
  const port = base.split(':')[2]
  for (const host of ['127.0.0.1', 'localhost', '2130706433', '0x7f.1', '[::1]']) {
    await expect(closed.send({ url: `http://${host}:${port}/`, method: 'GET' })).rejects.toMatchObject({
      retry: false,
      message: expect.stringMatching(/which is refused: start Tiphys with --allow-local/),
    })
  }
  await expect(closed.permitHost('localhost')).rejects.toThrow(/which is refused/)
  await expect(open.send({ url: 'file:///etc/passwd', method: 'GET' })).rejects.toThrow(/no http or https address/)
})

test('waits grow, keep to what the receiver asks for, and end', () => {
  expect([1, 2, 3, 4].map((failed) => waitBefore(failed, usualBackoff))).toEqual([1000, 4000, 16_000, 64_000])
  expect(waitBefore(1, usualBackoff, 20_000)).toBe(20_000)
  expect(waitBefore(1, usualBackoff, 86_400_000)).toBe(300_000)
  expect(waitBefore(7, usualBackoff)).toBeUndefined()
})

test('a receiver that hangs holds up only itself, and those of its service only once there are too many', async () => {
  const lanes = openLanes({ ofReceiver: 1, ofService: 2 })
  const to = (recipient: string, service = 'chat') => ({ service, recipient })
  const releases: (() => void)[] = []
  const hang = (recipient: string) =>
    lanes.run(to(recipient), () => new Promise<void>((resolve) => releases.push(resolve)))
  const order: string[] = []
  const arrive = (recipient: string, service?: string) =>
    lanes.run(to(recipient, service), async () => void order.push(recipient))
  const hanging = [hang('a')]
  const waiting = [arrive('a')]
  await arrive('b')
  expect(order).toEqual(['b'])
  hanging.push(hang('c'))
  waiting.push(arrive('d'))
  await arrive('e', 'mail')
  expect(order).toEqual(['b', 'e'])
  for (const release of releases) release()
  await Promise.all([...hanging, ...waiting])
  expect(order.slice(2).sort()).toEqual(['a', 'd'])
})
