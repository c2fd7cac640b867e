/** Notifications, sent to real receivers: HTTP servers and an SMTP server. */
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { routes } from '../../src/contract/index.ts'
import { tiphysIn } from './command-line.ts'
import { configMap } from './manifests.ts'
import { type Collector, collectedBy, startCollector } from './otlp-collector.ts'
import { untilWithin } from './patience.ts'
import { type Behaviour, type Receiver, startReceiver } from './receiver.ts'
import { type SignedIn, signIn } from './signed-in.ts'
import { type App, type Repository, startWorld, type World } from './world.ts'

let collector: Collector
let world: World
let client: SignedIn
let repository: Repository
let receiver: Receiver
let smtp: SMTPServer
const mails: string[] = []
/** What the receiver does at a path; it answers 200 elsewhere. */
const behaviours = new Map<string, Behaviour>()
const token = 'canary-token-of-the-receiver'

const at = (path: string) => receiver.at(path)
const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port

beforeAll(async () => {
  receiver = await startReceiver()
  receiver.behave(({ path }) => behaviours.get(path))
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, _session, done) {
      let text = ''
      stream.on('data', (chunk: Buffer) => {
        text += chunk
      })
      stream.on('end', () => {
        mails.push(text)
        done()
      })
    },
  })
  await new Promise<void>((resolve) => {
    smtp.listen(0, '127.0.0.1', () => resolve())
  })
  collector = await startCollector()
  world = await startWorld({}, collectedBy(collector))
  world.secrets.push(token)
  client = await signIn(world)
  repository = world.repository({ 'map.yaml': configMap('settings', { colour: 'blue' }) })
  await configure()
})
afterAll(async () => {
  await world.stop()
  await collector.close()
  receiver.close()
  smtp.close()
})
beforeEach(() => {
  behaviours.clear()
})

async function configure(): Promise<void> {
  const base = `http://127.0.0.1:${receiver.port}`
  const hook = (path: string) =>
    `url: ${base}${path}\nheaders:\n- {name: Content-Type, value: application/json}\n- {name: X-Token, value: $token}\n`
  const body = (name: string) =>
    `{method: POST, body: '{"app":"{{.app.metadata.name}}","phase":"{{.app.status.operationState.phase}}"}', path: /${name}}`
  const services = ['good', 'flaky', 'refusing', 'hanging', 'slow']
  const data = {
    'service.email': `host: 127.0.0.1\nport: ${portOf(smtp.server)}\nfrom: tiphys@example.com\n`,
    ...Object.fromEntries(services.map((name) => [`service.webhook.${name}`, hook('')])),
    'template.app-sync-succeeded': `message: Application {{.app.metadata.name}} was synced.\nemail:\n  subject: Synced {{.app.metadata.name}}\nwebhook:\n${services.map((name) => `  ${name}: ${body(name)}`).join('\n')}\n`,
    'template.app-sync-failed':
      'message: x\nwebhook:\n  good: {method: POST, path: /failed, body: "{{.app.metadata.name}}"}\n',
    'template.linked': 'message: x\nwebhook:\n  good: {method: POST, path: /linked, body: "{{.context.argocdUrl}}"}\n',
    'template.endless': 'message: \'{{define "t"}}{{template "t" .}}{{end}}{{template "t" .}}\'\n',
    'template.commit':
      'message: x\nwebhook:\n  good: {method: POST, path: /commit, body: "{{(call .repo.GetCommitMetadata .app.status.sync.revision).Author}}"}\n',
    'trigger.on-endless': "- when: app.status?.operationState?.phase == 'Succeeded'\n  send: [endless]\n",
    'trigger.on-commit': "- when: app.status?.operationState?.phase == 'Succeeded'\n  send: [commit]\n",
  }
  const metadata = { namespace: world.controlNamespace, labels: { 'app.kubernetes.io/part-of': 'argocd' } }
  await world.client.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { ...metadata, name: 'argocd-notifications-secret' },
    data: { token: Buffer.from(token).toString('base64') },
  })
  await world.client.create({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { ...metadata, name: 'argocd-notifications-cm' },
    data,
  })
}

async function subscribed(subscriptions: Record<string, string>): Promise<App> {
  const app = await world.application(repository)
  const annotations = Object.fromEntries(
    Object.entries(subscriptions).map(([key, value]) => [`notifications.argoproj.io/subscribe.${key}`, value]),
  )
  await app.patch({ metadata: { annotations } })
  await app.settled()
  return app
}

const until = untilWithin(20_000)

const sentOf = (app: App) =>
  JSON.parse(app.current()?.metadata.annotations?.['notified.notifications.argoproj.io'] ?? '{}') as Record<
    string,
    number
  >

test('a sync is told to a webhook and by mail, once, and a restart tells it to nobody again', async () => {
  const app = await subscribed({
    'on-sync-succeeded.good': '',
    'on-sync-succeeded.email': 'team@example.com, lead@example.com',
  })
  await until('the webhook has it', () => at('/good').some(({ body }) => body.includes(app.name)))
  await until('the mail has arrived', () => mails.length > 0)
  const [hook] = at('/good')
  expect(hook).toMatchObject({ method: 'POST', body: `{"app":"${app.name}","phase":"Succeeded"}` })
  expect(hook?.headers).toMatchObject({ 'content-type': 'application/json', 'x-token': token })
  expect(mails[0]).toMatch(new RegExp(`^Subject: Synced ${app.name}`, 'm'))
  const told = () => collector.spans.filter(({ attributes }) => attributes['tiphys.application'] === app.name)
  await until('its traces', () => told().length === 2)
  expect(told()).toContainEqual(
    expect.objectContaining({
      name: 'notification',
      attributes: { 'tiphys.application': app.name, 'tiphys.trigger': 'on-sync-succeeded', 'tiphys.service': 'good' },
    }),
  )
  expect(JSON.stringify(collector.spans)).not.toMatch('lead@example.com')
  expect(mails[0]).toMatch(/^To: team@example.com, lead@example.com/m)
  expect(mails[0]).toContain(`Application ${app.name} was synced.`)
  await world.tiphys().notified()
  const revision = app.status().operationState?.syncResult?.revision
  expect(Object.keys(sentOf(app)).filter((key) => key.endsWith(':good:'))[0]).toMatch(
    new RegExp(`^${revision}:on-sync-succeeded:\\[0\\]\\.[\\w-]{27}:good:$`),
  )
  expect(app.current()?.metadata.annotations).not.toHaveProperty('tiphys.dev/notifications-under-way')
  await world.restart()
  await world.tiphys().notified()
  await app.sync()
  await world.tiphys().notified()
  expect(at('/good')).toHaveLength(1)
  expect(mails).toHaveLength(1)
  const next = repository.commit({ 'map.yaml': configMap('settings', { colour: 'red' }) })
  await app.patch({ metadata: { annotations: { 'argocd.argoproj.io/refresh': 'normal' } } })
  await app.settled(next)
  await until('the next revision is told', () => at('/good').length === 2)
  const metrics = await (await fetch(world.tiphys().metricsUrl ?? '')).text()
  expect(metrics).toMatch(
    /argocd_notifications_deliveries_total\{trigger="on-sync-succeeded",service="good",succeeded="true"\} 1/,
  )
  expect(metrics).toMatch(/argocd_notifications_trigger_eval_total\{name="on-sync-succeeded",triggered="true"\} \d/)
})

test('one that hangs, one that refuses and one that is down for a while hold up nobody', async () => {
  client = await signIn(world)
  behaviours.set('/hanging', () => {})
  behaviours.set('/refusing', (response) => response.writeHead(403).end(`no entry with ${token}`))
  behaviours.set('/flaky', (response, count) => response.writeHead(count < 2 ? 503 : 200).end())
  behaviours.set('/slow', (response, count) => response.writeHead(count < 2 ? 429 : 200, { 'retry-after': '2' }).end())
  const before = at('/good').length
  const started = Date.now()
  const keys = ['hanging', 'refusing', 'flaky', 'slow', 'good'].map((name) => [`on-sync-succeeded.${name}`, ''])
  const app = await subscribed(Object.fromEntries(keys))
  await until('the good one has it', () => at('/good').length === before + 1)
  expect(Date.now() - started).toBeLessThan(15_000)
  await until('the flaky one has it', () => at('/flaky').length === 2)
  await until('the slow one has it', () => at('/slow').length === 2)
  await until('the refusing one is given up', () => at('/refusing').length === 1)
  const listed = async () =>
    (await client.api.call(routes.notifications.deliveries, {})).items.filter(
      ({ message = '' }) => !message.includes('; it is tried again'),
    )
  const limit = Date.now() + 10_000
  while ((await listed()).length === 0 && Date.now() < limit) await new Promise((resolve) => setTimeout(resolve, 50))
  expect(await listed()).toEqual([
    expect.objectContaining({
      application: app.name,
      service: 'refusing',
      trigger: 'on-sync-succeeded',
      attempts: 1,
      message: `127.0.0.1:${receiver.port} answered 403: no entry with ++++++++`,
    }),
  ])
  // What was being sent when the process ended may have arrived: it is listed, and not sent again.
  const hung = at('/hanging').length
  behaviours.delete('/hanging')
  await world.restart()
  client = await signIn(world)
  await world.tiphys().notified()
  expect(at('/hanging')).toHaveLength(hung)
  expect((await listed()).map(({ service, message }) => `${service}: ${message}`)).toEqual([
    'hanging: the process ended while this was being sent: it is not known whether it arrived',
  ])
  expect(app.current()?.metadata.annotations).not.toHaveProperty('tiphys.dev/notifications-under-way')
  expect(at('/refusing')).toHaveLength(1)
})

test('a template without end is given up with a reason, and one about the commit names its author', async () => {
  const app = await subscribed({ 'on-endless.good': '', 'on-commit.good': '' })
  await until('the author is told', () => at('/commit').length === 1)
  expect(at('/commit')[0]?.body).toMatch(/\S+ <\S+@\S+>/)
  await world.tiphys().notified()
  const { items } = await client.api.call(routes.notifications.deliveries, {})
  expect(items.find(({ application }) => application === app.name)).toMatchObject({
    trigger: 'on-endless',
    message: expect.stringMatching(/^template: endless:1:\d+: the template is nested more than 200 levels deep/),
  })
})

test('each sync that fails before its revision is known is told', async () => {
  const source = { repoURL: repository.url, path: '.', targetRevision: 'nowhere' }
  const app = await world.application(repository, { source, syncPolicy: {} })
  await app.patch({ metadata: { annotations: { 'notifications.argoproj.io/subscribe.on-sync-failed.good': '' } } })
  for (const count of [1, 2]) {
    expect(await app.sync({})).toMatchObject({ phase: 'Failed', syncResult: { revision: '' } })
    await until('it is told', () => at('/failed').length === count)
  }
})

test('what is there without being configured is listed with the rest', async () => {
  const { triggers, templates, services } = routes.notifications
  const names = ({ items }: { items: { name?: string }[] }) => items.map(({ name }) => name)
  expect(names(await client.api.call(triggers, {}))).toEqual(
    expect.arrayContaining(['on-commit', 'on-created', 'on-endless', 'on-out-of-sync']),
  )
  expect(names(await client.api.call(templates, {}))).toEqual(expect.arrayContaining(['app-deployed', 'commit']))
  const configured = ['email', 'flaky', 'good', 'hanging', 'refusing', 'slow']
  expect(names(await client.api.call(services, {}))).toEqual(configured)
})

test('links lead to the new address as soon as it is changed', async () => {
  const told = async () => {
    await client.api.call(routes.notifications.test, {
      body: { service: 'good', recipient: '', template: 'linked', application: app.name },
    })
    return at('/linked').at(-1)?.body
  }
  const app = await subscribed({})
  const metadata = {
    namespace: world.controlNamespace,
    name: 'argocd-cm',
    labels: { 'app.kubernetes.io/part-of': 'argocd' },
  }
  const data = { url: 'https://new.example.com' }
  await world.client.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data }, { fieldManager: 'test' })
  await expect.poll(told).toBe('https://new.example.com')
})

test('a test is sent once, and says why it could not be', async () => {
  const before = at('/').length
  await client.api.call(routes.notifications.test, { body: { service: 'good', recipient: '' } })
  expect(at('/')).toHaveLength(before + 1)
  const failing = client.api.call(routes.notifications.test, { body: { service: 'nope', recipient: '' } })
  await expect(failing).rejects.toThrow(
    'the service "nope" is not configured: add service.nope to argocd-notifications-cm',
  )
})

test('the command line lists, asks and tries what is configured', async () => {
  const app = await subscribed({})
  const notifications = (...args: string[]) => tiphysIn(world, ['admin', 'notifications', ...args])
  const listed = await notifications('trigger', 'get')
  expect(listed.out).toMatch(/^on-out-of-sync +app\.status\?\.sync\?\.status == 'OutOfSync' +app-out-of-sync$/m)
  expect((await notifications('trigger', 'run', 'on-sync-succeeded', app.name)).out).toMatch(
    /^\[0\]\.[\w-]{27} +true +[0-9a-f]{40}/m,
  )
  const printed = await notifications('template', 'notify', 'app-sync-succeeded', app.name)
  expect(printed.out).toContain(`message: Application ${app.name} was synced.`)
  const before = at('/good').length
  await notifications('template', 'notify', 'app-sync-succeeded', app.name, '--recipient', 'good:')
  expect(at('/good')).toHaveLength(before + 1)
  const wrong = await notifications('template', 'notify', 'nope', app.name)
  expect(wrong).toMatchObject({ code: 20, err: expect.stringContaining('there is no template "nope"') })
})
