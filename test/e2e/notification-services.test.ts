/** Every service that speaks HTTP, at the addresses of the real ones, through a proxy: the bytes, and what becomes of refusals, failures and silence. */
import { createVerify } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from '../../src/contract/index.ts'
import { leaks } from './canary.ts'
import { makeAuthority } from './certificates.ts'
import { run } from './command-line.ts'
import { startProxy, type TestProxy } from './connect-proxy.ts'
import { configMap } from './manifests.ts'
import { gitHubKey, message, type Request, type Service, secrets, services } from './notification-services.ts'
import { untilWithin } from './patience.ts'
import { type Behaviour, type Received, type Receiver, startReceiver } from './receiver.ts'
import { trustAuthority } from './registered.ts'
import { type SignedIn, signIn } from './signed-in.ts'
import { type App, type Repository, startWorld, type World } from './world.ts'

const names = Object.keys(services)
const anybody = { app: 'app', revision: 'revision' }
const hostsOf = ({ requests }: Service) =>
  new Set(requests(anybody).map(({ to }) => new URL(to.split(' ')[1] ?? '').host))
const serviceAt = new Map(
  Object.entries(services).flatMap(([name, service]) => [...hostsOf(service)].map((host) => [host, name])),
)
const hosts = [...serviceAt.keys()]
const until = untilWithin(20_000)

let receiver: Receiver
let proxy: TestProxy
let throughProxy: Record<string, string>
let world: World
let client: SignedIn
let repository: Repository

beforeAll(async () => {
  const authority = await makeAuthority()
  receiver = await startReceiver(await authority.server({ names: hosts }))
  proxy = await startProxy({ names: Object.fromEntries(hosts.map((host) => [host, receiver.port])) })
  throughProxy = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` }
  world = await startWorld({}, { env: throughProxy })
  world.secrets.push(...Object.values(secrets))
  client = await signIn(world)
  repository = world.repository({ 'map.yaml': configMap('settings', { colour: 'blue' }) })
  const [first = '', ...others] = hosts
  await trustAuthority(world, first, authority.cert, ...others)
  await configure()
})
afterAll(async () => {
  await world.stop()
  await proxy.close()
  receiver.close()
})

async function configure(): Promise<void> {
  const fields = Object.entries(services).map(([name, { template }]) => (template ? `${name}:${template}\n` : ''))
  const settings = Object.entries(services).map(([name, service]) => [`service.${name}`, service.settings])
  const metadata = { namespace: world.controlNamespace, labels: { 'app.kubernetes.io/part-of': 'argocd' } }
  await world.client.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { ...metadata, name: 'argocd-notifications-secret' },
    stringData: secrets,
  })
  await world.client.create({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { ...metadata, name: 'argocd-notifications-cm' },
    data: {
      ...Object.fromEntries(settings),
      'template.told': `message: '${message}'\n${fields.join('')}`,
      'trigger.on-told': "- when: app.status?.operationState?.phase == 'Succeeded'\n  send: [told]\n",
    },
  })
}

/** Behaves as each service does; where `instead` has something for a request, it does that. */
async function tellAll(instead: (name: string, request: Received) => Behaviour | undefined = () => undefined) {
  receiver.received.length = 0
  receiver.behave((request) => {
    const name = serviceAt.get(request.host) ?? ''
    return instead(name, request) ?? ((response) => response.end(services[name]?.answer?.(request) ?? 'ok'))
  })
  const app = await world.application(repository)
  const annotations = Object.entries(services).map(([name, { recipient }]) => [
    `notifications.argoproj.io/subscribe.on-told.${name}`,
    recipient,
  ])
  await app.patch({ metadata: { annotations: Object.fromEntries(annotations) } })
  await app.settled()
  return app
}

/** In the order of arrival, by host: two hosts may be sent to at once. */
function arrivedAt(name: string): Request[] {
  return receiver.received
    .filter(({ host }) => serviceAt.get(host) === name)
    .sort((a, b) => a.host.localeCompare(b.host))
    .map(({ method, host, path, headers, body }) => ({
      to: `${method} https://${host}${path}`,
      headers: Object.fromEntries(Object.entries(headers).flatMap(([key, value]) => pinnedHeader(key, `${value}`))),
      body: pinnedBody(body),
    }))
}

function pinnedHeader(key: string, value: string): [string, string][] {
  if (!['authorization', 'content-type', 'private-token', 'x-auth-token', 'x-user-id'].includes(key)) return []
  const [, head, claims, signature = ''] = /^Bearer ([^.]+)\.([^.]+)\.([^.]+)$/.exec(value) ?? []
  if (!claims) return [[key, value]]
  const signed = createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(gitHubKey, signature, 'base64url')
  const { iss, iat, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString())
  const isTimely = iat * 1000 < Date.now() && exp * 1000 > Date.now() && exp - iat <= 600
  return [[key, signed && isTimely ? `Bearer, signed for ${iss}` : value]]
}

const isNow = (time: string | number) => Math.abs(Date.now() - new Date(time).getTime()) < 60_000

/** What nobody can know before, where it is as it should be. */
function pinnedBody(body: string): string {
  return body
    .replace(/(?<="time":)\d{10}000/, (time) => (isNow(Number(time)) ? 'NOW' : time))
    .replace(/(?<="startsAt":")[^"]+Z/, (time) => (isNow(time) ? 'NOW' : time))
    .replace(/(?<="cardId":")[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/, 'ID')
}

function due(name: string, app: App): Request[] {
  const revision = app.status().sync?.revision ?? ''
  return services[name]?.requests({ app: app.name, revision }) ?? []
}

async function undelivered() {
  return (await client.api.call(routes.notifications.deliveries, {})).items
}

test('each gets its message, byte for byte, from the command line too', async () => {
  const app = await tellAll()
  await world.tiphys().notified()
  expect(await undelivered()).toEqual([])
  for (const name of names) expect(arrivedAt(name), name).toEqual(due(name, app))
  expect(new Set(proxy.connected)).toEqual(new Set(hosts.map((host) => `${host}:443`)))
  const { kubeconfig: KUBECONFIG, controlNamespace: TIPHYS_NAMESPACE } = world
  const command = ['admin', 'notifications', 'template', 'notify', 'told', app.name, '--recipient', 'grafana:cd|shop']
  expect(await run(command, { KUBECONFIG, TIPHYS_NAMESPACE, ...throughProxy })).toMatchObject({ code: 0, err: '' })
  expect(arrivedAt('grafana')).toEqual([...due('grafana', app), ...due('grafana', app)])
})

/** Some refuse in an answer of success. */
const refusals: Record<string, { answer: string; says: string }> = {
  slack: { answer: '{"ok":false,"error":"channel_not_found"}', says: 'Slack refused the message: channel_not_found' },
  teams: {
    answer: 'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 403',
    says: 'Teams refused the message: Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 403',
  },
  googlechat: {
    answer: '{"error":{"code":400,"message":"Invalid card"}}',
    says: 'Google Chat refused the message: Invalid card',
  },
}

test('what is refused is not tried again, and is told without the secrets that the receiver repeats', async () => {
  const repeat: Behaviour = (response, _count, { method, path, headers, body }) => {
    const who = headers.authorization ?? headers['private-token'] ?? headers['x-auth-token']
    response.writeHead(403).end(`${who} may not ${method} ${path}: ${body}`)
  }
  const app = await tellAll((name, { path }) => {
    // Credentials are granted: what is got with them must not be told either.
    if (/login$|access_tokens$/.test(path)) return undefined
    const refusal = refusals[name]
    return refusal ? (response) => response.end(refusal.answer) : repeat
  })
  await until('all are given up', async () => (await undelivered()).length === names.length)
  await world.tiphys().notified()
  const told = await undelivered()
  for (const name of names) {
    const lost = told.find(({ service }) => service === name)
    expect(lost).toMatchObject({ application: app.name, trigger: 'on-told', attempts: 1 })
    const [host] = hostsOf(services[name] as Service)
    const says = refusals[name]?.says ?? new RegExp(`\\b${host} answered 403: .* may not (POST|GET) `)
    expect(lost?.message).toMatch(says)
    const until = name === 'github' || name === 'rocketchat' ? 2 : undefined
    expect(arrivedAt(name)).toEqual(due(name, app).slice(0, until))
  }
  const said = (name: string) => told.find(({ service }) => service === name)?.message ?? ''
  expect(said('grafana')).toMatch(/^grafana.example.com answered 403: \+{8} may not POST \/api\/annotations: \{"time"/)
  expect(said('teams-workflows')).toMatch(/^flows.example.com answered 403: undefined may not POST \+{8}: \{"type"/)
  expect(said('pushover')).toMatch(/&token=\+{8}&user=user-1$/)
  const granted = receiver.received.flatMap(({ headers }) => [
    headers.authorization ?? [],
    headers['x-auth-token'] ?? [],
  ])
  const given = granted.flat().map((value) => value.replace(/^\S+ /, ''))
  expect(leaks({ 'the list': JSON.stringify(told) }, [...Object.values(secrets), ...given])).toEqual([])
})

/** Failures that are answers of another kind than 503. */
const failures: Record<string, Behaviour> = {
  slack: (response) => response.end('{"ok":false,"error":"ratelimited"}'),
  teams: (response) =>
    response.end('Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429'),
  telegram: (response) => response.writeHead(429, { 'retry-after': '1' }).end('{"ok":false}'),
  gitlab: ({ socket }) => socket?.destroy(),
}
const unavailable: Behaviour = (response) => response.writeHead(503).end()

/** Of several requests, the one that goes wrong. */
const critical: Record<string, RegExp> = { github: /check-runs$/, rocketchat: /postMessage$/ }

/** Does as told where something critical is asked for the first time, and then as the service does. */
function atFirst(goWrong: (name: string) => Behaviour | undefined) {
  return (name: string, { path }: Received): Behaviour | undefined => {
    const wrong = !critical[name] || critical[name].test(path) ? goWrong(name) : undefined
    return (
      wrong &&
      ((response, count, request) => {
        if (count === 1) wrong(response, count, request)
        else response.end(services[name]?.answer?.(request) ?? 'ok')
      })
    )
  }
}

test('what fails arrives at the next attempt, and what was done before is not done again', async () => {
  const app = await tellAll(atFirst((name) => failures[name] ?? unavailable))
  await until('all have it', () => names.every((name) => hasAll(name, app)))
  await world.tiphys().notified()
  expect((await undelivered()).filter(({ application }) => application === app.name)).toEqual([])
  const twice = (name: string) => due(name, app).flatMap((request) => [request, request])
  for (const name of names.filter((one) => !critical[one])) expect(arrivedAt(name), name).toEqual(twice(name))
  const [login, post] = due('rocketchat', app)
  expect(arrivedAt('rocketchat')).toEqual([login, post, login, post])
  const [grant, ...marks] = due('github', app)
  const [check, dispatch] = marks.slice(-2)
  const pulls = marks.find(({ to }) => to.endsWith('/pulls'))
  expect(arrivedAt('github')).toEqual([grant, ...marks.slice(0, -1), grant, pulls, check, dispatch])
})

/** By the last of its requests, the second time. */
function hasAll(name: string, app: App): boolean {
  const last = due(name, app).at(-1)
  const times = name === 'github' ? 1 : 2
  return arrivedAt(name).filter((request) => isDeepStrictEqual(request, last)).length === times
}

test('who hangs is told, is asked again, and holds up nobody else', async () => {
  const hanging = ['mattermost', 'rocketchat', 'opsgenie']
  const app = await tellAll(atFirst((name) => (hanging.includes(name) ? () => {} : undefined)))
  // Nobody waits for those who hang: whoever asks them a second time has waited for the first.
  const isAskedOnce = (name: string) => isDeepStrictEqual(arrivedAt(name), due(name, app))
  await until('all have it, and nobody twice', () => names.every(isAskedOnce))
  const silent = new Set<string>()
  await until('it is told who hangs', async () => {
    for (const { application, service = '', message: why = '' } of await undelivered())
      if (application === app.name && /no answer within 10 s.* in 1 s/.test(why)) silent.add(service)
    return silent.size === hanging.length
  })
  expect(silent).toEqual(new Set(hanging))
  await world.tiphys().notified()
  expect((await undelivered()).filter(({ application }) => application === app.name)).toEqual([])
  for (const name of hanging) expect(arrivedAt(name), name).toEqual([...due(name, app), ...due(name, app)])
})
