/** Receivers of notifications that hang, are gone or lead elsewhere: it is told, and neither applications nor other receivers wait. */
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from '../../src/contract/index.ts'
import { canary } from './canary.ts'
import { configMap } from './manifests.ts'
import { type SignedIn, signIn } from './signed-in.ts'
import { startWorld, type World } from './world.ts'

interface Receiver {
  what: string
  answer: RequestListener
  says: RegExp[]
}

const receivers: Record<string, Receiver> = {
  hanging: {
    what: 'never answers',
    answer: () => {},
    says: [/127\.0\.0\.1:\d+: no answer within 10 s/, /check that the receiver runs/, /it is tried again in 1 s/],
  },
  dripping: {
    what: 'answers one byte a second',
    answer(_request, response) {
      const timer = setInterval(() => response.write('e'), 1000)
      response.on('close', () => clearInterval(timer))
    },
    says: [/no answer within 10 s/, /check that the receiver runs/, /it is tried again/],
  },
  dropping: {
    what: 'closes the connection',
    answer: ({ socket }) => void socket.destroy(),
    says: [/127\.0\.0\.1:\d+: /, /check that the receiver runs/, /it is tried again/],
  },
  failing: {
    what: 'fails',
    answer: (_request, response) => void response.writeHead(500).end(`it failed for ${token}`),
    says: [/answered 500: it failed for \+\+\+\+/, /it is tried again/],
  },
  leading: {
    what: 'leads to the metadata service',
    answer: (_request, response) =>
      void response.writeHead(307, { location: 'http://169.254.169.254/latest/meta-data' }).end(),
    says: [/answers with a redirect, which is not followed: give the service the final address/],
  },
}

const token = canary('token of the receivers').replaceAll(/[ "/]/g, '-')
const told: string[] = []
const sockets = new Set<Socket>()
let world: World
let client: SignedIn
let http: Server
let mail: Server

beforeAll(async () => {
  http = createServer((request, response) => {
    const path = (request.url ?? '').slice(1)
    const receiver = receivers[path]
    if (receiver) return receiver.answer(request, response)
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      told.push(`${path} ${body} ${request.headers['x-token']}`)
      response.end()
    })
  })
  // Takes connections, and never greets.
  mail = createTcpServer()
  for (const server of [http, mail]) {
    server.on('connection', (socket: Socket) => sockets.add(socket))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  }
  world = await startWorld()
  world.secrets.push(token)
  client = await signIn(world)
  await configure()
})
afterAll(async () => {
  await world.stop()
  for (const socket of sockets) socket.destroy()
  for (const server of [http, mail]) server.close()
})

const portOf = (server: Server) => (server.address() as AddressInfo).port
const services = [...Object.keys(receivers), 'good']

async function configure(): Promise<void> {
  const hook = (name: string) =>
    `url: http://127.0.0.1:${portOf(http)}/${name}\nheaders: [{name: X-Token, value: $token}]\n`
  const sends = (name: string) => `  ${name}: {method: POST, body: "{{.app.metadata.name}}"}`
  const metadata = { namespace: world.controlNamespace, labels: { 'app.kubernetes.io/part-of': 'argocd' } }
  await world.client.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { ...metadata, name: 'argocd-notifications-secret' },
    stringData: { token },
  })
  const endless = '{{define "t"}}{{template "t" .}}{{end}}{{template "t" .}}'
  await world.client.create({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { ...metadata, name: 'argocd-notifications-cm' },
    data: {
      ...Object.fromEntries(services.map((name) => [`service.webhook.${name}`, hook(name)])),
      'service.webhook.gone': 'url: http://127.0.0.1:1/x\nheaders: [{name: X-Token, value: $token}]\n',
      'service.email': `host: 127.0.0.1\nport: ${portOf(mail)}\nusername: ann\npassword: $token\nfrom: tiphys@example.com\n`,
      'template.synced': `message: synced\nwebhook:\n${[...services, 'gone'].map(sends).join('\n')}\n`,
      'template.endless': `message: '${endless}'\n`,
      'trigger.on-synced': "- when: app.status?.operationState?.phase == 'Succeeded'\n  send: [synced]\n",
      'trigger.on-endless': "- when: app.status?.operationState?.phase == 'Succeeded'\n  send: [endless]\n",
    },
  })
}

test('each is told with what to do, and neither the application nor another receiver waits for it', async () => {
  const repository = world.repository({ 'config.yaml': configMap('config', { a: '0' }) })
  const app = await world.application(repository)
  await app.settled()
  const subscriptions = [...services, 'gone'].map((name) => [`on-synced.${name}`, ''])
  const entries: string[][] = [...subscriptions, ['on-synced.email', 'team@example.com'], ['on-endless.good', '']]
  const annotations = entries.map(([key, value = '']) => [`notifications.argoproj.io/subscribe.${key}`, value])
  await app.patch({ metadata: { annotations: Object.fromEntries(annotations) } })

  for (const a of ['1', '2', '3']) {
    const started = Date.now()
    const revision = repository.commit({ 'config.yaml': configMap('config', { a }) })
    await app.settled(revision)
    expect((await app.live('ConfigMap', 'config'))?.data).toEqual({ a })
    await expect.poll(() => told.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(Number(a))
    expect(Date.now() - started).toBeLessThan(8_000)
  }
  expect(told.every((one) => one === `good ${app.name} ${token}`)).toBe(true)

  const messagesOf = async (service: string, trigger: string) => {
    const { items } = await client.api.call(routes.notifications.deliveries, {})
    const ofIt = items.filter((one) => one.application === app.name && one.service === service)
    return ofIt.filter((one) => one.trigger === trigger).map(({ message }) => message)
  }
  const says = async (service: string, parts: RegExp[], trigger = 'on-synced') => {
    const matches = async () =>
      (await messagesOf(service, trigger)).some((message = '') => parts.every((part) => part.test(message)))
    await expect.poll(matches, { timeout: 45_000, message: `${service} says ${parts.join(' and ')}` }).toBe(true)
  }
  for (const [name, { says: parts }] of Object.entries(receivers)) await says(name, parts)
  await says('gone', [/127\.0\.0\.1:1: .*ECONNREFUSED/, /check that the receiver runs/, /it is tried again/])
  await says('email', [/127\.0\.0\.1: /, /check host and port of the service/, /it is tried again/])
  await says('good', [/^template: endless:1:\d+: the template is nested more than 200 levels deep/], 'on-endless')
  expect(app.status()).toMatchObject({ sync: { status: 'Synced' }, health: { status: 'Healthy' } })
  expect(app.status().conditions ?? []).toEqual([])
})
