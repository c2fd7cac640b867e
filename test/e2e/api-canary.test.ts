/** A secret is put into every place that can hold one. Everything is read, much goes wrong, and it is told nowhere. */
import { generateKeyPairSync } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { allRoutes, type Route, routes } from '../../src/contract/index.ts'
import type { KubeObject } from '../../src/model/index.ts'
import { canary, leaks, spellingsOf } from './canary.ts'
import { type Collector, collectedBy, startCollector } from './otlp-collector.ts'
import { addressOf, makeObjects, type Names, type Sample, sampleOf } from './sample-calls.ts'
import { type SignedIn, signIn } from './signed-in.ts'
import { type App, startWorld, type World } from './world.ts'

const places = [
  'repository-password',
  'repository-ssh-key',
  'repository-bearer-token',
  'repository-client-key',
  'repository-app-key',
  'credentials-password',
  'cluster-token',
  'cluster-password',
  'cluster-client-key',
  'webhook-secret',
  'oidc-client-secret',
  'account-password',
  'secret-data',
  'secret-live',
  'secret-annotation',
  'secret-broken',
  'given-password',
] as const
type Place = (typeof places)[number]
const secrets = Object.fromEntries(places.map((place) => [place, canary(place)])) as Record<Place, string>
const parameter = canary('helm-parameter')

let collector: Collector
let world: World
let admin: SignedIn
let names: Names
let app: App
let charted: App

beforeAll(async () => {
  const oidc = {
    name: 'Test',
    issuer: 'https://sso.example.invalid',
    clientID: 'a',
    clientSecret: '$oidc.clientSecret',
  }
  const settings = {
    url: 'https://tiphys.example.com',
    'oidc.config': JSON.stringify(oidc),
    'accounts.canary': 'apiKey, login',
  }
  collector = await startCollector()
  world = await startWorld(settings, collectedBy(collector))
  world.secrets.push(...Object.values(secrets))
  admin = await signIn(world)
  await keepEverywhere()
  names = await makeObjects(world, admin)
  app = await applicationOfSecret()
  charted = await applicationOfChart()
})
afterAll(async () => {
  await world.stop()
  await collector.close()
})

test('a secret is found in whatever it is wrapped in', () => {
  const [value = ''] = Object.values(secrets)
  const wrapped = [
    value,
    JSON.stringify({ error: JSON.stringify({ value }) }),
    `https://example.com/?q=${encodeURIComponent(value)}`,
    new URLSearchParams({ value }).toString(),
    ...['', 'u', 'us', 'use'].map((user) => Buffer.from(`${user}:${value}:more`).toString('base64')),
    Buffer.from(JSON.stringify({ data: value })).toString('base64url'),
  ]
  for (const text of wrapped) expect(leaks({ 'the log': text }, [value]), text).not.toEqual([])
  expect(leaks({ 'the log': 'canary' }, [value])).toEqual([])
  expect(spellingsOf(value).every((spelling) => spelling.length >= 20)).toBe(true)
})

async function keepEverywhere(): Promise<void> {
  const { client, controlNamespace: namespace } = world
  const secret = (name: string, type: string, stringData: Record<string, string>) =>
    client.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace, labels: { 'argocd.argoproj.io/secret-type': type } },
      stringData,
    })
  const url = 'https://kept.example.invalid/a.git'
  const connection = {
    username: 'ann',
    password: secrets['repository-password'],
    sshPrivateKey: secrets['repository-ssh-key'],
    bearerToken: secrets['repository-bearer-token'],
    tlsClientCertKey: secrets['repository-client-key'],
    githubAppPrivateKey: secrets['repository-app-key'],
  }
  await secret('kept-repository', 'repository', { url, ...connection })
  await secret('kept-write-repository', 'repository-write', { url, ...connection })
  await secret('kept-credentials', 'repo-creds', {
    url: 'https://kept.example.invalid/',
    password: secrets['credentials-password'],
  })
  const config = {
    username: 'ann',
    password: secrets['cluster-password'],
    bearerToken: secrets['cluster-token'],
    tlsClientConfig: { insecure: true, keyData: Buffer.from(secrets['cluster-client-key']).toString('base64') },
  }
  const server = 'https://kept.example.invalid:6443'
  await secret('kept-cluster', 'cluster', { name: 'kept', server, config: JSON.stringify(config) })
  const { privateKey } = generateKeyPairSync('ed25519')
  const stringData = {
    'webhook.github.secret': secrets['webhook-secret'],
    'webhook.gitlab.secret': secrets['webhook-secret'],
    'oidc.clientSecret': secrets['oidc-client-secret'],
    'tls.key': privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  }
  const target = { group: '', version: 'v1', kind: 'Secret', namespace, name: 'argocd-secret' }
  await client.patch(target, { stringData }, { type: 'merge', fieldManager: 'e2e' })
}

const refresh = 'argocd.argoproj.io/refresh'

/** In Git, another on the cluster, and one in the annotation that kubectl leaves. */
async function applicationOfSecret(): Promise<App> {
  const manifest = (stringData: object) =>
    JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'key' }, stringData })
  const repository = world.repository({ 'secret.json': manifest({ password: secrets['secret-data'] }) })
  const made = await world.application(repository, { syncPolicy: { syncOptions: ['CreateNamespace=true'] } })
  expect((await made.sync()).phase).toBe('Succeeded')
  const target = { group: '', version: 'v1', kind: 'Secret', namespace: made.namespace, name: 'key' }
  const applied = JSON.stringify({ stringData: { password: secrets['secret-annotation'] } })
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': applied }
  const change = { stringData: { password: secrets['secret-live'] }, metadata: { annotations } }
  await world.client.patch(target, change, { type: 'merge', fieldManager: 'kubectl-edit' })
  await made.until('OutOfSync', ({ sync }) => sync?.status === 'OutOfSync')
  const broken = [
    manifest({ password: { nested: secrets['secret-broken'] } }),
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'key' },
      data: { a: secrets['secret-broken'] },
    }),
    JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'key' }, data: secrets['secret-broken'] }),
    `kind: Secret\napiVersion: v1\nmetadata: {name: key}\nstringData: {password: ${JSON.stringify(secrets['secret-broken'])}`,
  ]
  for (const text of broken) {
    repository.commit({ 'secret.json': text })
    const asked = (await made.patch({ metadata: { annotations: { [refresh]: 'hard' } } })) as KubeObject
    await made.until('it was looked at', (_status, { metadata }) => {
      const isLater = Number(metadata.resourceVersion) > Number(asked.metadata.resourceVersion)
      return isLater && metadata.annotations?.[refresh] === undefined
    })
    await made.sync()
  }
  return made
}

async function applicationOfChart(): Promise<App> {
  const repository = world.repository({
    'Chart.yaml': 'apiVersion: v2\nname: chart\nversion: 1.0.0\n',
    'templates/secret.yaml':
      'apiVersion: v1\nkind: Secret\nmetadata: {name: of-chart}\nstringData: {password: {{ .Values.password | quote }}}\n',
  })
  const helm = { parameters: [{ name: 'password', value: parameter.replaceAll(',', '\\,') }] }
  const source = { repoURL: repository.url, path: '.', targetRevision: 'main', helm }
  const made = await world.application(repository, { source })
  await made.settled()
  return made
}

async function ask(route: Route, sample: Sample): Promise<{ status: number; text: string }> {
  const gone = new AbortController()
  const response = await fetch(`${world.tiphys().url}${addressOf(route, sample)}`, {
    method: route.method,
    signal: gone.signal,
    headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' },
    ...(sample.body !== undefined && {
      body: typeof sample.body === 'string' ? sample.body : JSON.stringify(sample.body),
    }),
  })
  if (!route.streams || !response.ok) return { status: response.status, text: await response.text() }
  const reader = response.body?.getReader()
  const first = await Promise.race([
    reader?.read(),
    new Promise<undefined>((done) => setTimeout(() => done(undefined), 500)),
  ])
  gone.abort()
  return { status: response.status, text: Buffer.from(first?.value ?? []).toString() }
}

test('everything that can be read is read', async () => {
  const key = { namespace: '', resourceName: 'key', version: 'v1', kind: 'Secret' }
  const kept = {
    ...names,
    repository: 'https://kept.example.invalid/a.git',
    credentials: 'https://kept.example.invalid/',
    cluster: 'https://kept.example.invalid:6443',
    account: 'canary',
  }
  let read = 0
  for (const route of allRoutes().filter(({ method }) => method === 'GET')) {
    for (const of of [app, charted]) {
      const sample = sampleOf(route, { ...kept, application: of.name })
      if (sample.query.resourceName) sample.query = { ...key, namespace: of.namespace }
      if (sample.query.resourceName && of === charted) sample.query.resourceName = 'of-chart'
      if ((await ask(route, sample)).status === 200) read++
    }
  }
  // More than half of them: for the others there is nothing to be read here, such as charts of a Git repository.
  expect(read).toBeGreaterThan(allRoutes().filter(({ method }) => method === 'GET').length)
})

test('changes that are refused do not repeat what was given', async () => {
  const secret = secrets['given-password']
  const password = { name: 'canary', currentPassword: secret, newPassword: secret }
  const resource = { ...sampleOf(routes.applications.patchResource, names), params: { name: app.name } }
  resource.query = { ...resource.query, namespace: app.namespace, resourceName: 'key', kind: 'Secret', version: 'v1' }
  const onSecret = (patch: object) =>
    [routes.applications.patchResource, { ...resource, body: JSON.stringify(patch) }] as const
  const given = (route: Route, more: Partial<Sample>) => [route, { ...sampleOf(route, names), ...more }] as const
  const attempts: (readonly [Route, Sample])[] = [
    given(routes.session.create, { body: { username: 'admin', password: secret } }),
    given(routes.session.create, { body: { username: 'nobody', password: secret } }),
    given(routes.session.create, { body: `{"username": "admin", "password": ${JSON.stringify(secret)}` }),
    given(routes.session.create, { body: `{"username": "admin", "password": ${secret}}` }),
    given(routes.session.create, { body: { username: ['admin'], password: [secret] } }),
    given(routes.accounts.updatePassword, { body: password }),
    given(routes.accounts.updatePassword, { body: { ...password, newPassword: secret.slice(0, 7) } }),
    given(routes.repositories.create, { body: { repo: 'ftp://x', password: secret } }),
    given(routes.repositories.create, { body: { repo: names.repository, password: secret } }),
    given(routes.repositories.create, { body: { repo: 'https://new.example.invalid/', password: { secret } } }),
    given(routes.repositories.create, { body: { repo: 'https://new.example.invalid/', sshPrivateKey: secret } }),
    given(routes.repositories.validate, { query: { username: 'ann', password: secret, bearerToken: secret } }),
    given(routes.repositories.validate, { query: { sshPrivateKey: secret, tlsClientCertKey: secret } }),
    given(routes.repositories.validate, { query: { insecure: secret } }),
    given(routes.repositoryCredentials.create, { body: { url: names.credentials, password: secret } }),
    given(routes.repositoryCredentials.create, { body: { url: [secret], password: secret } }),
    given(routes.clusters.create, { body: { server: names.cluster, name: 'again', config: { bearerToken: secret } } }),
    given(routes.clusters.create, { body: { server: 'https://x', config: secret } }),
    given(routes.clusters.create, { body: { server: 'https://x', config: { tlsClientConfig: { keyData: secret } } } }),
    onSecret({ stringData: [secret] }),
    onSecret({ data: { password: secret } }),
    onSecret({ stringData: { password: [secret] } }),
    onSecret({ data: secret }),
    given(routes.applications.patchResource, { ...resource, body: JSON.stringify(`{"stringData": {"a": "${secret}`) }),
  ]
  const answers = []
  for (const [route, sample] of attempts) answers.push({ route: route.id, ...(await ask(route, sample)) })
  expect(answers.filter(({ status }) => status >= 400).length).toBeGreaterThan(attempts.length / 2)
  expect(answers.filter(({ status }) => status === 500)).toEqual([])
})

test('webhooks with a wrong signature do not tell the right one', async () => {
  const kinds: Record<string, string>[] = [
    { 'x-github-event': 'push', 'x-hub-signature-256': 'sha256=00' },
    { 'x-gitlab-event': 'Push Hook' },
  ]
  for (const kind of kinds) {
    const headers = { ...kind, 'content-type': 'application/json' }
    const { status } = await fetch(`${world.tiphys().url}/api/webhook`, { method: 'POST', body: '{}', headers })
    expect(status).toBeGreaterThanOrEqual(400)
  }
})

test('a parameter of a chart is told by the application that declares it, and nowhere else', async () => {
  const patch = JSON.stringify({ metadata: { labels: { told: 'again' } } })
  await admin.api.call(routes.applications.patch, {
    params: { name: charted.name },
    body: { patch, patchType: 'merge' },
  })
  const { repoURL } = charted.current()?.spec.source ?? { repoURL: '' }
  const helm = { parameters: [{ name: 'password', value: `${parameter} changed` }] }
  const spec = { ...charted.current()?.spec, source: { repoURL, path: '.', targetRevision: 'main', helm } }
  await admin.api.call(routes.applications.updateSpec, { params: { name: charted.name }, body: spec as never })
  const said = await world.said()
  const declared = /\{"name":"password","value":"(?:[^"\\]|\\.)*"\}/g
  const undeclared = Object.fromEntries(
    Object.entries(said).map(([where, text]) => [where, text.replace(declared, '')]),
  )
  expect(leaks(undeclared, [parameter])).toEqual([])
  expect(leaks({ log: said['the log'] ?? '', events: said['an Event'] ?? '' }, [parameter])).toEqual([])
})

test('tokens are told to whom they are issued, and nobody else', async () => {
  const { token } = await admin.api.call(routes.accounts.createToken, { params: { name: 'canary' }, body: {} })
  await fetch(`${world.tiphys().url}/api/v1/projects`, { headers: { authorization: `Bearer ${token}` } })
  await fetch(`${world.tiphys().url}/api/v1/projects`, { headers: { authorization: `Bearer ${token}x` } })
  await fetch(`${world.tiphys().url}/api/v1/projects`, { headers: { cookie: `argocd.token=${token}x` } })
  const { 'an answer': _issued, ...said } = await world.said()
  expect(leaks(said, [token, admin.token, ...[token, admin.token].map((one) => one.split('.')[2] ?? '')])).toEqual([])
})

test('none of the secrets has been told anywhere', async () => {
  // The last spans are on their way.
  await sleep(500)
  const said = await world.said()
  for (const text of Object.values(said)) expect(text.length).toBeGreaterThan(100)
  expect(leaks(said, world.secrets)).toEqual([])
})
