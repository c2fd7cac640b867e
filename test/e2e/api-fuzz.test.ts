/** Whatever comes in over HTTP, the server refuses or answers it: it neither fails, nor hangs, nor ends. */
import { request } from 'node:http'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { allRoutes, type Route, routes } from '../../src/contract/index.ts'
import { pathNames } from '../../src/contract/route.ts'
import { stringifyJson } from '../../src/model/index.ts'
import { makeObjects, type Names, sampleOf } from './sample-calls.ts'
import { type SignedIn, signIn } from './signed-in.ts'
import { startWorld, type World } from './world.ts'

let world: World
let admin: SignedIn
let nobody: string
let names: Names

beforeAll(async () => {
  world = await startWorld({ 'accounts.nobody': 'apiKey' })
  admin = await signIn(world)
  names = await makeObjects(world, admin)
  nobody = (await admin.api.call(routes.accounts.createToken, { params: { name: 'nobody' }, body: {} })).token
})
afterAll(() => world.stop())

const longestMs = 10_000

interface Sent {
  method?: string
  path: string
  headers?: Record<string, string>
  body?: string | Buffer
}

/** As it is: the address is not made sound first, as fetch would do. Of an answer that goes on, the head. */
function send({ method = 'GET', path, headers = {}, body }: Sent): Promise<number> {
  const { hostname, port } = new URL(world.tiphys().url)
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, method, headers, agent: false, timeout: longestMs }, (response) => {
      resolve(response.statusCode ?? 0)
      response.destroy()
    })
    asked.on('timeout', () => asked.destroy(new Error('there is no answer')))
    asked.on('error', reject)
    asked.end(body)
  })
}

async function expectSound(sent: Sent): Promise<void> {
  const status = await send(sent)
  expect(status, JSON.stringify({ ...sent, body: String(sent.body).slice(0, 500) })).not.toBe(500)
}

const nasty = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    ...[
      '',
      ' ',
      '.',
      '..',
      '../..',
      '..%2f..',
      '%2e%2e/',
      '/',
      '\\',
      '\0',
      'a\0b',
      '*',
      '?',
      '#',
      '-',
      '--help',
      '$(id)',
    ],
    ...[
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      'x'.repeat(4096),
      '(a+)+$',
      '[',
      '{{',
      '}}',
      '%',
      '%s',
    ],
    ...[
      '-1',
      '0',
      '1e309',
      'NaN',
      '9007199254740993',
      'true',
      'null',
      '[]',
      '{}',
      '\u202e',
      '\u{1f4a5}',
      '\ufeff',
      'İ',
    ],
    ...['a,b', 'a in (b', '!', '=', 'a=', 'metadata.name', '-', 'items.', 'file:///etc/passwd', 'admin', 'in-cluster'],
  ),
)

const nastyJson = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<unknown>,
  nasty,
  fc.constantFrom<unknown>(null, {}, [], 0, -1, 1e21, true, [[]], [null], { a: null }, 9007199254740993n),
)

interface Schema {
  type?: string
  properties?: Record<string, Schema>
  items?: Schema
  anyOf?: Schema[]
  const?: unknown
  'x-described-by'?: Schema
}

/** What a schema asks for, and now and then something else in its place. */
function shaped(schema: Schema, depth = 0): fc.Arbitrary<unknown> {
  return fc.oneof({ arbitrary: sound(schema, depth), weight: 5 }, { arbitrary: nastyJson, weight: 1 })
}

function sound(schema: Schema, depth: number): fc.Arbitrary<unknown> {
  const { type, properties, items, anyOf, 'x-described-by': described } = schema
  if (depth > 5) return nastyJson
  if (described) return shaped(described, depth + 1)
  if (anyOf) return fc.oneof(...anyOf.map((one) => shaped(one, depth + 1)))
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (properties) {
    const each = Object.entries(properties).map(([name, one]) => [name, shaped(one, depth + 1)])
    return fc.record(Object.fromEntries(each), { requiredKeys: [] })
  }
  if (type === 'array') return fc.array(shaped(items ?? {}, depth + 1), { maxLength: 3 })
  if (type === 'boolean') return fc.boolean()
  if (type === 'integer' || type === 'number') return fc.oneof(fc.integer(), fc.double())
  if (type === 'string') return nasty
  return nastyJson
}

/** These reach out to where they are told, which is nothing to try at random with the rights to do it. */
const reachesOut = /^(write)?repositories\.(refs|apps|helmCharts|ociTags|appDetails|validate|create|update)$/i

function callers(route: Route): string[] {
  const isHarmless = route.id !== 'session.end' && !reachesOut.test(route.id)
  return isHarmless ? [admin.token, nobody] : [nobody]
}

function requestOf(route: Route): fc.Arbitrary<Sent> {
  const sample = sampleOf(route, names)
  const part = (name: string) => fc.oneof(fc.constant(sample.params[name] ?? ''), nasty)
  const ofPath = fc.record(Object.fromEntries(pathNames(route.path).map((name) => [name, part(name)])))
  const { properties = {} } = (route.query ?? {}) as Schema
  const parameter = fc.constantFrom('unknown', '__proto__', ...Object.keys(properties))
  const ofQuery = fc.array(fc.tuple(parameter, nasty), { maxLength: 4 })
  const ofBody = route.body ? fc.oneof(fc.constant(sample.body), shaped(route.body as Schema)) : fc.constant(undefined)
  return fc.tuple(ofPath, ofQuery, ofBody, fc.constantFrom(...callers(route))).map(([params, query, body, token]) => {
    const filled = route.path.replace(/\{(\w+)(?:=\*\*)?\}/g, (_all, name: string) =>
      encodeURIComponent(params[name] ?? ''),
    )
    const given = new URLSearchParams([...Object.entries(sample.query), ...query])
    return {
      method: route.method,
      path: `${filled}?${given}`,
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: stringifyJson(body) ?? '' }),
    }
  })
}

test('every operation, with names, queries and bodies of which some make sense', async () => {
  for (const route of allRoutes()) {
    await fc.assert(fc.asyncProperty(requestOf(route), expectSound), { numRuns: 8, endOnFailure: true })
  }
  expect((await admin.api.call(routes.session.userInfo, {})).loggedIn).toBe(true)
})

test('addresses that are none', async () => {
  const piece = fc.oneof(
    nasty.map(encodeURIComponent),
    fc.constantFrom('..', '.', '', '%', '%zz', '%00', '%ff', '%c0%ae', '%2f', '%252f', ';a=b', '@', ':', '~', '(', '|'),
    fc.constantFrom('api', 'v1', 'applications', 'stream', 'projects', 'auth', 'callback', 'badge', 'terminal'),
  )
  const path = fc
    .tuple(fc.array(piece, { maxLength: 6 }), fc.option(fc.stringMatching(/^[!-~]{0,40}$/), { nil: undefined }))
    .map(([pieces, query]) => `/${pieces.join('/')}${query === undefined ? '' : `?${query}`}`)
  const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND')
  const headers = { authorization: `Bearer ${admin.token}` }
  const property = fc.asyncProperty(path, method, (path, method) => expectSound({ path, method, headers }))
  await fc.assert(property, { numRuns: 150, endOnFailure: true })
})

test('tokens and cookies that are none', async () => {
  const visible = fc.stringMatching(/^[!-~]{0,60}$/)
  const encode = (value: unknown) => Buffer.from(stringifyJson(value) ?? '').toString('base64url')
  const claims = fc.record(
    {
      iss: fc.oneof(fc.constantFrom<unknown>('argocd', 'https://sso.example.invalid'), nastyJson),
      sub: fc.oneof(fc.constantFrom<unknown>('admin:login', 'proj:default:x', '__proto__', 'admin:apiKey'), nastyJson),
      exp: nastyJson,
      iat: nastyJson,
      jti: nastyJson,
    },
    { requiredKeys: [] },
  )
  const header = fc.oneof(
    fc.record({
      alg: fc.oneof(fc.constantFrom<unknown>('none', 'HS256', 'RS256', 'HS999'), nastyJson),
      kid: nastyJson,
    }),
    nastyJson,
  )
  const [head = '', payload = '', signature = ''] = admin.token.split('.')
  const token = fc.oneof(
    visible,
    fc.tuple(header, claims, visible).map(([one, two, three]) => `${encode(one)}.${encode(two)}.${three}`),
    fc.tuple(header, fc.constant(payload)).map(([one, two]) => `${encode(one)}.${two}.${signature}`),
    fc.constantFrom(
      `${head}.${payload}.`,
      `${head}.${payload}`,
      '.',
      '..',
      '...',
      `${admin.token}.x`,
      'x'.repeat(9_000),
    ),
  )
  const headers = fc.oneof(
    token.map((one) => ({ authorization: `Bearer ${one}` })),
    visible.map((authorization) => ({ authorization })),
    token.map((one) => ({ cookie: `argocd.token=${one}` })),
    fc
      .tuple(fc.nat(99), token)
      .map(([count, one]) => ({ cookie: `argocd.token=${count}:${one}; argocd.token-1=${one}` })),
    visible.map((cookie) => ({ cookie })),
  )
  const property = fc.asyncProperty(headers, async (headers) => {
    const status = await send({ path: '/api/v1/projects', headers: headers as Record<string, string> })
    expect([status, headers], JSON.stringify(headers)).toEqual([status === 431 ? 431 : 401, headers])
    await expectSound({ path: '/auth/logout', headers: headers as Record<string, string> })
  })
  await fc.assert(property, { numRuns: 100, endOnFailure: true })
})

test('webhooks of nobody', async () => {
  const kinds = [
    ...['push', 'pull_request', 'ping', 'package', 'registry_package'].map((event) => ({ 'x-github-event': event })),
    ...['Push Hook', 'Tag Push Hook', 'System Hook'].map((event) => ({ 'x-gitlab-event': event })),
    ...['repo:push', 'repo:refs_changed', 'diagnostics:ping'].map((event) => ({
      'x-event-key': event,
      'x-hook-uuid': 'a',
    })),
    { 'x-gogs-event': 'push' },
    { 'x-gitea-event': 'push' },
    { 'x-vss-activityid': 'a' },
    {},
  ]
  const repository = fc.record(
    {
      html_url: nasty,
      clone_url: nasty,
      full_name: nasty,
      links: nastyJson,
      default_branch: nasty,
      owner: nastyJson,
      project: nastyJson,
      repo_url: nasty,
    },
    { requiredKeys: [] },
  )
  const body = fc.oneof(
    nastyJson,
    fc.record(
      {
        ref: nasty,
        before: nasty,
        after: nasty,
        repository: fc.oneof(repository, nastyJson),
        project: fc.oneof(repository, nastyJson),
        commits: fc.oneof(fc.array(nastyJson, { maxLength: 3 }), nastyJson),
        push: nastyJson,
        push_data: nastyJson,
        changes: nastyJson,
        eventType: fc.constantFrom<unknown>('git.push', 'git.pullrequest.merged', 1),
        resource: nastyJson,
        event_data: nastyJson,
        docker_url: nasty,
        updated_tags: nastyJson,
      },
      { requiredKeys: [] },
    ),
  )
  const property = fc.asyncProperty(fc.constantFrom(...kinds), body, fc.boolean(), async (kind, given, isCut) => {
    const text = stringifyJson(given) ?? ''
    const headers = { ...kind, 'content-type': 'application/json' } as Record<string, string>
    await expectSound({ method: 'POST', path: '/api/webhook', headers, body: isCut ? text.slice(0, -1) : text })
  })
  await fc.assert(property, { numRuns: 150, endOnFailure: true })
})

test('bodies that are deep, wide or strange', async () => {
  const deep = (open: string, close: string, count: number) => open.repeat(count) + close.repeat(count)
  const bodies = [
    deep('[', ']', 100_000),
    deep('{"a":', '1}', 1) + deep('{"a":', '}', 100_000),
    `{"spec":${'{"source":'.repeat(20_000)}1${'}'.repeat(20_000)}}`,
    `{"metadata":{"name":"a","labels":{${Array.from({ length: 50_000 }, (_, at) => `"k${at}":"v"`).join()}}}}`,
    `{"a":${'9'.repeat(100_000)}}`,
    `{"a":1e${'9'.repeat(1000)}}`,
    '{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}',
    '{"a":"\\ud800"}',
    '"\u2028"',
    '\ufeff{}',
  ]
  const raw = [Buffer.from([0xff, 0xfe, 0x7b, 0x7d]), Buffer.from('{"a":"\xff\xc0"}', 'latin1')]
  const headers = { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' }
  const targets: [string, string][] = [
    ['POST', '/api/v1/applications'],
    ['POST', '/api/v1/projects'],
    ['POST', `/api/v1/applications/${names.application}/sync`],
    ['PATCH', `/api/v1/applications/${names.application}`],
    ['POST', '/api/v1/applicationsets'],
    ['POST', '/api/v1/clusters'],
    ['POST', '/api/v1/session'],
    ['POST', '/api/webhook'],
  ]
  for (const [method, path] of targets) {
    for (const body of [...bodies, ...raw]) await expectSound({ method, path, headers, body })
  }
  expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
  expect(await send({ path: '/healthz' })).toBe(200)
})
