/** Every path and method of the document: who may, who may not, and what is not sound. */
import { readFileSync } from 'node:fs'
import { request as plainRequest } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { allRoutes, type Route, routes } from '../../src/contract/index.ts'
import { addressOf, makeObjects, missing, type Names, type Sample, sampleOf } from './sample-calls.ts'
import { type SignedIn, signIn } from './signed-in.ts'
import { startWorld, type World } from './world.ts'

interface Operation {
  operationId: string
  security?: []
  parameters: { name: string; in: string; schema: { type?: string } }[]
  requestBody?: object
}
type Document = { paths: Record<string, Record<string, Operation>> }

let world: World
let admin: SignedIn
let tokens: { admin: string; nobody: string }
let names: Names
let operations: { route: Route; operation: Operation }[]
let paths: Document['paths']

beforeAll(async () => {
  world = await startWorld({ 'accounts.nobody': 'apiKey' })
  admin = await signIn(world)
  names = await makeObjects(world, admin)
  const tokenOf = (name: string) => admin.api.call(routes.accounts.createToken, { params: { name }, body: {} })
  tokens = { admin: admin.token, nobody: (await tokenOf('nobody')).token }
  paths = ((await (await fetch(`${world.tiphys().url}/swagger.json`)).json()) as Document).paths
  operations = Object.values(paths)
    .flatMap((methods) => Object.values(methods))
    .map((operation) => ({ operation, route: routeOf(operation) }))
})
afterAll(() => world.stop())

function routeOf({ operationId }: Operation): Route {
  const route = allRoutes().find(({ id }) => id === operationId)
  if (!route) throw new Error(`there is no route ${operationId}`)
  return route
}

interface Answer {
  status: number
  headers: Record<string, string>
  text: string
}

interface Request extends Partial<Sample> {
  token?: string
  contentType?: string
  /** In place of the body of the sample. */
  text?: string
}

/** Of an answer that goes on, the beginning. */
async function ask(route: Route, { token, contentType, text, ...given }: Request): Promise<Answer> {
  const sample = { ...sampleOf(route, names), ...given }
  const body = text ?? (sample.body === undefined ? undefined : JSON.stringify(sample.body))
  const gone = new AbortController()
  const response = await fetch(`${world.tiphys().url}${addressOf(route, sample)}`, {
    method: route.method,
    signal: gone.signal,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': contentType ?? 'application/json' }),
    },
    ...(body !== undefined && { body }),
  })
  const headers = Object.fromEntries(response.headers)
  const isStream = route.streams && response.ok
  const answer = { status: response.status, headers, text: isStream ? '' : await response.text() }
  if (isStream) gone.abort()
  return answer
}

function expectError(answer: Answer, what: string): void {
  expect(answer.headers['content-type'], what).toMatch(/^application\/json/)
  const body = JSON.parse(answer.text)
  expect(Object.keys(body).sort(), what).toEqual(['code', 'error', 'message'])
  expect(body, what).toEqual({ error: body.message, message: expect.stringMatching(/./), code: expect.any(Number) })
}

function isPublic({ security }: Operation): boolean {
  return security?.length === 0
}

test('the document has every operation of Argo CD and every query parameter, but for the few that are listed', () => {
  /** What we leave out, and why. */
  const without: Record<string, string> = {
    'POST /api/v1/applications/manifestsWithFiles':
      'a stream of gRPC, which their own gateway does not serve over HTTP',
  }
  const ignored: Record<string, string[]> = {
    // Their requests for one application, for a list and for a stream are one message; these parts do nothing there.
    'GET /api/v1/applications': ['refresh', 'resourceVersion'],
    'GET /api/v1/applications/{}': ['repo', 'resourceVersion', 'selector'],
    'GET /api/v1/stream/applications': ['refresh'],
    // Times are read to the second.
    'GET /api/v1/applications/{}/logs': ['sinceTime.nanos'],
    'GET /api/v1/applications/{}/pods/{}/logs': ['sinceTime.nanos'],
  }
  const file = new URL('fixtures/argo-cd-routes.json', import.meta.url)
  const theirs: { method: string; path: string; query: string[] }[] = JSON.parse(readFileSync(file, 'utf8'))
  const ours = new Map(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { parameters }]) => [
        `${method.toUpperCase()} ${path.replace(/\{[^}]*\}/g, '{}')}`,
        parameters.filter((one) => one.in === 'query').map(({ name }) => name),
      ]),
    ),
  )
  const lacking = theirs.flatMap(({ method, path, query }) => {
    const key = `${method} ${path}`
    const known = ours.get(key)
    if (!known) return without[key] ? [] : [key]
    const left = query.filter((name) => !known.includes(name) && !ignored[key]?.includes(name))
    return left.map((name) => `${key} ?${name}`)
  })
  expect(theirs.length).toBeGreaterThan(100)
  expect(lacking).toEqual([])
  expect(operations).toHaveLength(allRoutes().length)
})

test('without a token nothing is answered but what is public', async () => {
  for (const { route, operation } of operations) {
    const answer = await ask(route, {})
    if (isPublic(operation)) {
      expect([200, 401], route.id).toContain(answer.status)
      continue
    }
    expect(answer.status, route.id).toBe(401)
    expectError(answer, route.id)
    expect(JSON.parse(answer.text).code, route.id).toBe(16)
    // Not even read: whoever may not ask cannot make us work.
    if (route.body) expect((await ask(route, { text: '{"broken' })).status, route.id).toBe(401)
    expect((await ask(route, { token: `${tokens.admin}x` })).status, route.id).toBe(401)
  }
})

/** Answered to everybody who has signed in: with nothing, where nothing is theirs. */
function isList({ method, path, permission }: Route): boolean {
  return method === 'GET' && permission !== 'public' && !/\{/.test(path)
}

test('without rights everything is refused, in the same bytes whether the object is there or not', async () => {
  const token = tokens.nobody
  for (const { route, operation } of operations) {
    if (isPublic(operation) || route.permission === 'signed in') continue
    const there = await ask(route, { token })
    if (isList(route) && there.status === 200) {
      if (!route.streams) expect(JSON.parse(there.text).items ?? [], route.id).toEqual(ownItems(route))
      continue
    }
    expect(there.status, `${route.id}: ${there.text}`).toBe(403)
    expectError(there, route.id)
    const others = missing(names)
    const notThere = await ask(route, { token, ...sampleOf(route, others) })
    expect(withoutNames(notThere, others), route.id).toEqual(withoutNames(there, names))
  }
})

/** Everybody may see their own account. */
function ownItems({ id }: Route): unknown[] {
  return id === 'accounts.list' ? [expect.objectContaining({ name: 'nobody' })] : []
}

function withoutNames({ status, headers, text }: Answer, of: Names) {
  const { date, 'x-ratelimit-remaining': _left, 'x-ratelimit-reset': _reset, ...compared } = headers
  let told = text
  for (const [kind, name] of Object.entries(of)) told = told.replaceAll(name, `<${kind}>`)
  return { status, headers: compared, text: told }
}

test('what is not sound is refused as such', async () => {
  const token = tokens.admin
  for (const { route, operation } of operations) {
    for (const { name, in: place, schema } of operation.parameters) {
      if (place !== 'query' || !['integer', 'number', 'boolean'].includes(schema.type ?? '')) continue
      const answer = await ask(route, { token, query: { [name]: 'neither' } })
      expect([answer.status, name], route.id).toEqual([400, name])
      expectError(answer, route.id)
    }
    if (!operation.requestBody) continue
    for (const text of ['{"name": ', '{"name": 1}}', "{'name': 1}", '\u0000', '{"a":1,}']) {
      const answer = await ask(route, { token, text })
      expect(answer.status, `${route.id} ${text}`).toBe(400)
      expectError(answer, route.id)
    }
    for (const contentType of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'a', '/']) {
      const answer = await ask(route, { token, contentType })
      expect([415, 400], `${route.id} ${contentType}`).toContain(answer.status)
      expectError(answer, route.id)
    }
  }
})

test('a body that is too large is refused before it is sent', async () => {
  for (const { route, operation } of operations) {
    if (!operation.requestBody) continue
    const answer = await announce(route, isPublic(operation) ? 65 * 1024 : 9 * 1024 * 1024)
    expect(answer.status, route.id).toBe(413)
    expectError(answer, route.id)
  }
})

/** Says how long a body will be, and sends nothing of it. */
function announce(route: Route, length: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const url = `${world.tiphys().url}${addressOf(route, sampleOf(route, names))}`
    const headers = {
      authorization: `Bearer ${tokens.admin}`,
      'content-type': 'application/json',
      'content-length': length,
    }
    const asked = plainRequest(url, { method: route.method, headers, agent: false }, async (response) => {
      let text = ''
      for await (const chunk of response) text += chunk
      asked.destroy()
      resolve({ status: response.statusCode ?? 0, headers: response.headers as Record<string, string>, text })
    })
    asked.on('error', reject)
    asked.flushHeaders()
  })
}

test('a body that turns out to be too large is refused while it is sent', async () => {
  const text = JSON.stringify({ name: 'x'.repeat(9 * 1024 * 1024) })
  const stream = new Blob([text]).stream()
  const answer = fetch(`${world.tiphys().url}/api/v1/applications/${names.application}/sync`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokens.admin}`, 'content-type': 'application/json' },
    body: stream,
    duplex: 'half',
  } as RequestInit)
  expect((await answer).status).toBe(413)
})

test('the administrator is answered by everything, and by no operation with a failure of ours', async () => {
  const others = missing(names)
  for (const { route } of operations) {
    for (const sample of route.method === 'GET' ? [names, others] : [others]) {
      const answer = await ask(route, { token: tokens.admin, ...sampleOf(route, sample) })
      const what = `${route.id}: ${answer.text}`
      expect([500, ...(route.id === 'session.create' ? [] : [401])], what).not.toContain(answer.status)
      if (answer.status >= 400) expectError(answer, what)
      else if (!route.streams) expect(JSON.parse(answer.text), what).toBeTypeOf('object')
    }
    if (route.id === 'session.end') tokens.admin = (await signIn(world)).token
  }
})
