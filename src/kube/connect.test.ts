import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { KubeObject } from '../model/index.ts'
import type { Clock } from './clock.ts'
import { connect } from './connect.ts'
import { Expired, isRetriable, KubeError } from './kube-error.ts'

interface Asked {
  line: string
  headers: IncomingMessage['headers']
  body: unknown
}
type Reply = [status: number, body?: unknown, headers?: Record<string, string>] | 'break'

const discovery = {
  '/version': { gitVersion: 'v1.30.0' },
  '/api': { versions: ['v1'] },
  '/api/v1': {
    resources: [
      { name: 'configmaps', kind: 'ConfigMap', namespaced: true, verbs: ['list'] },
      { name: 'configmaps/status', kind: 'ConfigMap', namespaced: true, verbs: ['get'] },
      { name: 'namespaces', kind: 'Namespace', namespaced: false, verbs: ['list'] },
    ],
  },
  '/apis': {
    groups: [
      { name: 'apps', versions: [{ version: 'v2' }, { version: 'v1' }], preferredVersion: { version: 'v1' } },
      { name: 'broken.example.com', versions: [{ version: 'v1' }] },
    ],
  },
  '/apis/apps/v1': { resources: [{ name: 'deployments', kind: 'Deployment', namespaced: true }] },
  '/apis/apps/v2': {
    resources: [
      { name: 'deployments', kind: 'Deployment', namespaced: true },
      { name: 'newcomers', kind: 'Newcomer', namespaced: true },
    ],
  },
} as Record<string, unknown>

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A server that tells discovery group by group, and otherwise answers what the test queued. */
async function start(replies: Reply[] = []) {
  const asked: Asked[] = []
  const sleeps: number[] = []
  const clock: Clock = { now: Date.now, sleep: async (ms) => void sleeps.push(ms) }
  const tokens: boolean[] = []

  async function answer(request: IncomingMessage, response: ServerResponse) {
    let text = ''
    for await (const chunk of request) text += chunk
    const known = discovery[request.url ?? '']
    if (known) return response.end(JSON.stringify(known))
    if (request.url?.startsWith('/apis/broken')) return response.writeHead(503).end('service unavailable')
    asked.push({ line: `${request.method} ${request.url}`, headers: request.headers, body: text && JSON.parse(text) })
    const reply = replies.shift() ?? [200, {}]
    if (reply === 'break') return request.socket.destroy()
    response.writeHead(reply[0], reply[2]).end(JSON.stringify(reply[1] ?? {}))
  }

  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const authenticate = async ({ renew = false } = {}) => {
    tokens.push(renew)
    return { headers: { authorization: renew ? 'Bearer new' : 'Bearer old' } }
  }
  const client = connect({ name: 'test', server: `http://127.0.0.1:${port}`, authenticate }, { clock, random: () => 1 })
  closing.push(
    () => client.close(),
    () => new Promise((resolve) => server.close(resolve)),
  )
  return { client, asked, sleeps }
}

const configMap = (fields = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'c', namespace: 'shop', ...fields },
})
const target = { group: '', version: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'c' }
const status = (code: number, reason: string) => ({ kind: 'Status', code, reason, message: `no: ${reason}` })

test('discovery without aggregation prefers as the server does, and a broken group hides no other', async () => {
  const { client } = await start()
  const resources = await client.apiResources()
  expect(resources.version).toBe('v1.30.0')
  expect(resources.find('apps', 'Deployment')).toMatchObject({ version: 'v1', resource: 'deployments' })
  expect(resources.find('apps', 'Deployment', 'v2')).toMatchObject({ version: 'v2' })
  expect(resources.find('apps', 'Newcomer')).toMatchObject({ version: 'v2' })
  expect(resources.all.filter(({ kind }) => kind === 'ConfigMap')).toHaveLength(1)
  expect(resources.stale).toEqual(['broken.example.com'])
  expect(resources.versions).toContain('apps/v2/Newcomer')
})

test('what a group had stays known while its own server is down', async () => {
  const { client } = await start()
  const widget = { resources: [{ name: 'widgets', kind: 'Widget', namespaced: true }] }
  discovery['/apis/broken.example.com/v1'] = widget
  expect((await client.apiResources()).stale).toEqual([])
  delete discovery['/apis/broken.example.com/v1']
  const resources = await client.apiResources({ refresh: true })
  expect(resources.stale).toEqual(['broken.example.com'])
  expect(resources.find('broken.example.com', 'Widget')).toMatchObject({ resource: 'widgets' })
})

test('an apply is a patch by our manager, with force', async () => {
  const { client, asked } = await start([[200, configMap({ uid: 'u' })]])
  expect((await client.apply(configMap())).metadata.uid).toBe('u')
  expect(asked[0]).toMatchObject({
    line: 'PATCH /api/v1/namespaces/shop/configmaps/c?fieldManager=argocd-controller&force=true',
    headers: { 'content-type': 'application/apply-patch+yaml', authorization: 'Bearer old' },
    body: configMap(),
  })
})

test('a dry run is asked for as such and counted apart', async () => {
  const { client, asked } = await start()
  await client.apply(configMap(), { dryRun: true, force: false, fieldValidation: 'Strict' })
  expect(asked[0]?.line).toContain('?fieldManager=argocd-controller&dryRun=All&fieldValidation=Strict&force=false')
  await client.create(configMap())
  expect(asked[1]?.line).toBe('POST /api/v1/namespaces/shop/configmaps?fieldManager=argocd-controller')
  expect(client.requests).toMatchObject({ 'dry-run': 1, create: 1 })
})

test('a delete tells what it found', async () => {
  const finalizers = { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['a'] }
  const { client, asked } = await start([
    [200, status(200, 'Success')],
    [200, configMap(finalizers)],
    [200, configMap()],
    [404, status(404, 'NotFound')],
    [409, status(409, 'Conflict')],
  ])
  const states = []
  for (let n = 0; n < 4; n++)
    states.push((await client.delete(target, { propagationPolicy: 'Foreground', preconditions: { uid: 'u' } })).state)
  expect(states).toEqual(['gone', 'terminating', 'gone', 'absent'])
  expect(asked[0]?.body).toMatchObject({ propagationPolicy: 'Foreground', preconditions: { uid: 'u' } })
  await expect(client.delete(target)).rejects.toMatchObject({ code: 409, reason: 'Conflict' })
})

test('what is not there is undefined, and what is refused says why', async () => {
  const { client } = await start([
    [404, status(404, 'NotFound')],
    [403, status(403, 'Forbidden')],
  ])
  expect(await client.get(target)).toBeUndefined()
  const error = await client.get(target).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(KubeError)
  expect(error).toMatchObject({ code: 403, reason: 'Forbidden', message: 'no: Forbidden' })
  expect(isRetriable(error)).toBe(false)
})

test('a server that is busy is asked again when it says, a broken connection with growing pauses', async () => {
  const { client, asked, sleeps } = await start([
    [429, status(429, 'TooManyRequests'), { 'retry-after': '3' }],
    'break',
    [503, 'overloaded'],
    [200, configMap()],
  ])
  expect(await client.get(target)).toMatchObject({ kind: 'ConfigMap' })
  expect(sleeps).toEqual([3_000, 200, 400])
  expect(asked).toHaveLength(4)
})

test('a create whose answer got lost is not repeated', async () => {
  const { client, asked } = await start(['break'])
  const error = await client.create(configMap()).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 0, reason: 'Unreachable' })
  expect(isRetriable(error)).toBe(true)
  expect(asked).toHaveLength(1)
})

test('a server that never recovers is given up after five attempts', async () => {
  const { client, asked } = await start(Array.from({ length: 9 }, () => [503, 'down'] as Reply))
  await expect(client.get(target)).rejects.toThrow('the server answered 503: "down"')
  expect(asked).toHaveLength(5)
})

test('a refused token is renewed once', async () => {
  const { client, asked } = await start([
    [401, status(401, 'Unauthorized')],
    [200, configMap()],
    [401, status(401, 'Unauthorized')],
    [401, status(401, 'Unauthorized')],
  ])
  await client.get(target)
  expect(asked.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer new'])
  await expect(client.get(target)).rejects.toMatchObject({ code: 401 })
  expect(asked).toHaveLength(4)
})

test('items of a list say what kind they are, and a forgotten snapshot is an expiry', async () => {
  const { client } = await start([
    [200, { metadata: { resourceVersion: '5', continue: 'x' }, items: [{ metadata: { name: 'c' } }] }],
    [410, status(410, 'Expired')],
  ])
  const resource = (await client.apiResources()).find('', 'ConfigMap')
  if (!resource) throw new Error('no such kind')
  const items: KubeObject[] = []
  const reading = (async () => {
    for await (const item of client.list(resource, { metadataOnly: true })) items.push(item)
  })()
  await expect(reading).rejects.toBeInstanceOf(Expired)
  expect(items).toEqual([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } }])
})

test('a kind that the cluster does not know is named', async () => {
  const { client } = await start()
  const widget = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' } }
  await expect(client.apply(widget)).rejects.toThrow('the cluster does not know Widget.v1.example.com')
  await expect(client.apply(configMap({ namespace: undefined }))).rejects.toThrow('ConfigMap c needs a namespace')
})

test('a kind that has gone since it was discovered is named as well', async () => {
  const { client, asked } = await start([[404], [200, { metadata: { name: 'n' } }], [404], [404], [404]])
  const newcomer = { apiVersion: 'apps/v2', kind: 'Newcomer', metadata: { name: 'n', namespace: 'shop' } }
  await client.apply(newcomer)
  expect(asked).toHaveLength(2)
  const gone = { code: 404, reason: 'NoKindMatch', message: expect.stringContaining('does not know Newcomer.v2.apps') }
  await expect(client.apply(newcomer)).rejects.toMatchObject(gone)
  expect(asked).toHaveLength(4)
  const before = discovery['/apis/apps/v2']
  discovery['/apis/apps/v2'] = { resources: [] }
  await expect(client.apply(newcomer)).rejects.toMatchObject(gone)
  discovery['/apis/apps/v2'] = before
  expect(asked).toHaveLength(5)
})

test('a thousand requests share a few connections, and one that is given up is over at once', async () => {
  const { client, asked } = await start()
  await Promise.all(Array.from({ length: 1_000 }, () => client.get(target)))
  expect(asked).toHaveLength(1_000)
  await expect(client.get(target, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
})
