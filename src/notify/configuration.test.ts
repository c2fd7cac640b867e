import { expect, test } from 'vitest'
import { catalogueTemplates, catalogueTriggers } from './catalogue.ts'
import { readConfiguration, whyMissing } from './configuration.ts'
import { decide, evaluated } from './due.ts'
import { combined, NotificationTemplate } from './notification.ts'
import { sentKey } from './sent-state.ts'
import { destinationsOf } from './subscriptions.ts'
import { variablesOf } from './variables.ts'

const application = (status: object, annotations: Record<string, string> = {}) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'shop', namespace: 'argocd', labels: { team: 'a' }, annotations },
  spec: { project: 'default', source: { repoURL: 'https://example.com/o/r' } },
  status,
})
const now = new Date('2024-01-01T00:00:00Z')
const variables = (app: object) =>
  variablesOf({
    application: app,
    project: undefined,
    context: { argocdUrl: 'https://t' },
    secrets: {},
    commits: new Map(),
    now,
  })
const synced = {
  operationState: { phase: 'Succeeded', finishedAt: 'x', syncResult: { revision: 'r1' } },
  health: { status: 'Healthy' },
  sync: { status: 'Synced', revision: 'r1' },
}

test('one wrong key switches off itself alone, and tells no secret', () => {
  const settings = readConfiguration({
    map: {
      'service.slack': 'token: $slack-token\n',
      'service.webhook.my.hook': 'url: https://$host/x\nheaders: [{name: A, value: $missing}]\n',
      'trigger.bad': '- when: app.(\n  send: [x]\n',
      'trigger.good': '- when: true\n  send: [a]\n',
      'template.bad': 'message: "{{ nope }}"\n',
      'defaultTriggers.slack': '- good\n',
      defaultTriggers: '[on-deployed]',
      context: 'region: eu\n',
    },
    secret: { 'slack-token': 'xoxb-1', host: 'h.example.com' },
    url: 'https://t',
  })
  expect(settings.services.get('slack')).toEqual({ type: 'slack', name: 'slack', options: { token: 'xoxb-1' } })
  expect(settings.services.get('my.hook')).toMatchObject({
    type: 'webhook',
    options: { url: 'https://h.example.com/x', headers: [{ value: '$missing' }] },
  })
  expect(settings.context).toEqual({ argocdUrl: 'https://t', region: 'eu' })
  expect(settings.problems).toEqual([
    expect.stringMatching(/^argocd-notifications-cm: trigger.bad: unexpected \(/),
    expect.stringMatching(/^argocd-notifications-cm: template.bad: .*function "nope" not defined/),
  ])
  expect(settings.triggers.has('good')).toBe(true)
})

test('the key of a condition is the one that Argo CD writes', () => {
  const settings = readConfiguration({
    map: { 'trigger.t': "- when: app.status.health.status == 'Degraded'\n  send: [x]\n" },
    secret: {},
  })
  const condition = settings.triggers.get('t')?.[0]?.key ?? ''
  // The SHA-1 of the condition's text in base64 for URLs, without padding.
  expect(condition).toMatch(/^\[0\]\.[\w-]{27}$/)
  expect(sentKey({ trigger: 't', condition, oncePer: 'abc', service: 'slack', recipient: 'ops' })).toBe(
    `abc:t:${condition}:slack:ops`,
  )
})

test('whoever has subscribed is found, each once', () => {
  const settings = readConfiguration({
    map: {
      defaultTriggers: '[d]',
      'defaultTriggers.email': '[e]',
      subscriptions:
        '[{recipients: ["slack:all", hook], triggers: [t], selector: team=a}, {recipients: ["slack:none"], triggers: [t], selector: team=b}]',
    },
    secret: {},
  })
  const prefix = 'notifications.argoproj.io/'
  const annotations = {
    [`${prefix}subscribe.t.slack`]: 'one; two;one',
    [`${prefix}subscribe.slack`]: 'one',
    [`${prefix}subscribe.email`]: 'a@b.c',
    [`${prefix}subscriptions`]: '[{trigger: [x], destinations: [{service: slack, recipients: [three]}]}]',
    [`${prefix}subscribe.t.hook`]: '',
  }
  const matches = (selector: string, labels: Readonly<Record<string, string>>) =>
    selector === '' || selector === `team=${labels.team}`
  const found = destinationsOf({ application: application({}, annotations), project: undefined, settings, matches })
  const readable = Object.fromEntries(
    [...found].map(([trigger, to]) => [trigger, to.map(({ service, recipient }) => `${service}:${recipient}`)]),
  )
  expect(readable).toEqual({
    t: ['slack:one', 'slack:two', 'hook:', 'slack:all'],
    d: ['slack:one'],
    e: ['email:a@b.c'],
    x: ['slack:three'],
  })
})

test('what was told stays told until it is no longer so; once per revision it stays for good', () => {
  const triggers = readConfiguration({ map: {}, secret: {} }).triggers
  const destinations = new Map([
    ['on-out-of-sync', [{ service: 's', recipient: 'r' }]],
    ['on-sync-succeeded', [{ service: 's', recipient: 'r' }]],
  ])
  const run = (status: object, state: Record<string, number>) =>
    decide({ destinations, triggers, variables: variables(application(status)), state, now })
  const first = run({ ...synced, sync: { status: 'OutOfSync' } }, {})
  expect(first.due.map(({ trigger }) => trigger)).toEqual(['on-out-of-sync', 'on-sync-succeeded'])
  expect(run({ ...synced, sync: { status: 'OutOfSync' } }, { ...first.state }).due).toEqual([])
  const mended = run({ ...synced, operationState: { phase: 'Running' } }, { ...first.state })
  expect(Object.keys(mended.state)).toEqual([expect.stringMatching(/^r1:on-sync-succeeded/)])
  expect(run(synced, { ...mended.state }).due).toEqual([])
  expect(
    run({ ...synced, operationState: { phase: 'Succeeded', syncResult: { revision: 'r2' } } }, { ...mended.state }).due,
  ).toHaveLength(1)
})

test.for(Object.keys(catalogueTriggers))(
  '%s of the catalogue can be evaluated for an application that has no status yet',
  (name) => {
    const conditions = readConfiguration({ map: {}, secret: {} }).triggers.get(name) ?? []
    expect(conditions).toHaveLength(1)
    for (const condition of conditions) {
      expect(evaluated(condition, variables({ metadata: { name: 'shop' }, spec: {} }))).not.toHaveProperty('problem')
    }
  },
)

test.for(Object.keys(catalogueTemplates))(
  '%s of the catalogue says something, and its JSON survives any message',
  (name) => {
    const template = new NotificationTemplate(
      name,
      JSON.parse(catalogueTemplates[name] ?? '') as Record<string, unknown>,
    )
    const status = {
      ...synced,
      operationState: { ...synced.operationState, message: 'a "b"\n\\c', finishedAt: '"' },
      health: { status: 'De"graded' },
    }
    const said = combined([
      template.render({
        ...variables(application(status)),
        drift: [{ object: 'Deployment/x', field: 'spec.replicas', by: 'kubectl', at: 'noon' }],
      }),
    ]) as {
      message: string
      slack: { attachments: string }
      teams: { facts: string; potentialAction: string }
    }
    expect(said.message).toMatch(/^(The sync of a|A|It is not known whether a)pplication shop|^The s/)
    expect(JSON.parse(said.slack.attachments)).toMatchObject([
      { title: 'shop', title_link: 'https://t/applications/shop' },
    ])
    expect(JSON.parse(said.teams.facts)).not.toHaveLength(0)
    expect(JSON.parse(said.teams.potentialAction)).toHaveLength(1)
    if (name === 'app-out-of-sync')
      expect(said.message).toContain('Deployment/x: spec.replicas, changed by kubectl at noon')
  },
)

test('what is asked for is told with what is wrong with it, where it is there', () => {
  const settings = readConfiguration({
    map: { 'template.told': 'message: {', 'service.webhook.hook': '- url', 'service.slack': '- token' },
    secret: {},
  })
  expect(whyMissing(settings, 'template', 'told')).toMatch(/^argocd-notifications-cm: template.told: /)
  const mapping = 'a mapping was expected'
  expect(whyMissing(settings, 'service', 'hook')).toBe(`argocd-notifications-cm: service.webhook.hook: ${mapping}`)
  expect(whyMissing(settings, 'service', 'slack')).toBe(`argocd-notifications-cm: service.slack: ${mapping}`)
  expect(whyMissing(settings, 'template', 'hook')).toBe(
    'the template "hook" is not configured: add template.hook to argocd-notifications-cm',
  )
})

test('an alert without a name is called as its template is', () => {
  const labelsOf = (alertmanager: object) =>
    new NotificationTemplate('app-deployed', { alertmanager }).render({}).alertmanager
  expect(labelsOf({ labels: { severity: 'info' } })).toMatchObject({
    labels: { alertname: 'app-deployed', severity: 'info' },
  })
  expect(labelsOf({ labels: { alertname: 'mine' } })).toMatchObject({ labels: { alertname: 'mine' } })
})

test('an application of several sources is told of once for each set of revisions, also by triggers of Argo CD', () => {
  const ofArgo = (oncePer: string) =>
    `- when: app.status.health.status == 'Healthy'\n  oncePer: ${oncePer}\n  send: [a]\n`
  const { triggers } = readConfiguration({
    map: {
      'trigger.operation': ofArgo('app.status.operationState?.syncResult?.revision'),
      'trigger.status': ofArgo('app.status.sync.revision'),
    },
    secret: {},
  })
  const receiver = { service: 'webhook', recipient: '' }
  const destinations = new Map(['on-deployed', 'operation', 'status'].map((name) => [name, [receiver]]))
  const of = (revisions: string[], health = 'Healthy') => ({
    operationState: { phase: 'Succeeded', syncResult: { revision: '', revisions } },
    health: { status: health },
    sync: { status: 'Synced', revisions },
  })
  let state: Record<string, number> = {}
  const told = (status: object) => {
    const decision = decide({ destinations, triggers, variables: variables(application(status)), state, now })
    expect(decision.problems).toEqual([])
    state = decision.state
    return decision.due.map(({ trigger }) => trigger)
  }
  expect(told(of(['r1', 's1']))).toEqual(['on-deployed', 'operation', 'status'])
  expect(Object.keys(state)[0]).toMatch(/^\[r1 s1\]:on-deployed:/)
  // A flap of health.
  expect(told(of(['r1', 's1'], 'Degraded'))).toEqual([])
  expect(told(of(['r1', 's1']))).toEqual([])
  expect(told(of(['r1', 's2']))).toEqual(['on-deployed', 'operation', 'status'])
  expect(told(synced)).toEqual(['on-deployed', 'operation', 'status'])

  // What Argo CD has told of them it has put down without a revision.
  state = Object.fromEntries(
    ['on-deployed', 'operation', 'status'].map((trigger) => {
      const condition = triggers.get(trigger)?.[0]?.key ?? ''
      return [sentKey({ trigger, condition, oncePer: '', ...receiver }), 1]
    }),
  )
  expect(told(of(['r1', 's1']))).toEqual([])
  expect(Object.keys(state).every((key) => key.startsWith('[r1 s1]:'))).toBe(true)
})
