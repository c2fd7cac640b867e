/** A shell in a container, over the API. Where a cluster has no kubelet it is left out, unless TIPHYS_E2E_KUBELET says that there is one. */
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
  type(data: string): void
  until(pattern: RegExp): Promise<void>
}

async function open(): Promise<Terminal> {
  const socket = new WebSocket(address(), { headers: { authorization: `Bearer ${client.token}` } })
  let text = ''
  socket.on('message', (data) => {
    text += (JSON.parse(String(data)) as { data?: string }).data ?? ''
  })
  await once(socket, 'open')
  return {
    socket,
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

async function refusal(): Promise<number> {
  const socket = new WebSocket(address({ pod: 'any' }), { headers: { authorization: `Bearer ${client.token}` } })
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

test('where it is switched off, there is no such address', async () => {
  const metadata = { name: 'argocd-cm', namespace: world.controlNamespace }
  await world.client.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'exec.enabled': 'false' } })
  const deadline = Date.now() + 10_000
  while ((await refusal()) !== 404) {
    expect(Date.now()).toBeLessThan(deadline)
    await sleep(100)
  }
})
