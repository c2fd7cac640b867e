import { createPublicKey, createVerify, generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Courier, HttpRequest } from '../delivery/courier.ts'
import { DeliveryError } from '../delivery/delivery-error.ts'
import { senders } from './services.ts'

interface Sent {
  url: string
  method: string
  headers: Record<string, string>
  body: unknown
}

/** Sends with a courier that notes what it is given; answers in turn, the last one from then on. */
async function sent(
  type: string,
  given: { notification?: object; recipient?: string; options?: object; answers?: string[] },
) {
  const requests: HttpRequest[] = []
  const answers = given.answers ?? ['']
  const courier: Courier = {
    async send(request) {
      requests.push(request)
      return { status: 200, text: answers[Math.min(requests.length, answers.length) - 1] ?? '' }
    },
    permitHost: async () => {},
    close: async () => {},
  }
  await senders.get(type)?.({
    notification: { message: 'shop: synced', ...given.notification },
    recipient: given.recipient ?? 'ops',
    options: { ...given.options },
    serviceName: type,
    courier,
    now: new Date('2024-05-06T07:08:09.123Z'),
    id: 'id',
  })
  return requests.map(({ url, method, headers = {}, body }): Sent => ({ url, method, headers, body: asJson(body) }))
}

function asJson(body: string | undefined): unknown {
  try {
    return JSON.parse(body ?? '')
  } catch {
    return body
  }
}

test('Slack', async () => {
  const slack = { attachments: '[{"title":"shop"}]', blocks: '', username: 'Ship' }
  const [request] = await sent('slack', {
    notification: { slack },
    options: { token: 'xoxb', icon: ':ship:' },
    answers: ['{"ok":true}'],
  })
  expect(request).toEqual({
    url: 'https://slack.com/api/chat.postMessage',
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer xoxb' },
    body: {
      channel: 'ops',
      text: 'shop: synced',
      username: 'Ship',
      icon_emoji: ':ship:',
      attachments: [{ title: 'shop' }],
    },
  })
  const refused = (error: string) => sent('slack', { answers: [JSON.stringify({ ok: false, error })] })
  await expect(refused('channel_not_found')).rejects.toMatchObject({
    retry: false,
    message: 'Slack refused the message: channel_not_found',
  })
  await expect(refused('ratelimited')).rejects.toMatchObject({ retry: true })
  await expect(sent('slack', { notification: { slack: { attachments: '[{]' } } })).rejects.toThrow(
    /slack.attachments of the template is no JSON/,
  )
})

test('Teams, by webhook and by workflow', async () => {
  const fields = {
    title: 'Synced',
    themeColor: '#18be52',
    facts: '[{"name":"Revision","value":"abc"}]',
    potentialAction: '[{"name":"Open","targets":[{"uri":"https://x"}]}]',
  }
  const options = { recipientUrls: { ops: 'https://teams.example.com/hook/secret' } }
  const [card] = await sent('teams', { notification: { teams: fields }, options, answers: ['1'] })
  expect(card).toMatchObject({
    url: 'https://teams.example.com/hook/secret',
    body: {
      '@type': 'MessageCard',
      context: 'https://schema.org/extensions',
      title: 'Synced',
      summary: '',
      text: 'shop: synced',
      themeColor: '#18be52',
      potentialAction: [{ name: 'Open', targets: [{ uri: 'https://x' }] }],
      sections: [{ facts: [{ name: 'Revision', value: 'abc' }] }],
    },
  })
  const [message] = await sent('teams-workflows', { notification: { 'teams-workflows': fields }, options })
  expect(message?.body).toEqual({
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            { type: 'TextBlock', text: 'Synced', wrap: true, size: 'Large', weight: 'Bolder', color: 'Good' },
            { type: 'TextBlock', text: 'shop: synced', wrap: true },
            { type: 'FactSet', facts: [{ title: 'Revision', value: 'abc' }] },
          ],
          actions: [{ type: 'Action.OpenUrl', title: 'Open', url: 'https://x' }],
        },
      },
    ],
  })
  await expect(sent('teams', { options: { recipientUrls: {} } })).rejects.toThrow(
    'nothing is configured for the recipient "ops"',
  )
})

test('Mattermost, Rocket.Chat, Telegram, Google Chat and Discord', async () => {
  const [mattermost] = await sent('mattermost', { options: { apiURL: 'https://m.example.com/', token: 't' } })
  expect(mattermost).toMatchObject({
    url: 'https://m.example.com/api/v4/posts',
    headers: { authorization: 'Bearer t' },
    body: { channel_id: 'ops', message: 'shop: synced', props: { attachments: [] } },
  })
  const login = '{"data":{"authToken":"a","userId":"u"}}'
  const rocket = await sent('rocketchat', {
    recipient: '#ops',
    options: { serverUrl: 'https://r', email: 'e', password: 'p' },
    answers: [login, '{"success":true}'],
  })
  expect(rocket).toMatchObject([
    { url: 'https://r/api/v1/login', body: { user: 'e', password: 'p' } },
    {
      url: 'https://r/api/v1/chat.postMessage',
      headers: { 'x-auth-token': 'a', 'x-user-id': 'u' },
      body: { channel: '#ops', text: 'shop: synced' },
    },
  ])
  const options = { token: '1:x' }
  expect(await sent('telegram', { recipient: '-100|7', options })).toMatchObject([
    {
      url: 'https://api.telegram.org/bot1:x/sendMessage',
      body: { chat_id: '-100', message_thread_id: 7, text: 'shop: synced', parse_mode: 'Markdown' },
    },
  ])
  expect(await sent('telegram', { recipient: 'ops', options })).toMatchObject([{ body: { chat_id: '@ops' } }])
  const webhooks = { ops: 'https://chat.example.com/hook?key=k' }
  expect(
    await sent('googlechat', {
      notification: { googlechat: { threadKey: 'shop' } },
      options: { webhooks },
      answers: ['{}'],
    }),
  ).toMatchObject([
    {
      url: 'https://chat.example.com/hook?key=k&threadKey=shop&messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD',
      body: { text: 'shop: synced' },
    },
  ])
  expect(await sent('discord', { options: { webhooks } })).toMatchObject([
    { url: 'https://chat.example.com/hook?key=k', body: { content: 'shop: synced', allowed_mentions: { parse: [] } } },
  ])
})

test('PagerDuty, Opsgenie, Grafana, Alertmanager and Pushover', async () => {
  const pagerdutyv2 = { summary: 'Degraded', severity: 'error', source: 'shop', url: 'https://x', dedupKey: 'shop' }
  expect(
    await sent('pagerdutyv2', { notification: { pagerdutyv2 }, options: { serviceKeys: { ops: 'key' } } }),
  ).toMatchObject([
    {
      url: 'https://events.pagerduty.com/v2/enqueue',
      body: {
        routing_key: 'key',
        event_action: 'trigger',
        dedup_key: 'shop',
        client_url: 'https://x',
        payload: { summary: 'Degraded', source: 'shop', severity: 'error' },
      },
    },
  ])
  const opsgenie = { description: 'why', priority: 'P1', tags: ['a'] }
  expect(
    await sent('opsgenie', {
      notification: { opsgenie },
      options: { apiUrl: 'api.eu.opsgenie.com', apiKeys: { ops: 'key' } },
    }),
  ).toMatchObject([
    {
      url: 'https://api.eu.opsgenie.com/v2/alerts',
      headers: { authorization: 'GenieKey key' },
      body: {
        message: 'shop: synced',
        description: 'why',
        priority: 'P1',
        tags: ['a'],
        responders: [{ type: 'team', id: 'ops' }],
      },
    },
  ])
  expect(await sent('grafana', { recipient: 'a|b', options: { apiUrl: 'https://g/api', apiKey: 'k' } })).toMatchObject([
    {
      url: 'https://g/api/annotations',
      headers: { authorization: 'Bearer k' },
      body: { time: 1714979289000, isRegion: false, tags: ['a', 'b'], text: 'shop: synced' },
    },
  ])
  const alertmanager = { labels: { app: 'shop' }, annotations: { why: 'x' }, generatorURL: 'git@github.com:o/r' }
  expect(
    await sent('alertmanager', {
      notification: { alertmanager },
      options: { targets: ['a:9093', 'b:9093'], basicAuth: { username: 'u', password: 'p' } },
    }),
  ).toMatchObject(
    ['a', 'b'].map((host) => ({
      url: `http://${host}:9093/api/v2/alerts`,
      headers: { authorization: 'Basic dTpw' },
      body: [
        {
          labels: { alertname: 'alertmanager', app: 'shop' },
          annotations: { why: 'x' },
          generatorURL: 'https://github.com/o/r',
          startsAt: '2024-05-06T07:08:09.123Z',
        },
      ],
    })),
  )
  expect(await sent('pushover', { options: { token: 't' } })).toMatchObject([
    { url: 'https://api.pushover.net/1/messages.json', body: 'token=t&user=ops&message=shop%3A+synced' },
  ])
})

test('GitHub takes the signature of the app, and one request for each thing to be marked', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const options = { appID: 1, installationID: 2, privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) }
  const github = {
    repoURLPath: 'git@github.com:o/r.git',
    revisionPath: 'abc',
    status: { state: 'success', label: 'tiphys', targetURL: 'https://x' },
    pullRequestComment: { content: 'deployed', commentTag: 'shop' },
  }
  const requests = await sent('github', {
    notification: { github },
    options,
    answers: [
      '{"token":"t"}',
      '{}',
      '[{"number":5}]',
      '[{"id":9,"body":"old\\n<!-- argocd-notifications shop -->"}]',
      '{}',
    ],
  })
  expect(requests.map(({ method, url }) => `${method} ${url.replace('https://api.github.com/', '')}`)).toEqual([
    'POST app/installations/2/access_tokens',
    'POST repos/o/r/statuses/abc',
    'GET repos/o/r/commits/abc/pulls',
    'GET repos/o/r/issues/5/comments?per_page=100',
    'PATCH repos/o/r/issues/comments/9',
  ])
  expect(requests[1]).toMatchObject({
    headers: { authorization: 'token t' },
    body: { state: 'success', description: 'shop: synced', context: 'tiphys', target_url: 'https://x' },
  })
  expect(requests[4]?.body).toEqual({ body: 'deployed\n<!-- argocd-notifications shop -->' })
  const [head, claims, signature = ''] = (requests[0]?.headers.authorization ?? '').replace('Bearer ', '').split('.')
  const key = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }))
  expect(createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(key, signature, 'base64url')).toBe(true)
  await expect(sent('github', { notification: { github }, options: { privateKey: 'x' } })).rejects.toThrow(
    DeliveryError,
  )
})

test('GitLab takes the status of a commit', async () => {
  const gitlab = {
    repoURLPath: 'https://gitlab.com/group/sub/r.git',
    revisionPath: 'abc',
    status: { state: 'failure', label: 'tiphys' },
  }
  expect(await sent('gitlab', { notification: { gitlab }, options: { token: 't' } })).toMatchObject([
    {
      url: 'https://gitlab.com/api/v4/projects/group%2Fsub%2Fr/statuses/abc',
      headers: { 'private-token': 't' },
      body: { state: 'failed', name: 'tiphys', description: 'shop: synced' },
    },
  ])
})

test('a webhook without fields gets the message, one with fields what they say', async () => {
  const options = {
    url: 'https://w/',
    headers: [{ name: 'X-A', value: 'b' }],
    basicAuth: { username: 'u', password: 'p' },
  }
  expect(await sent('webhook', { options })).toMatchObject([
    { url: 'https://w/', method: 'GET', headers: { authorization: 'Basic dTpw', 'x-a': 'b' }, body: undefined },
  ])
  const webhook = { webhook: { method: 'put', path: '/p', body: '{"a":1}' } }
  expect(await sent('webhook', { notification: { webhook }, options })).toMatchObject([
    { url: 'https://w/p', method: 'PUT', body: { a: 1 } },
  ])
})
