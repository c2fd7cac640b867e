import { createHmac } from 'node:crypto'
import { type AddressInfo, connect } from 'node:net'
import { Readable } from 'node:stream'
import { type FastifyInstance, fastify } from 'fastify'
import { afterEach, expect, test } from 'vitest'
import type { Application, KubeObject } from '../../model/index.ts'
import { noTracer } from '../../trace/index.ts'
import { sendError } from '../serve-routes.ts'
import { serveWebhooks } from './webhook-route.ts'

const open: FastifyInstance[] = []
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) close()
  for (const app of open.splice(0)) await app.close()
})

function application(name: string, repoURL: string, targetRevision = 'main'): Application {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: 'argocd' },
    spec: { project: 'default', destination: {}, source: { repoURL, path: name, targetRevision } },
  }
}

async function start({
  secret = {},
  settings = {},
  bodyMs = 10_000,
}: {
  secret?: Record<string, string>
  settings?: Record<string, string>
  bodyMs?: number
} = {}) {
  const applications = [
    application('web', 'https://git.example.com/shop.git'),
    application('old', 'https://git.example.com/shop.git', 'v1'),
    application('other', 'https://git.example.com/other.git'),
  ]
  const moved: string[][] = []
  const invalidated: string[] = []
  const encoded = (data: Record<string, string>) =>
    Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]))
  const stored = (name: string, data: Record<string, string>, labels = {}) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, labels },
    data: encoded(data),
  })
  const secrets: Record<string, KubeObject> = {
    'argocd-secret': stored('argocd-secret', secret),
    hooks: stored('hooks', { key: 'elsewhere' }, { 'app.kubernetes.io/part-of': 'argocd' }),
    foreign: stored('foreign', { key: 'of others' }),
  }
  const app = fastify()
  open.push(app)
  app.setErrorHandler((error, _request, reply) => sendError(error, reply))
  const silent = () => {}
  await serveWebhooks(
    app,
    {
      controlPlane: {
        namespace: 'argocd',
        settings: () => settings,
        storedSecret: (name: string) => secrets[name],
        applications: () => applications,
        onApplications: () => silent,
      } as never,
      applicationSets: { repositoryMoved: () => 0 } as never,
      controller: { sourcesMoved: (names: string[]) => void moved.push(names) } as never,
      images: { imagePushed: () => {} },
      stages: { sources: { invalidate: (url: string) => void invalidated.push(url) } as never, tracer: noTracer },
      admits: () => false,
      log: { debug: silent, info: silent, warn: silent, error: silent },
    },
    { bodyMs },
  )
  return { app, moved, invalidated }
}

const push = JSON.stringify({
  ref: 'refs/heads/main',
  before: 'a'.repeat(40),
  after: 'b'.repeat(40),
  commits: [{ added: [], modified: ['web/config.yaml'], removed: [] }],
  repository: { html_url: 'https://git.example.com/shop', default_branch: 'main' },
})

function deliver(app: FastifyInstance, body: string, headers: Record<string, string> = {}) {
  const payload = Buffer.from(body)
  const usual = { 'content-type': 'application/json', 'x-github-event': 'push' }
  return app.inject({ method: 'POST', url: '/api/webhook', headers: { ...usual, ...headers }, payload })
}

const signature = (body: string, key: string) => `sha256=${createHmac('sha256', key).update(body).digest('hex')}`

test('a push makes the applications that follow the branch be looked at, and its repository be asked once', async () => {
  const { app, moved, invalidated } = await start()
  const answer = await deliver(app, push)
  expect(answer.statusCode).toBe(200)
  expect(moved).toEqual([['web']])
  expect(invalidated).toEqual(['https://git.example.com/shop.git'])
})

test('with a secret only what is signed with it counts, also where the secret is kept elsewhere', async () => {
  for (const [secret, key] of [
    [{ 'webhook.github.secret': 's3cret' }, 's3cret'],
    [{ 'webhook.github.secret': '$hooks:key' }, 'elsewhere'],
  ] as const) {
    const { app, moved } = await start({ secret })
    expect((await deliver(app, push)).statusCode).toBe(401)
    expect((await deliver(app, push, { 'x-hub-signature-256': signature(push, 'wrong') })).statusCode).toBe(401)
    expect(moved).toEqual([])
    expect((await deliver(app, push, { 'x-hub-signature-256': signature(push, key) })).statusCode).toBe(200)
    expect(moved).toEqual([['web']])
  }
})

test('a Secret that is not lent to Tiphys by its label signs nothing', async () => {
  const { app, moved } = await start({ secret: { 'webhook.github.secret': '$foreign:key' } })
  for (const key of ['of others', '$foreign:key', '']) {
    const answer = await deliver(app, push, { 'x-hub-signature-256': signature(push, key) })
    expect(answer.statusCode).toBe(401)
    expect(answer.json().message).toContain('app.kubernetes.io/part-of: argocd')
  }
  expect(moved).toEqual([])
})

test('what is larger than the settings allow is refused before it is read', async () => {
  const { app } = await start({ settings: { 'webhook.maxPayloadSizeMB': '1' } })
  const answer = await deliver(app, `"${'x'.repeat(1024 * 1024)}"`)
  expect(answer.statusCode).toBe(413)
})

test('what nobody is known to send is refused with an answer that says so', async () => {
  const { app } = await start()
  const answer = await app.inject({ method: 'POST', url: '/api/webhook', payload: {} })
  expect(answer.statusCode).toBe(400)
  expect(answer.json().message).toContain('It is not known who sends this')
})

async function listening(options: Parameters<typeof start>[0] = {}) {
  const { app } = await start(options)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const send = async () => (await fetch(`http://127.0.0.1:${port}/api/webhook`, { method: 'POST', body: push })).status
  return { port, send }
}

/** Sends the beginning of a body, and resolves to what is answered. */
function begin(port: number, part: string, { length = 1024 * 1024, localAddress = '127.0.0.1' } = {}) {
  const head = `POST /api/webhook HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`
  const socket = connect({ port, host: '127.0.0.1', localAddress }, () => socket.write(head + part))
  closing.push(() => socket.destroy())
  return new Promise<string>((resolve) => {
    socket.on('data', (chunk) => resolve(String(chunk).split('\r\n', 1)[0] ?? ''))
    socket.on('error', () => resolve('broken'))
    socket.on('close', () => resolve('closed'))
  })
}

test('however many send slowly, others are heard, and who is too slow is sent away', async () => {
  const { port, send } = await listening({ bodyMs: 1_000 })
  const slow = Array.from({ length: 50 }, () => begin(port, 'x', { length: 100 }))
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(await send()).toBe(400)
  expect(new Set(await Promise.all(slow))).toEqual(new Set(['HTTP/1.1 408 Request Timeout']))
})

test('of one address two of the largest bodies are held at once, and those of others beside them', async () => {
  const { port } = await listening({ settings: { 'webhook.maxPayloadSizeMB': '1' }, bodyMs: 5_000 })
  const almostAll = 'x'.repeat(1000 * 1024)
  for (let count = 0; count < 2; count++) void begin(port, almostAll)
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(await begin(port, almostAll)).toBe('HTTP/1.1 503 Service Unavailable')
  const whole = begin(port, almostAll, { length: almostAll.length, localAddress: '127.0.1.2' })
  expect(await whole, 'it is heard, and is no webhook').toBe('HTTP/1.1 400 Bad Request')
})

test('a larger size counts from when it is set, also for bodies of an unknown length', async () => {
  const settings: Record<string, string> = { 'webhook.maxPayloadSizeMB': '1' }
  const { app } = await start({ settings })
  const send = async () => {
    const payload = Readable.from([Buffer.alloc(1024 * 1024), Buffer.alloc(1024 * 1024)])
    const headers = { 'content-type': 'application/json', 'x-github-event': 'push' }
    return (await app.inject({ method: 'POST', url: '/api/webhook', headers, payload })).statusCode
  }
  expect(await send()).toBe(413)
  settings['webhook.maxPayloadSizeMB'] = '3'
  expect(await send(), 'it is read, and is no JSON').toBe(400)
})
