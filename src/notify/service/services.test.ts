import { expect, test } from 'vitest'
import { sent } from './fixtures/recorded.ts'

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
    headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: 'Bearer xoxb' },
    body: 'attachments=%5B%7B%22title%22%3A%22shop%22%7D%5D&channel=ops&icon_emoji=%3Aship%3A&text=shop%3A+synced&username=Ship',
  })
  const [plain] = await sent('slack', {
    notification: { message: '* ~ ü' },
    options: { icon: 'ship', APIURL: 'https://slack.example.com/api/', disableUnfurl: true },
    answers: ['{"ok":true}'],
  })
  expect(plain).toMatchObject({
    url: 'https://slack.example.com/api/chat.postMessage',
    body: 'channel=ops&text=%2A+~+%C3%BC&unfurl_links=false&unfurl_media=false',
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
            { type: 'TextBlock', text: 'Synced', size: 'Large', weight: 'Bolder', color: 'Good', wrap: true },
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
  await expect(sent('teams', { options: { recipientUrls: { Ops: 'https://x' } } })).rejects.toThrow('"ops"')
  const refused = (answer: string) => sent('teams', { options, answers: [answer] })
  await expect(refused('Teams endpoint returned HTTP error 429')).rejects.toMatchObject({ retry: true })
  await expect(refused('Teams endpoint returned HTTP error 403')).rejects.toMatchObject({ retry: false })
})

test('a card of a workflow has the colour that a template names or numbers, facts before sections, and no empty text', async () => {
  const bodyOf = async (fields: object) => {
    const notification = { message: '', 'teams-workflows': fields }
    const [request] = await sent('teams-workflows', { notification, options: { recipientUrls: { ops: 'https://x' } } })
    const { body } = request as { body: { attachments: { content: { body: object[] } }[] } }
    return body.attachments[0]?.content.body
  }
  const title = { type: 'TextBlock', text: 'T', size: 'Large', weight: 'Bolder' }
  expect(await bodyOf({ title: 'T', themeColor: 'Warning' })).toEqual([{ ...title, color: 'Warning', wrap: true }])
  expect(await bodyOf({ title: 'T' })).toEqual([{ ...title, wrap: true }])
  const fact = (name: string) => ({ name, value: 1 })
  const given = { facts: JSON.stringify([fact('a')]), sections: JSON.stringify([{ facts: [fact('b')] }]) }
  expect(await bodyOf(given)).toEqual(
    ['a', 'b'].map((name) => ({ type: 'FactSet', facts: [{ title: name, value: '1' }] })),
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
    options: { serverUrl: 'https://r', email: 'e', password: 'p', avatar: 'none' },
    answers: [login, '{"success":true}'],
  })
  expect(rocket).toMatchObject([
    { url: 'https://r/api/v1/login', body: 'password=p&user=e' },
    {
      url: 'https://r/api/v1/chat.postMessage',
      headers: { 'x-auth-token': 'a', 'x-user-id': 'u' },
      body: { channel: '#ops', text: 'shop: synced' },
    },
  ])
  expect(rocket[1]?.body).not.toHaveProperty('avatar')
  const options = { token: '1:x' }
  expect(await sent('telegram', { recipient: '-100|7', options })).toMatchObject([
    {
      url: 'https://api.telegram.org/bot1:x/sendMessage',
      body: 'chat_id=-100&message_thread_id=7&parse_mode=Markdown&text=shop%3A+synced',
    },
  ])
  expect(await sent('telegram', { recipient: 'ops', options })).toMatchObject([
    { body: 'chat_id=%40ops&parse_mode=Markdown&text=shop%3A+synced' },
  ])
  await expect(sent('telegram', { recipient: '-100|seven', options })).rejects.toThrow(/"-100\|seven" names no topic/)
  const webhooks = { ops: 'https://chat.example.com/hook?key=k' }
  expect(
    await sent('googlechat', {
      notification: { googlechat: { threadKey: 'shop' } },
      options: { webhooks },
      answers: ['{}'],
    }),
  ).toMatchObject([
    {
      url: 'https://chat.example.com/hook?key=k&messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD&threadKey=shop',
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
  const visibleTo = [
    { Id: '1', Type: 'team' },
    { username: 'ann', type: 'user' },
  ]
  const opsgenie = { description: 'why', priority: 'P1', tags: ['a'], visibleTo }
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
        visibleTo: [
          { type: 'team', id: '1' },
          { type: 'user', username: 'ann' },
        ],
      },
    },
  ])
  expect(await sent('grafana', { recipient: 'a|b', options: { apiURL: 'https://g/api', apiKey: 'k' } })).toMatchObject([
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
          labels: { app: 'shop' },
          annotations: { why: 'x' },
          generatorURL: 'https://github.com/o/r',
          startsAt: '2024-05-06T07:08:09.123Z',
        },
      ],
    })),
  )
  expect(await sent('pushover', { options: { token: 't' } })).toMatchObject([
    { url: 'https://api.pushover.net/1/messages.json', body: 'message=shop%3A+synced&priority=0&token=t&user=ops' },
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
