/** A shell in a container, over the API. The lab of a bare API server has no kubelet, so on such a cluster it is left out. */
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { routes } from '../../src/contract/index.ts'
import { type SignedIn, signIn } from './signed-in.ts'
import { type App, startWorld, type World } from './world.ts'

let world: World
let client: SignedIn
let app: App
let pod: string
const hasKubelet = process.env.KUBECONFIG === undefined || process.env.TIPHYS_E2E_KUBELET === 'true'

const image = process.env.TIPHYS_E2E_IMAGE ?? 'busybox'
const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      ${process.env.TIPHYS_E2E_POD_FIELDS ?? ''}
      containers: [{name: web, image: "${image}", command: [sleep, "100000"]}]
`

beforeAll(async () => {
  world = await startWorld({
    'exec.enabled': 'true',
    'exec.shells': 'bash,sh',
    'accounts.ann': 'login, apiKey',
  })
  client = await signIn(world)
  app = await world.application(world.repository({ 'deployment.yaml': deployment }))
  await app.until('the Deployment is deployed', ({ sync }) => sync?.status === 'Synced')
  if (!hasKubelet) return
  await app.settled()
  const tree = await client.api.call(routes.applicationResources.tree, { params: { applicationName: app.name } })
  pod = tree.nodes?.find(({ kind }) => kind === 'Pod')?.name ?? ''
})
afterAll(() => world.stop())

function address(query: Record<string, string> = {}): string {
  const named = { appName: app.name, projectName: 'default', namespace: app.namespace, pod, container: 'web' }
  return `${world.tiphys().url.replace('http', 'ws')}/terminal?${new URLSearchParams({ ...named, ...query })}`
}

interface Terminal {
  socket: WebSocket
  text(): string
  type(data: string): void
  until(pattern: RegExp): Promise<void>
}

async function open(
  token = client.token(),
  options: { query?: Record<string, string>; origin?: string } = {},
): Promise<Terminal> {
  const socket = new WebSocket(address(options.query), {
    headers: { authorization: `Bearer ${token}`, ...(options.origin && { origin: options.origin }) },
  })
  let text = ''
  socket.on('message', (data) => {
    text += (JSON.parse(String(data)) as { data?: string }).data ?? ''
  })
  await once(socket, 'open')
  return {
    socket,
    text: () => text,
    type: (data) => socket.send(JSON.stringify({ operation: 'stdin', data })),
    async until(pattern) {
      const deadline = Date.now() + 20_000
      while (!pattern.test(text)) {
        if (Date.now() > deadline) throw new Error(`${pattern} did not come: ${JSON.stringify(text)}`)
        await sleep(20)
      }
    },
  }
}

async function refusal(token: string | undefined, options: { query?: Record<string, string>; origin?: string } = {}) {
  const headers = {
    ...(token && { authorization: `Bearer ${token}` }),
    ...(options.origin && { origin: options.origin }),
  }
  const socket = new WebSocket(address(options.query), { headers })
  socket.on('error', () => {})
  const [, response] = await once(socket, 'unexpected-response')
  return response.statusCode
}

test.runIf(hasKubelet)('what is typed is answered, and the session leaves Events that say who was where', async () => {
  const terminal = await open()
  terminal.socket.send(JSON.stringify({ operation: 'resize', rows: 40, cols: 120 }))
  // Typed in two words and said as one: what comes back is the answer, not the echo.
  terminal.type(`echo "an"'swer'\r`)
  await terminal.until(/answer/)
  terminal.type('exit\r')
  const [code] = await once(terminal.socket, 'close')
  expect(code).toBe(1000)
  const { items } = await client.api.call(routes.applicationResources.events, { params: { name: app.name } })
  const messages = (items as { message?: string }[]).map(({ message }) => message ?? '')
  for (const word of ['opened a terminal', 'closed the terminal']) {
    expect(messages.find((message) => message.includes(word))).toMatch(/^admin .* container web of Pod .* \(from /)
  }
})

test.runIf(hasKubelet)('who may not, from another site, or without a session, gets none', async () => {
  expect(await refusal(undefined)).toBe(401)
  expect(await refusal('nonsense')).toBe(401)
  expect(await refusal(client.token(), { origin: 'https://evil.example.com' })).toBe(403)
  expect(await refusal(client.token(), { query: { pod: 'another' } })).toBe(400)
  expect(await refusal(client.token(), { query: { container: 'another' } })).toBe(400)
  expect(await refusal(client.token(), { query: { appName: 'another' } })).toBe(404)
  const { token } = await client.api.call(routes.accounts.createToken, { params: { name: 'ann' }, body: {} })
  expect(await refusal(token)).toBe(403)
})

test.runIf(hasKubelet)('a right that is taken away ends the terminal that is open', async () => {
  const policy = (text: string) =>
    world.client.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'argocd-rbac-cm', namespace: world.controlNamespace },
      data: { 'policy.csv': text },
    })
  await policy('p, ann, applications, get, */*, allow\np, ann, exec, create, */*, allow\n')
  const { token } = await client.api.call(routes.accounts.createToken, {
    params: { name: 'ann' },
    body: { id: 'short' },
  })
  await sleep(500)
  const terminal = await open(token)
  terminal.type('echo one\r')
  await terminal.until(/one/)
  await policy('p, ann, applications, get, */*, allow\n')
  await once(terminal.socket, 'close')
  expect(terminal.text()).toContain('Permission denied')
})

test.runIf(hasKubelet)('a token that is revoked ends it as well', async () => {
  const { token } = await client.api.call(routes.session.create, {
    body: { username: 'admin', password: world.tiphys().adminPassword ?? '' },
  })
  const terminal = await open(token)
  const closed = once(terminal.socket, 'close')
  await fetch(`${world.tiphys().url}/api/v1/session`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${token}` },
  })
  await closed
  expect(terminal.text()).toContain('sign in again')
})

test('where it is not switched on, there is no such address', async () => {
  const off = world.client.apply({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'argocd-cm', namespace: world.controlNamespace },
    data: { 'exec.enabled': 'false' },
  })
  await off
  const deadline = Date.now() + 10_000
  while ((await refusal(client.token(), { query: { pod: 'any' } }).catch(() => 0)) !== 404) {
    expect(Date.now()).toBeLessThan(deadline)
    await sleep(100)
  }
})
