import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Application } from '../model/index.ts'
import { readConfiguration } from './configuration.ts'
import { DeliveryError } from './delivery/delivery-error.ts'
import { type Notifier, type NotifierOptions, startNotifier } from './notifier.ts'
import { type UnderWay, underWayAnnotation } from './sent-state.ts'

/** One application that an earlier process, or another one, has begun to tell something of. */
function leftBehind(state: UnderWay['state'], options: Partial<NotifierOptions> = {}) {
  const one: UnderWay = { state, trigger: 'on-created', templates: ['hello'], service: 'webhook', recipient: 'ops' }
  const application = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {
      name: 'shop',
      namespace: 'argocd',
      annotations: { [underWayAnnotation]: JSON.stringify({ key: one }) },
    },
    spec: { project: 'default', destination: {} },
  } as Application
  const sent: string[] = []
  const annotations = application.metadata.annotations as Record<string, string>
  const record = () => annotations[underWayAnnotation]
  const settings = readConfiguration({
    map: { 'service.webhook': 'url: http://receiver.example.com', 'template.hello': 'message: hello' },
    secret: {},
    url: '',
  })
  const notifier: Notifier = startNotifier({
    namespace: 'argocd',
    application: () => application,
    applications: () => [application],
    project: () => undefined,
    async patch(_instance, patch) {
      const { metadata } = patch as { metadata: { annotations: Record<string, string | null> } }
      for (const [key, value] of Object.entries(metadata.annotations)) {
        if (value === null) delete annotations[key]
        else annotations[key] = value
      }
    },
    settings: () => settings,
    matches: () => false,
    commit: async () => ({ message: '', author: '', date: new Date(0), tags: [] }),
    drift: () => [],
    courier: {
      async send({ url }: { url: string }) {
        sent.push(url)
        return { status: 200, text: '' } as never
      },
      permitHost: async () => undefined as never,
      close: async () => {},
    } as never,
    log: { info() {}, warn() {} },
    observer: { delivered() {}, evaluated() {} },
    settleMs: 0,
    ...options,
  })
  return { notifier, sent, record, finish: () => delete annotations[underWayAnnotation] }
}

test('what waited when a process ended is sent by the next, once', async () => {
  const { notifier, sent, record } = leftBehind('waiting')
  await notifier.idle()
  notifier.lookAtAll()
  await notifier.idle()
  expect(sent).toHaveLength(1)
  expect(record()).toBeUndefined()
  expect(notifier.undelivered()).toEqual([])
  await notifier.close()
})

test('what was being sent when a process ended is not sent again: it may have arrived, and is listed', async () => {
  const { notifier, sent, record } = leftBehind('sending')
  await notifier.idle()
  expect(sent).toEqual([])
  expect(notifier.undelivered()).toMatchObject([{ application: 'shop', trigger: 'on-created' }])
  expect(record()).toBeUndefined()
  await notifier.close()
})

test('what is cut off by the end of a process may have arrived: it stays on record as being sent', async () => {
  let cutOff = () => {}
  const send = () =>
    new Promise((_resolve, reject) => {
      cutOff = () => reject(new DeliveryError('the connection was closed', { retry: true }))
    })
  const courier = { send, permitHost: async () => undefined, close: async () => cutOff() }
  const { notifier, record } = leftBehind('waiting', { courier: courier as never })
  await expect.poll(record).toMatch('"state":"sending"')
  await notifier.close()
  await sleep(20)
  expect(record()).toMatch('"state":"sending"')
})

test('what another process is about to tell is left to it', async () => {
  for (const state of ['waiting', 'sending'] as const) {
    const { notifier, sent, record } = leftBehind(state, { isOurs: () => false })
    const before = record()
    await notifier.idle()
    expect(sent).toEqual([])
    expect(notifier.undelivered()).toEqual([])
    expect(record()).toBe(before)
    await notifier.close()
  }
})

test('who takes an application over from a process that lives gives it the time to end what it has begun', async () => {
  let isOurs = false
  const alive = leftBehind('sending', { isOurs: () => isOurs, othersMs: 100 })
  await alive.notifier.idle()
  isOurs = true
  alive.notifier.lookAtAll()
  await sleep(20)
  alive.finish()
  await alive.notifier.idle()
  expect(alive.notifier.undelivered()).toEqual([])

  const dead = leftBehind('sending', { isOurs: () => isOurs, othersMs: 100 })
  await dead.notifier.idle()
  expect(dead.notifier.undelivered()).toHaveLength(1)
  expect(dead.sent).toEqual([])
  await Promise.all([alive.notifier.close(), dead.notifier.close()])
})
