/** Applications whose notifications meet trouble: places that are taken, a cluster that is away, a replica beside this one. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import type { Application } from '../model/index.ts'
import { readConfiguration } from './configuration.ts'
import { DeliveryError } from './delivery/delivery-error.ts'
import { type Notifier, type NotifierOptions, startNotifier } from './notifier.ts'
import { readUnderWay, sentAnnotation, underWayAnnotation } from './sent-state.ts'

const notifiers: Notifier[] = []
afterEach(async () => {
  await Promise.all(notifiers.splice(0).map((notifier) => notifier.close()))
})

const subscribe = (...subscriptions: string[]) =>
  Object.fromEntries(subscriptions.map((one) => [`notifications.argoproj.io/subscribe.${one}`, '']))

function applicationOf(name: string, annotations: Record<string, string>, status: object = {}): Application {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: 'argocd', annotations },
    spec: { project: 'default', destination: {}, source: { repoURL: `https://git.example.com/${name}` } },
    status,
  } as Application
}

interface Given extends Partial<Omit<NotifierOptions, 'applications'>> {
  applications: Application[]
  map?: Record<string, string>
  /** Throws where the receiver fails. */
  receive?(url: string): Promise<void>
  /** Throws where the cluster does. */
  write?(annotations: Record<string, string | null>): Promise<void>
}

function start({ applications, map = {}, receive = async () => {}, write = async () => {}, ...options }: Given) {
  const sent: string[] = []
  const logged: string[] = []
  const named = (instance: string) => applications.find(({ metadata }) => metadata.name === instance)
  const settings = readConfiguration({
    map: {
      'service.webhook': 'url: http://receiver.example.com',
      'service.webhook.other': 'url: http://other.example.com',
      'template.hello': 'message: hello',
      ...map,
    },
    secret: {},
    url: '',
  })
  const note = (_fields: object, text: string) => void logged.push(text)
  const notifier = startNotifier({
    namespace: 'argocd',
    application: named,
    applications: () => applications,
    project: () => undefined,
    async patch(instance, patch) {
      const { annotations } = (patch as { metadata: { annotations: Record<string, string | null> } }).metadata
      await write(annotations)
      const present = named(instance)?.metadata.annotations as Record<string, string>
      for (const [key, value] of Object.entries(annotations)) {
        if (value === null) delete present[key]
        else present[key] = value
      }
    },
    settings: () => settings,
    matches: () => false,
    commit: async () => ({ message: '', author: 'ann', date: new Date(0), tags: [] }),
    drift: () => [],
    courier: {
      async send({ url }: { url: string }) {
        sent.push(url)
        await receive(url)
        return { status: 200, text: '' }
      },
      permitHost: async () => undefined,
      authoritiesOf: () => undefined,
      close: async () => {},
    } as never,
    log: { info: note, warn: note },
    observer: { delivered() {}, evaluated() {} },
    settleMs: 0,
    backoff: { attempts: 3, firstMs: 10, longestMs: 50 },
    ...options,
  })
  notifiers.push(notifier)
  return { notifier, sent, logged }
}

const states = (application: Application) =>
  Object.values(readUnderWay(application.metadata.annotations)).map(({ service, state }) => `${service} ${state}`)
const never = () => new Promise<void>(() => {})
const failsForNow = () => Promise.reject(new DeliveryError('it is away', { retry: true }))

test('what waits for a place when the process ends is sent by the next one; what was being sent is not', async () => {
  const shops = ['a', 'b'].map((name) => applicationOf(name, subscribe('on-created.webhook')))
  const first = start({ applications: shops, receive: never, lanes: { ofReceiver: 1, ofService: 1 } })
  await expect.poll(() => shops.flatMap(states).sort()).toEqual(['webhook sending', 'webhook waiting'])
  await first.notifier.close()
  expect(shops.flatMap(states).sort()).toEqual(['webhook sending', 'webhook waiting'])
  const next = start({ applications: shops })
  await next.notifier.idle()
  expect(next.sent).toHaveLength(1)
  expect(next.notifier.undelivered()).toHaveLength(1)
  expect(shops.flatMap(states)).toEqual([])
})

test('a record that cannot be written for a while is no failure of the receiver, and leaves nothing behind', async () => {
  const shop = applicationOf('shop', subscribe('on-created.webhook'))
  let failures = 0
  let attempts = 0
  const { notifier, sent } = start({
    applications: [shop],
    receive: () => (attempts++ === 0 ? failsForNow() : Promise.resolve()),
    async write(annotations) {
      // Each of those that tell how far it is fails once.
      if (annotations[sentAnnotation] === undefined && failures++ % 2 === 0) throw new Error('connection reset')
    },
    recordPauses: { firstMs: 5, longestMs: 10 },
  })
  await notifier.idle()
  expect(sent).toHaveLength(2)
  expect(failures).toBe(8)
  expect(notifier.undelivered()).toEqual([])
  expect(states(shop)).toEqual([])
})

test('one that waits for its next try is left to who answers for the application by then', async () => {
  const shop = applicationOf('shop', subscribe('on-created.webhook'))
  let mine = true
  const isOurs = () => mine
  const first = start({
    applications: [shop],
    isOurs,
    receive: failsForNow,
    backoff: { attempts: 3, firstMs: 60, longestMs: 60 },
  })
  await expect.poll(() => states(shop)).toEqual(['webhook waiting'])
  mine = false
  const other = start({ applications: [shop] })
  await other.notifier.idle()
  await first.notifier.idle()
  expect([first.sent.length, other.sent.length]).toEqual([1, 1])

  // Another process is sending it just now, though it is ours: it may have it from before.
  mine = true
  const key = 'one'
  const under = (state: string) =>
    JSON.stringify({ [key]: { state, trigger: 'on-created', templates: ['hello'], service: 'webhook', recipient: '' } })
  const annotations = { [underWayAnnotation]: under('waiting') }
  const cart = applicationOf('cart', annotations)
  const third = start({
    applications: [cart],
    receive: failsForNow,
    backoff: { attempts: 3, firstMs: 60, longestMs: 60 },
  })
  await expect.poll(() => third.sent.length).toBe(1)
  await expect.poll(() => states(cart)).toEqual(['webhook waiting'])
  annotations[underWayAnnotation] = under('sending')
  await third.notifier.idle()
  expect(third.sent).toHaveLength(1)
  expect(states(cart)).toEqual(['webhook sending'])
})

test('what is so again while the first time is still being told is told twice', async () => {
  const status = { health: { status: 'Degraded' } }
  const shop = applicationOf('shop', subscribe('on-bad.webhook'), status)
  let fail = () => {}
  let attempts = 0
  const { notifier, sent } = start({
    applications: [shop],
    map: { 'trigger.on-bad': "- when: app.status.health.status == 'Degraded'\n  send: [hello]\n" },
    receive: () =>
      attempts++ > 0
        ? Promise.resolve()
        : new Promise<void>((_, reject) => {
            fail = () => reject(new DeliveryError('it is away', { retry: true }))
          }),
  })
  await expect.poll(() => states(shop)).toEqual(['webhook sending'])
  for (const health of ['Healthy', 'Degraded']) {
    status.health.status = health
    notifier.look('shop')
    await sleep(10)
  }
  await expect.poll(() => sent.length).toBe(2)
  fail()
  await notifier.idle()
  expect(sent).toHaveLength(3)
  expect(states(shop)).toEqual([])
  expect(notifier.undelivered()).toEqual([])
})

const onCommit = {
  'trigger.on-commit': "- when: repo.GetCommitMetadata('abc').Author == 'ann'\n  send: [hello]\n",
}

test('an application whose commits take long to fail holds up no other, and is not asked again at once', async () => {
  const slow = applicationOf('slow', subscribe('on-commit.webhook'))
  const quick = applicationOf('quick', subscribe('on-commit.webhook'))
  const asked: string[] = []
  let fail = () => {}
  const { notifier, sent } = start({
    applications: [slow, quick],
    map: onCommit,
    async commit({ metadata }) {
      asked.push(metadata.name)
      if (metadata.name === 'slow') await new Promise<void>((_, reject) => (fail = () => reject(new Error('hung'))))
      return { message: '', author: 'ann', date: new Date(0), tags: [] }
    },
  })
  await expect.poll(() => sent.length).toBe(1)
  fail()
  await notifier.idle()
  notifier.look('slow')
  await notifier.idle()
  expect(asked.filter((name) => name === 'slow')).toHaveLength(1)
})

test('what becomes true by time alone is told without any change, and only who asks for the time is looked at', async () => {
  const late = applicationOf('late', subscribe('on-late.webhook'))
  const parsed = applicationOf('parsed', subscribe('on-parsed.webhook'))
  const evaluated: string[] = []
  let hour = 9
  const { notifier, sent } = start({
    applications: [late, parsed],
    map: {
      'trigger.on-late': '- when: time.Now().Hour() >= 10\n  send: [hello]\n',
      'trigger.on-parsed': "- when: time.Parse('2024-01-01T00:00:00Z').Year() == 2023\n  send: [hello]\n",
    },
    now: () => new Date(Date.UTC(2024, 0, 1, hour)),
    timeMs: 20,
    observer: { delivered() {}, evaluated: (trigger) => void evaluated.push(trigger) },
  })
  await notifier.idle()
  expect(sent).toEqual([])
  hour = 10
  await expect.poll(() => sent.length).toBe(1)
  await sleep(60)
  expect(sent).toHaveLength(1)
  expect(evaluated.filter((trigger) => trigger === 'on-parsed')).toHaveLength(1)
})

test('what is wrong with a trigger is logged once for each application', async () => {
  const shop = applicationOf('shop', subscribe('on-wrong.webhook', 'on-nothing.webhook'))
  const { notifier, logged } = start({
    applications: [shop],
    map: { 'trigger.on-wrong': '- when: app.status.operationState.phase == 1\n  send: [hello]\n' },
  })
  for (let look = 0; look < 3; look++) {
    notifier.look('shop')
    await notifier.idle()
  }
  expect(logged).toEqual([
    expect.stringMatching(/trigger on-wrong: cannot fetch phase from nil/),
    expect.stringMatching(/trigger "on-nothing" is not configured/),
  ])
})
