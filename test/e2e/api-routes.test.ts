/** Everything that a running Tiphys serves is listed, with what it asks of its caller or why it asks nothing. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fastifyPath, openRoutes, refuseUnknownRoutes } from '../../src/api/known-routes.ts'
import { allRoutes } from '../../src/contract/index.ts'
import { startWorld, type World } from './world.ts'

let world: World
const apps: FastifyInstance[] = []
const served: string[] = []

/** Fastify tells of each of its servers before anything is registered on it. */
function listen(message: unknown): void {
  const { fastify: app } = message as { fastify: FastifyInstance }
  apps.push(app)
  app.addHook('onRoute', ({ method, url }) => void served.push(...[method].flat().map((one) => `${one} ${url}`)))
}

beforeAll(async () => {
  subscribe('fastify.initialization', listen)
  world = await startWorld()
})
afterAll(async () => {
  unsubscribe('fastify.initialization', listen)
  await world.stop()
})

test('what is served is in the contract, where each route has its permission, or in the list of open routes', () => {
  expect(apps).toHaveLength(1)
  const ofContract = allRoutes().map(({ method, path }) => `${method} ${fastifyPath(path)}`)
  const expected = [...ofContract, ...Object.keys(openRoutes)]
  // For what is read, only the head may be asked for as well.
  const withoutHeads = served.filter(
    (one) => !one.startsWith('HEAD ') || !expected.includes(one.replace('HEAD', 'GET')),
  )
  expect(withoutHeads.sort()).toEqual(expected.sort())
  for (const route of allRoutes()) {
    expect(route.permission, route.id).toMatch(/^(public|signed in|[a-z-]+:[a-z]+)$/)
  }
})

test('nobody but those who sign in, and settings that the login page needs, is answered without a session', () => {
  const open = allRoutes().filter(({ permission }) => permission === 'public')
  expect(open.map(({ id }) => id).sort()).toEqual([
    'session.create',
    'session.end',
    'session.userInfo',
    'settings.get',
    'version.get',
  ])
})

// The terminal asks for exec:create of the application, and again while it is open (src/api/terminal/admit.ts). Scrapers
// bring no token: their port is open only where --metrics-port says so, and is not the one that is published.
test('the terminal is all that connections are upgraded to, and metrics are not where the API is', async () => {
  expect(apps[0]?.server.listenerCount('upgrade')).toBe(1)
  expect((await fetch(`${world.tiphys().url}/metrics`)).status).toBe(404)
  expect(await (await fetch(world.tiphys().metricsUrl ?? '')).text()).toContain('argocd_app_info')
})

test('a route that nobody has listed keeps the server from starting', () => {
  const hooks: ((route: { method: string; url: string }) => void)[] = []
  refuseUnknownRoutes({ addHook: (_name: string, hook: () => void) => hooks.push(hook) } as never)
  const add = (method: string, url: string) => hooks[0]?.({ method, url })
  add('GET', '/api/v1/projects')
  add('HEAD', '/healthz')
  expect(() => add('POST', '/api/v1/backdoor')).toThrow('neither in the contract nor among the open routes')
  expect(() => add('DELETE', '/api/badge')).toThrow('DELETE /api/badge')
  expect(() => add('GET', '/constructor')).toThrow()
})
