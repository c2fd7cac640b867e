import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { configMaps, startUnrulyServer, type UnrulyServer } from '../../test/unruly-server.ts'
import { bearerHeader } from './credentials.ts'
import { type Link, type LinkState, openLink } from './link.ts'

let server: UnrulyServer
let link: Link
const told: LinkState['status'][] = []

const credentials = (token = 'good') => ({
  name: 'far',
  server: server.url,
  authenticate: async () => ({ headers: bearerHeader(token) }),
})

beforeEach(async () => {
  server = await startUnrulyServer([configMaps])
  told.length = 0
  link = openLink(credentials(), { intervalMs: 50, random: () => 0, onState: ({ status }) => told.push(status) })
  await vi.waitFor(() => expect(link.state()).toMatchObject({ status: 'up', version: 'v1.36.2' }))
})
afterEach(async () => {
  await link.close()
  await server.stop()
})

const refused = { status: 401, body: { kind: 'Status', code: 401, reason: 'Unauthorized', message: 'Unauthorized' } }

test('a server that answers is asked no more than it has to be', async () => {
  const asked = server.log.length
  await link.client.apiResources()
  await new Promise((resolve) => setTimeout(resolve, 300))
  const questions = server.log.slice(asked).filter((line) => line === 'GET /version').length
  expect(questions).toBeGreaterThan(2)
  expect(questions).toBeLessThan(8)
})

test('what is under way ends when the server is away, what comes meanwhile is refused at once, and all goes on after', async () => {
  const wait = new Promise<never>(() => {})
  server.misbehave(({ url }) => (url.pathname === '/version' ? refused : undefined))
  await vi.waitFor(() => expect(link.state()).toMatchObject({ status: 'away', error: { code: 401 } }))
  const asked = server.log.filter((line) => line !== 'GET /version').length
  await expect(Promise.race([link.client.apiResources({ refresh: true }), wait])).rejects.toMatchObject({
    code: 0,
    message: 'Unauthorized',
  })
  expect(server.log.filter((line) => line !== 'GET /version')).toHaveLength(asked)
  server.behave()
  link.change(credentials('better'))
  await vi.waitFor(() => expect(link.state().status).toBe('up'))
  expect((await link.client.apiResources({ refresh: true })).find('', 'ConfigMap')).toBeDefined()
  expect(told).toEqual(['up', 'away', 'up'])
})

test('one connection that breaks is not an absence', async () => {
  let broken = 0
  server.misbehave(({ url }) =>
    url.pathname === '/version' && broken++ === 0 ? { status: 200, raw: '{"gitVersion', cutAfter: 5 } : undefined,
  )
  await vi.waitFor(() => expect(broken).toBeGreaterThan(1), 5_000)
  expect(told).toEqual(['up'])
})

test('whatever answers without being a Kubernetes API is none', async () => {
  server.misbehave(({ url }) => (url.pathname === '/version' ? { status: 200, body: { hello: 'world' } } : undefined))
  await vi.waitFor(() => expect(link.state().error?.message).toMatch(/no Kubernetes API/), 5_000)
})

test('a server that forbids to ask for its version is there all the same', async () => {
  const forbidden = { status: 403, body: { kind: 'Status', code: 403, reason: 'Forbidden', message: 'no' } }
  server.misbehave(({ url }) => (url.pathname === '/version' ? forbidden : undefined))
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(link.state()).toMatchObject({ status: 'up', version: 'v1.36.2' })
})

test('credentials that cannot be had are told as such', async () => {
  const authenticate = () => Promise.reject(new Error('the program is not there'))
  link.change({ ...credentials(), authenticate })
  await vi.waitFor(() => expect(link.state()).toMatchObject({ status: 'away', error: { reason: 'NoCredentials' } }))
})
