/** Hosts of repositories that go wrong under a deployed application: it is told, what runs stays, and nobody else notices. */
import type { RequestListener } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packed, packedChart } from './archives.ts'
import { canary } from './canary.ts'
import { type Authority, makeAuthority } from './certificates.ts'
import { endures, type Neighbour, startStage } from './endures.ts'
import { admitsHeader, basicOf, type GitHost, type GitHostOptions, startGitHost } from './git-host.ts'
import { configMap } from './manifests.ts'
import { declareRepository, trustHostKeys } from './registered.ts'
import { dockerRegistry, type RegistryHost, startRegistry } from './registry-host.ts'
import { type SshHost, sshd, startSshHost } from './ssh-host.ts'
import type { App, World } from './world.ts'

if (!dockerRegistry) console.warn('SKIPPED: registries that go wrong, since docker-registry is not installed')
if (!sshd) console.warn('SKIPPED: a host key that changes, since sshd is not installed')

let world: World
let neighbour: Neighbour
let authority: Authority
let stranger: Authority
const hosts: (GitHost | RegistryHost | SshHost)[] = []
const password = canary('password')
const files = { 'config.yaml': configMap('config', { a: '1' }) }
const past = () => new Date(Date.now() - 86_400_000)

beforeAll(async () => {
  ;({ world, authority, neighbour } = await startStage(password))
  stranger = await makeAuthority()
})
afterAll(async () => {
  await world.stop()
  for (const host of hosts) await host.close()
})

/** How it is broken under way, and how it is mended. */
interface Trouble {
  what: string
  says: RegExp[]
  spoil(host: GitHost): unknown
  mend(host: GitHost): unknown
}

const admits = admitsHeader(basicOf('ann', password))

/** The same whatever is read there. */
const troubles: Trouble[] = [
  {
    what: 'does not take the password any more',
    says: [/refuse[sd]/, /the credentials that are registered/, /renew them/],
    spoil: (host) => {
      host.admits = () => false
    },
    mend: (host) => {
      host.admits = admits
    },
  },
  {
    what: 'shows an expired certificate',
    says: [/certificate has expired/, /has to be renewed there/],
    spoil: (host) => host.certify(authority, { until: past() }),
    mend: (host) => host.certify(authority),
  },
  {
    what: 'shows a certificate of somebody unknown',
    says: [/certificate is signed by an authority that is not trusted/, /add .*to argocd-tls-certs-cm/],
    spoil: (host) => host.certify(stranger),
    mend: (host) => host.certify(authority),
  },
]

function broken(answer: RequestListener): Pick<Trouble, 'spoil' | 'mend'> {
  let usual: GitHost['answers']
  return {
    spoil(host) {
      usual = host.answers
      host.answers = answer
    },
    mend(host) {
      host.answers = usual
    },
  }
}

const page: RequestListener = (_request, response) =>
  void response.writeHead(200, { 'content-type': 'text/html' }).end('<html><h1>Down for maintenance</h1></html>')
const failing: RequestListener = (_request, response) => void response.writeHead(500).end('it failed')

async function started(options: Partial<GitHostOptions> = {}): Promise<GitHost> {
  const host = await startGitHost({ authority, admits, ...options })
  hosts.push(host)
  return host
}

async function gitApplication() {
  const host = await started()
  const repository = world.repository(files)
  repository.git('tag', 'stable')
  const url = host.url(repository)
  await declareRepository(world, { url, username: 'ann', password })
  const source = { repoURL: url, path: '.', targetRevision: 'stable' }
  return { host, repository, app: await world.application(repository, { source }) }
}

async function helmApplication(content: () => Record<string, string | Buffer> = () => ({})) {
  const archive = await packedChart('demo', '1.0.0')
  const usual = { '/index.yaml': 'entries: {demo: [{version: 1.0.0, urls: [demo.tgz]}]}', '/demo.tgz': archive }
  const host = await started({
    answers({ url = '' }, response) {
      const body = { ...usual, ...content() }[url]
      if (body === undefined) response.writeHead(404).end()
      else response.end(body)
    },
  })
  const url = `https://localhost:${host.port}`
  await declareRepository(world, { url, type: 'helm', username: 'ann', password })
  const source = { repoURL: url, chart: 'demo', targetRevision: '1.*' }
  return { host, app: await world.application({ url } as never, { source }) }
}

async function outlasts(app: App, host: GitHost, { says, spoil, mend }: Omit<Trouble, 'what'>): Promise<void> {
  const text = await endures(neighbour, { app, says: [/localhost:\d+/, ...says], spoil: () => spoil(host) })
  expect(text).not.toMatch(/undefined|\[object|node:internal|Error: /)
  await mend(host)
  await app.settled()
  expect(app.status().conditions ?? []).toEqual([])
  await app.rest()
}

test.concurrent.each([
  ...troubles,
  {
    what: 'answers with a page',
    says: [/no Git repository|address of a Git repository/, /check .*repoURL/],
    ...broken(page),
  },
  { what: 'fails', says: [/500/, /trouble of its own/, /check/], ...broken(failing) },
])('a Git host that $what', async (trouble) => {
  const { host, app } = await gitApplication()
  await outlasts(app, host, trouble)
})

test.concurrent.each([
  ...troubles,
  { what: 'answers with a page', says: [/is not an index of charts/, /check that repoURL/], ...broken(page) },
  { what: 'fails', says: [/answers 500/, /check/], ...broken(failing) },
])('a Helm repository that $what', async (trouble) => {
  const { host, app } = await helmApplication()
  await outlasts(app, host, trouble)
})

test.concurrent.each([
  ['Git host', gitApplication, /answers with a redirect, which is not followed/],
  [
    'Helm repository',
    helmApplication,
    /sends one on to \S+, which answers 401 and is told no credentials: name the place itself/,
  ],
])('a %s that sends one on to another host: that one gets no password', async (_what, application, says) => {
  const thief = await started({ admits: () => false })
  const { host, app } = await application()
  const { spoil, mend } = broken(({ url }, response) =>
    response.writeHead(302, { location: `https://localhost:${thief.port}${url}` }).end(),
  )
  await outlasts(app, host, { says: [says], spoil, mend })
  expect(thief.heard.filter(Boolean)).toEqual([])
})

test.concurrent('a tag that moves is followed, and one that is gone is told', async () => {
  const { app, repository } = await gitApplication()
  await app.settled()
  const moved = repository.commit({ 'config.yaml': configMap('config', { a: '2' }) })
  repository.git('tag', '--force', 'stable')
  await app.settled(moved)
  expect((await app.live('ConfigMap', 'config'))?.data).toEqual({ a: '2' })
  const says = [/no branch, tag or commit stable/, /check targetRevision/]
  await endures(neighbour, { app, says, spoil: () => repository.git('tag', '--delete', 'stable') })
  repository.git('tag', 'stable')
  await app.settled(moved)
  await app.rest()
})

test.skipIf(!sshd)('a host that shows another SSH key', async () => {
  const before = await startSshHost()
  const repository = world.repository(files)
  const url = before.url(repository.url)
  await trustHostKeys(world, before.knownHost)
  await declareRepository(world, { url, sshPrivateKey: before.privateKey })
  world.secrets.push(...before.privateKey.split('\n').filter((line) => line.length > 40 && !line.startsWith('-')))
  const app = await world.application({ ...repository, url })
  let after: SshHost | undefined
  const spoil = async () => {
    await before.close()
    after = await startSshHost({ port: before.port })
    hosts.push(after)
  }
  const says = [/localhost:\d+/, /another SSH key than the known one/, /somebody may stand in between/, /replace the/]
  const text = await endures(neighbour, { app, says, spoil })
  expect(text).toContain(after?.fingerprint)
})

const chartLayer = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip'
const artifactLayer = 'application/vnd.oci.image.layer.v1.tar+gzip'

test.skipIf(!dockerRegistry).each([
  ['the password itself', {}],
  ['tokens', { tokenSeconds: 2 }],
])('a registry that asks for %s and refuses it, and one that is gone', async (_what, options) => {
  const registry = await startRegistry({ username: 'ann', password, ...options })
  const content = await packed({ 'config.yaml': files['config.yaml'] })
  await registry.push('apps/shop', 'stable', { mediaType: artifactLayer, content })
  await registry.push('charts/demo', '1.0.0', { mediaType: chartLayer, content: await packedChart('demo', '1.0.0') })
  const repositories: ({ url: string } & Record<string, string>)[] = [
    { url: `oci://${registry.host}/apps/shop`, type: 'oci' },
    { url: `${registry.host}/charts`, type: 'helm', enableOCI: 'true' },
  ]
  const secrets = await Promise.all(
    repositories.map((one) => declareRepository(world, { ...one, username: 'ann', password })),
  )
  const [artifact, charts] = repositories.map(({ url }) => url)
  const apps = [
    await world.application({ url: artifact } as never, {
      source: { repoURL: artifact as string, path: '.', targetRevision: 'stable' },
    }),
    await world.application({ url: charts } as never, {
      source: { repoURL: charts as string, chart: 'demo', targetRevision: '1.*' },
    }),
  ]
  const declare = (word: string) =>
    Promise.all(
      repositories.map((one, at) =>
        declareRepository(world, { ...one, username: 'ann', password: word }, { name: secrets[at] as string }),
      ),
    )
  const wrong = canary('wrong password')
  world.secrets.push(wrong)
  for (const app of apps) {
    await declare(password)
    await app.settled()
    const says = [/127\.0\.0\.1:\d+\//, /answers 401/, /credentials that are registered for it are refused/, /renew/]
    await endures(neighbour, { app, says, spoil: () => declare(wrong) })
  }
  await declare(password)
  for (const app of apps) await app.settled()
  await registry.close()
  for (const app of apps) {
    await app.until('told that it is gone', ({ conditions = [] }) =>
      conditions.some(({ message }) => /127\.0\.0\.1:\d+\/.*cannot be fetched: .*check/.test(message)),
    )
    expect(await app.live('ConfigMap', 'config')).toBeDefined()
  }
  await neighbour.goesOn()
})
