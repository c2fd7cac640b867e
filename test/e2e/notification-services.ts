/** The services that speak HTTP: what an operator writes for each of them, and what arrives there, byte for byte. */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import type { Received } from './receiver.ts'

export interface Request {
  to: string
  /** Of those that say who it is, or what the body is. */
  headers: Record<string, unknown>
  body: string
}

export interface Service {
  settings: string
  recipient: string
  /** Its fields of a template. */
  template?: string
  /** What the real one answers where all is well. */
  answer?(request: Pick<Received, 'method' | 'path'>): string
  requests(told: { app: string; revision: string }): Request[]
}

const word = randomBytes(12).toString('hex')
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
export const gitHubKey = publicKey

/** Where the configuration says `$name`. The first is one that every encoding changes. */
export const secrets: Record<string, string> = {
  password: `pass "word"/${word}`,
  token: `token-${word}`,
  'github-key': privateKey.export({ type: 'pkcs1', format: 'pem' }) as string,
  'teams-url': `https://teams.example.com/webhookb2/${word}/IncomingWebhook/1`,
  'flow-url': `https://flows.example.com/powerautomate/1?sig=${word}`,
  'google-url': `https://chat.googleapis.com/v1/spaces/A/messages?token=${word}&key=k`,
  'discord-url': `https://discord.com/api/webhooks/1/${word}`,
}

export const message = '{{.app.metadata.name}} is synced & "healthy": 100% ✓'
const inJson = (app: string) => `${app} is synced & \\"healthy\\": 100% ✓`
const inForm = (app: string) => `${app}+is+synced+%26+%22healthy%22%3A+100%25+%E2%9C%93`

const one = (to: string, headers: Request['headers'], body: string): Request[] => [{ to, headers, body }]
const json = { 'content-type': 'application/json' }
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const bearer = { authorization: `Bearer ${secrets.token}` }

const card = `
    title: Synced
    themeColor: "#18be52"
    facts: '[{"name": "Revision", "value": "{{.app.status.sync.revision}}"}]'
    potentialAction: '[{"@type": "OpenUri", "name": "Open", "targets": [{"os": "default", "uri": "https://cd.example.com"}]}]'
`

export const services: Record<string, Service> = {
  slack: {
    settings: 'token: $token\nusername: Tiphys\nicon: ":ship:"\ndisableUnfurl: true',
    recipient: 'ops',
    template: `\n    attachments: '[{"title": "{{.app.metadata.name}}", "color": "#18be52"}]'`,
    answer: () => '{"ok":true,"channel":"C1","ts":"1.2"}',
    requests: ({ app }) =>
      one(
        'POST https://slack.com/api/chat.postMessage',
        { ...form, ...bearer },
        `attachments=%5B%7B%22title%22%3A%22${app}%22%2C%22color%22%3A%22%2318be52%22%7D%5D&channel=ops&icon_emoji=%3Aship%3A&text=${inForm(app)}&unfurl_links=false&unfurl_media=false&username=Tiphys`,
      ),
  },
  teams: {
    settings: 'recipientUrls: {ops: $teams-url}',
    recipient: 'ops',
    template: card,
    answer: () => '1',
    requests: ({ app, revision }) =>
      one(
        `POST ${secrets['teams-url']}`,
        json,
        `{"@type":"MessageCard","context":"https://schema.org/extensions","title":"Synced","summary":"","text":"${inJson(app)}","themeColor":"#18be52","potentialAction":[{"@type":"OpenUri","name":"Open","targets":[{"os":"default","uri":"https://cd.example.com"}]}],"sections":[{"facts":[{"name":"Revision","value":"${revision}"}]}]}`,
      ),
  },
  'teams-workflows': {
    settings: 'recipientUrls: {ops: $flow-url}',
    recipient: 'ops',
    template: card,
    requests: ({ app, revision }) =>
      one(
        `POST ${secrets['flow-url']}`,
        json,
        `{"type":"message","attachments":[{"contentType":"application/vnd.microsoft.card.adaptive","content":{"type":"AdaptiveCard","version":"1.4","body":[{"type":"TextBlock","text":"Synced","size":"Large","weight":"Bolder","color":"Good","wrap":true},{"type":"TextBlock","text":"${inJson(app)}","wrap":true},{"type":"FactSet","facts":[{"title":"Revision","value":"${revision}"}]}],"actions":[{"type":"Action.OpenUrl","title":"Open","url":"https://cd.example.com"}]}}]}`,
      ),
  },
  github: {
    settings: 'appID: 1\ninstallationID: 2\nprivateKey: $github-key',
    recipient: '',
    template: `
    repoURLPath: git@github.com:o/shop.git
    status: {state: success, label: "cd/{{.app.metadata.name}}", targetURL: https://cd.example.com}
    deployment: {state: success, environment: production, logURL: https://log.example.com, reference: v1}
    pullRequestComment: {content: "{{.app.metadata.name}} is out"}
    checkRun: {name: cd, conclusion: success, completed_at: "2024-05-06T07:08:09Z", output: {title: Out, summary: It is.}}
    repositoryDispatch: {event_type: synced, client_payload: '{"app": "{{.app.metadata.name}}"}'}`,
    answer: ({ method, path }) => {
      if (path.endsWith('/access_tokens')) return `{"token":"granted-${word}"}`
      if (path.endsWith('/pulls')) return '[{"number":5}]'
      return method === 'GET' ? '[]' : '{"id":7}'
    },
    requests({ app, revision }) {
      const headers = { authorization: `token granted-${word}` }
      const home = 'https://api.github.com/repos/o/shop'
      const post = (path: string, body: string) => ({
        to: `POST ${home}/${path}`,
        headers: { ...headers, ...json },
        body,
      })
      const get = (path: string) => ({ to: `GET ${home}/${path}`, headers, body: '' })
      return [
        {
          to: 'POST https://api.github.com/app/installations/2/access_tokens',
          headers: { authorization: 'Bearer, signed for 1' },
          body: '',
        },
        post(
          `statuses/${revision}`,
          `{"state":"success","target_url":"https://cd.example.com","description":"${inJson(app)}","context":"cd/${app}"}`,
        ),
        get(`deployments?environment=production&ref=${revision}`),
        post(
          'deployments',
          '{"ref":"v1","auto_merge":true,"required_contexts":null,"environment":"production","transient_environment":false}',
        ),
        post(
          'deployments/7/statuses',
          `{"state":"success","log_url":"https://log.example.com","description":"${inJson(app)}","environment":"production","environment_url":""}`,
        ),
        get(`commits/${revision}/pulls`),
        post('issues/5/comments', `{"body":"${app} is out"}`),
        post(
          'check-runs',
          `{"name":"cd","head_sha":"${revision}","external_id":"argocd-notifications","status":"completed","conclusion":"success","completed_at":"2024-05-06T07:08:09Z","output":{"title":"Out","summary":"It is.","text":""}}`,
        ),
        post('dispatches', `{"event_type":"synced","client_payload":{"app":"${app}"}}`),
      ]
    },
  },
  gitlab: {
    settings: 'token: $token',
    recipient: '',
    template: `
    repoURLPath: https://gitlab.com/group/sub/shop.git
    status: {state: success, label: cd, targetURL: https://cd.example.com}`,
    requests: ({ app, revision }) =>
      one(
        `POST https://gitlab.com/api/v4/projects/group%2Fsub%2Fshop/statuses/${revision}`,
        { ...json, 'private-token': secrets.token },
        `{"state":"success","name":"cd","target_url":"https://cd.example.com","description":"${inJson(app)}"}`,
      ),
  },
  mattermost: {
    settings: 'apiURL: https://mattermost.example.com\ntoken: $token',
    recipient: 'channel-1',
    template: `\n    attachments: '[{"title": "{{.app.metadata.name}}"}]'`,
    requests: ({ app }) =>
      one(
        'POST https://mattermost.example.com/api/v4/posts',
        { ...json, ...bearer },
        `{"channel_id":"channel-1","message":"${inJson(app)}","props":{"attachments":[{"title":"${app}"}]}}`,
      ),
  },
  rocketchat: {
    settings: 'serverUrl: https://rocket.example.com\nemail: ann@example.com\npassword: $password\nalias: Tiphys',
    recipient: '#ops',
    template: `\n    attachments: '[{"title": "{{.app.metadata.name}}"}]'`,
    answer: ({ path }) =>
      path.endsWith('/login')
        ? `{"status":"success","data":{"authToken":"granted-${word}","userId":"ann"}}`
        : '{"success":true}',
    requests: ({ app }) => [
      {
        to: 'POST https://rocket.example.com/api/v1/login',
        headers: form,
        body: `password=pass+%22word%22%2F${word}&user=ann%40example.com`,
      },
      {
        to: 'POST https://rocket.example.com/api/v1/chat.postMessage',
        headers: { ...json, 'x-auth-token': `granted-${word}`, 'x-user-id': 'ann' },
        body: `{"channel":"#ops","text":"${inJson(app)}","alias":"Tiphys","attachments":[{"title":"${app}"}]}`,
      },
    ],
  },
  telegram: {
    settings: 'token: $token',
    recipient: '-100200300|7',
    answer: () => '{"ok":true,"result":{}}',
    requests: ({ app }) =>
      one(
        `POST https://api.telegram.org/bot${secrets.token}/sendMessage`,
        form,
        `chat_id=-100200300&message_thread_id=7&parse_mode=Markdown&text=${inForm(app)}`,
      ),
  },
  googlechat: {
    settings: 'webhooks: {ops: $google-url}',
    recipient: 'ops',
    template: `
    threadKey: "{{.app.metadata.name}}"
    cardsV2: |
      - header: {title: "{{.app.metadata.name}}"}`,
    answer: () => '{"name":"spaces/A/messages/1"}',
    requests: ({ app }) =>
      one(
        `POST https://chat.googleapis.com/v1/spaces/A/messages?key=k&messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD&threadKey=${app}&token=${word}`,
        json,
        `{"text":"","cardsV2":[{"cardId":"ID","card":{"header":{"title":"${app}"}}}]}`,
      ),
  },
  discord: {
    settings: 'webhooks: {ops: $discord-url}\nusername: Tiphys',
    recipient: 'ops',
    template: `\n    embeds: '[{"title": "{{.app.metadata.name}}"}]'`,
    answer: () => '',
    requests: ({ app }) =>
      one(
        `POST ${secrets['discord-url']}`,
        json,
        `{"content":"${inJson(app)}","username":"Tiphys","embeds":[{"title":"${app}"}],"allowed_mentions":{"parse":[]}}`,
      ),
  },
  pagerdutyv2: {
    settings: 'serviceKeys: {ops: $password}',
    recipient: 'ops',
    template: `
    summary: "{{.app.metadata.name}} is out"
    severity: info
    source: shop
    component: web
    url: https://cd.example.com
    dedupKey: "{{.app.metadata.name}}"`,
    answer: () => '{"status":"success","message":"Event processed","dedup_key":"x"}',
    requests: ({ app }) =>
      one(
        'POST https://events.pagerduty.com/v2/enqueue',
        json,
        `{"routing_key":"pass \\"word\\"/${word}","event_action":"trigger","dedup_key":"${app}","client":"Tiphys","client_url":"https://cd.example.com","payload":{"summary":"${app} is out","source":"shop","severity":"info","component":"web"}}`,
      ),
  },
  opsgenie: {
    settings: 'apiUrl: api.eu.opsgenie.com\napiKeys: {ops: $token}',
    recipient: 'ops',
    template: `
    description: "{{.app.metadata.name}} is out"
    priority: P5
    alias: "{{.app.metadata.name}}"
    tags: [cd]
    details: {app: "{{.app.metadata.name}}"}
    visibleTo: [{Id: "4513", Type: team}]`,
    answer: () => '{"result":"Request will be processed"}',
    requests: ({ app }) =>
      one(
        'POST https://api.eu.opsgenie.com/v2/alerts',
        { ...json, authorization: `GenieKey ${secrets.token}` },
        `{"message":"${inJson(app)}","alias":"${app}","description":"${app} is out","responders":[{"type":"team","id":"ops"}],"visibleTo":[{"type":"team","id":"4513"}],"tags":["cd"],"details":{"app":"${app}"},"source":"Argo CD","priority":"P5"}`,
      ),
  },
  grafana: {
    settings: 'apiUrl: https://grafana.example.com/api\napiKey: $token',
    recipient: 'cd|shop',
    answer: () => '{"message":"Annotation added","id":1}',
    requests: ({ app }) =>
      one(
        'POST https://grafana.example.com/api/annotations',
        { ...json, ...bearer },
        `{"time":NOW,"isRegion":false,"tags":["cd","shop"],"text":"${inJson(app)}"}`,
      ),
  },
  alertmanager: {
    settings: `targets: [one.example.com, two.example.com]\nscheme: https\nbasicAuth: {username: ann, password: $password}`,
    recipient: '',
    template: `
    labels: {severity: info, app: "{{.app.metadata.name}}"}
    annotations: {summary: "{{.app.metadata.name}} is out"}
    generatorURL: git@github.com:o/shop`,
    answer: () => '',
    requests: ({ app }) =>
      ['one', 'two'].map((name) => ({
        to: `POST https://${name}.example.com/api/v2/alerts`,
        headers: { ...json, authorization: `Basic ${Buffer.from(`ann:${secrets.password}`).toString('base64')}` },
        body: `[{"labels":{"alertname":"told","severity":"info","app":"${app}"},"annotations":{"summary":"${app} is out"},"generatorURL":"https://github.com/o/shop","startsAt":"NOW"}]`,
      })),
  },
  pushover: {
    settings: 'token: $token',
    recipient: 'user-1',
    answer: () => '{"status":1,"request":"x"}',
    requests: ({ app }) =>
      one(
        'POST https://api.pushover.net/1/messages.json',
        form,
        `message=${inForm(app)}&priority=0&token=${secrets.token}&user=user-1`,
      ),
  },
}
