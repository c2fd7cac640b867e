/** A terminal is opened from our own pages only, by who may, and ends when the session or the right that opened it does. */
import { connect } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import WebSocket from 'ws'
import { routes } from '../../src/contract/index.ts'
import type { KubeObject } from '../../src/model/index.ts'
import { type SignedIn, signIn } from './signed-in.ts'
import { type App, startWorld, type World } from './world.ts'

let world: World
let admin: SignedIn
let app: App
let pod: string

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx}]}
`
const policy = `p, role:dev, applications, get, */*, allow
p, role:dev, exec, create, */*, allow
g, dev, role:dev
g, other, role:dev
`

beforeAll(async () => {
  // An API server alone has no kubelet, and what is tried here does not depend on the cluster.
  world = await startWorld(
    { 'exec.enabled': 'true', 'accounts.dev': 'apiKey', 'accounts.other': 'apiKey', 'accounts.nobody': 'apiKey' },
    { needsContainers: true },
  )
  await setPolicy(policy)
  admin = await signIn(world)
  app = await world.application(world.repository({ 'web.yaml': deployment }))
  await app.settled()
  pod = (await podsOf(app)) ?? ''
})
afterAll(() => world.stop())

async function setPolicy(text: string): Promise<void> {
  const metadata = { name: 'argocd-rbac-cm', namespace: world.controlNamespace }
  await world.client.apply(
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'policy.csv': text } },
    { fieldManager: 'e2e' },
  )
}

async function podsOf({ namespace }: App): Promise<string | undefined> {
  const kind = (await world.client.apiResources()).find('', 'Pod')
  const names: string[] = []
  if (kind) for await (const { metadata } of world.client.list(kind, { namespace })) names.push(metadata.name)
  return names[0]
}

async function issue(name: string): Promise<{ token: string; id: string }> {
  const id = `${name}-token`
  return { id, token: (await admin.api.call(routes.accounts.createToken, { params: { name }, body: { id } })).token }
}

interface Terminal {
  socket: WebSocket
  /** What it has shown so far. */
  shown(): string
  ended: Promise<number>
}

/** Resolves when it is open, and rejects with the status of a refusal. */
function open(headers: Record<string, string>, change: Record<string, string> = {}): Promise<Terminal> {
  const asked = {
    appName: app.name,
    projectName: 'default',
    namespace: app.namespace,
    pod,
    container: 'web',
    shell: 'sh',
    ...change,
  }
  const url = `${world.tiphys().url.replace('http', 'ws')}/terminal?${new URLSearchParams(asked)}`
  const socket = new WebSocket(url, { headers })
  let shown = ''
  socket.on('message', (data) => (shown += String(data)))
  const ended = new Promise<number>((resolve) => socket.once('close', resolve))
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve({ socket, shown: () => shown, ended }))
    socket.once('unexpected-response', (_request, response) => {
      socket.terminate()
      reject(new Error(`refused with ${response.statusCode}`))
    })
    socket.on('error', () => {})
  })
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const type = (data: string) => JSON.stringify({ operation: 'stdin', data })

test('pages of other sites, and who has no right or no session, open none', async () => {
  const { token } = admin
  const cookie = `argocd.token=${token}`
  const { origin } = new URL(world.tiphys().url)
  const nobody = await issue('nobody')
  const refusals: [Record<string, string>, number, Record<string, string>?][] = [
    [{ cookie }, 403],
    [{ cookie, origin: 'https://evil.example.com' }, 403],
    [{ cookie, origin: 'null' }, 403],
    [{ cookie, origin: `${origin}.evil.example.com` }, 403],
    [{ ...bearer(token), origin: 'https://evil.example.com' }, 403],
    [{ origin }, 401],
    [bearer(`${token}x`), 401],
    [bearer(nobody.token), 403],
    [bearer(nobody.token), 403, { appName: 'missing' }],
    [bearer(token), 400, { pod: '../../secrets/x' }],
    [bearer(token), 400, { container: 'web\u0000' }],
    [bearer(token), 404, { projectName: 'another' }],
    [bearer(token), 400, { pod: 'argocd-server' }],
  ]
  for (const [headers, status, change] of refusals) {
    await expect(open(headers, change), JSON.stringify([headers, change])).rejects.toThrow(`refused with ${status}`)
  }
  const ours = await open({ cookie, origin })
  ours.socket.send(type('echo from-$((40+2))\n'))
  await vi.waitUntil(() => ours.shown().includes('from-'), { timeout: 5_000 })
  ours.socket.close()
  await ours.ended
})

test('one that is open ends within seconds when its token is revoked or its right is taken', async () => {
  const [dev, other] = [await issue('dev'), await issue('other')]
  const [revoked, stripped] = [await open(bearer(dev.token)), await open(bearer(other.token))]
  const ends = Promise.all([revoked.ended, stripped.ended])
  const started = Date.now()
  await admin.api.call(routes.accounts.deleteToken, { params: { name: 'dev', id: dev.id } })
  await setPolicy(policy.replace('g, other, role:dev\n', ''))
  await ends
  expect(Date.now() - started).toBeLessThan(10_000)
  expect(revoked.shown()).toContain('The session has ended')
  expect(stripped.shown()).toContain('Permission denied')
  const kind = (await world.client.apiResources()).find('', 'Event')
  const events: KubeObject[] = []
  if (kind) for await (const event of world.client.list(kind, { namespace: world.controlNamespace })) events.push(event)
  await vi.waitUntil(() => JSON.stringify(events).includes('opened a terminal in container web'), { timeout: 2_000 })
})

test('what is typed after a right has ended is not run', async () => {
  await setPolicy(policy)
  await vi.waitUntil(() => open(bearer('x')).catch(({ message }) => message === 'refused with 401'))
  await admin.api.call(routes.accounts.deleteToken, { params: { name: 'other', id: 'other-token' } })
  const other = await issue('other')
  const terminal = await vi.waitUntil(() => open(bearer(other.token)).catch(() => undefined), { timeout: 5_000 })
  await admin.api.call(routes.accounts.deleteToken, { params: { name: 'other', id: other.id } })
  terminal.socket.send(type('echo run-$((40+2))\n'))
  await terminal.ended
  expect(terminal.shown()).not.toContain('run-42')
})

test('whatever comes in instead of messages, the server goes on', async () => {
  const terminal = await open(bearer(admin.token))
  const { socket } = terminal
  const wrong = ['', '{', 'null', '[]', '"text"', '{"operation":"resize","rows":-1,"cols":1e9}', '{"operation":"exec"}']
  for (const text of [...wrong, '{"__proto__":{"operation":"stdin"}}', '{"operation":{"a":1}}', '['.repeat(50_000)]) {
    socket.send(text)
  }
  socket.send(Buffer.from([0xff, 0xfe, 0x00]), { binary: true })
  for (const piece of ['{"operation":"stdin",', '"data":"echo whole-', '$((40+2))\\n"}']) {
    socket.send(piece, { fin: piece.endsWith('}') })
  }
  await vi.waitUntil(() => terminal.shown().includes('whole-'), { timeout: 5_000 })
  // Larger than any message may be.
  socket.send('x'.repeat(2 * 1024 * 1024))
  expect(await terminal.ended).toBe(1009)
})

const terminalPath = () =>
  `/terminal?${new URLSearchParams({
    appName: app.name,
    projectName: 'default',
    namespace: app.namespace,
    pod,
    container: 'web',
  })}`

function head(path: string): string {
  const lines = [
    `GET ${path} HTTP/1.1`,
    `host: ${new URL(world.tiphys().url).host}`,
    `authorization: Bearer ${admin.token}`,
    'connection: upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}

/** Sends the frames once the connection has been upgraded; what it heard when the connection ended. */
function talk(text: string, frames: Buffer[] = [], leaveAfterMs = 10_000): Promise<string> {
  const { hostname, port } = new URL(world.tiphys().url)
  return new Promise<string>((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(text))
    let heard = ''
    socket.setTimeout(10_000, () => socket.destroy())
    socket.on('data', (data) => {
      if (heard === '') for (const frame of frames) socket.write(frame)
      socket.setTimeout(leaveAfterMs)
      heard += data.toString('latin1')
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(heard))
  })
}

/** Of any kind, whole or not; most with the mask that a client has to use, and some with words that the terminal knows. */
const anyFrame = fc
  .record({
    first: fc.integer({ min: 0, max: 255 }),
    isMasked: fc.boolean(),
    claimed: fc.option(fc.constantFrom(0, 1, 125, 126, 127)),
    payload: fc.oneof(
      fc.uint8Array({ maxLength: 120 }),
      fc.json({ maxDepth: 3 }).map((text) => Buffer.from(text).subarray(0, 120)),
      fc
        .record({
          operation: fc.constantFrom('stdin', 'resize', 'stdout', ''),
          data: fc.string(),
          rows: fc.integer(),
          cols: fc.anything(),
        })
        .map((message) => Buffer.from(JSON.stringify(message) ?? '').subarray(0, 120)),
    ),
  })
  .map(({ first, isMasked, claimed, payload }) =>
    Buffer.concat([
      Buffer.from([first, (isMasked ? 0x80 : 0) | (claimed ?? payload.length)]),
      ...(isMasked ? [Buffer.alloc(4)] : []),
      payload,
    ]),
  )

test('no run of frames, however broken, harms anybody but its sender', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          anyFrame,
          fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
        ),
        { minLength: 1, maxLength: 12 },
      ),
      async (frames) => {
        expect(await talk(head(terminalPath()), frames, 100)).toMatch(/^HTTP\/1\.1 101/)
      },
    ),
    { numRuns: 60 },
  )
  expect((await fetch(`${world.tiphys().url}/healthz`)).status).toBe(200)
  const terminal = await open(bearer(admin.token))
  terminal.socket.send(type('echo still-$((40+2))\n'))
  await vi.waitUntil(() => terminal.shown().includes('still-'), { timeout: 5_000 })
  terminal.socket.close()
})

test('frames that break the protocol end the connection, and nothing else', async () => {
  const frames = [
    [0x81, 0x05, 1, 2, 3, 4, 5], // not masked
    [0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0], // longer than can be
    [0xf1, 0x80, 0, 0, 0, 0], // reserved bits
    [0x80, 0x80, 0, 0, 0, 0], // goes on with nothing
    [0x89, 0xfe, 0x10, 0x00, 0, 0, 0, 0], // a ping that is too long
    [0x81, 0x84, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff], // no UTF-8
  ]
  const paths = ['//', '/%00', '/terminal%2f', '*', 'http://[', '/terminal?%ff=%', `/${'x'.repeat(4000)}`]
  const ends = await Promise.all(frames.map((frame) => talk(head(terminalPath()), [Buffer.from(frame)])))
  for (const heard of ends) expect(heard).toMatch(/^HTTP\/1\.1 101/)
  for (const path of paths) expect(await talk(head(path)), path).toMatch(/^HTTP\/1\.1 (400|404)/)
  const badKey = head(terminalPath()).replace('dGhlIHNhbXBsZSBub25jZQ==', 'short')
  expect(await talk(badKey)).toMatch(/^HTTP\/1\.1 400/)
  expect((await fetch(`${world.tiphys().url}/healthz`)).status).toBe(200)
})
