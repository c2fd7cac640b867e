/** Charts and artifacts of private places: Helm repositories, and OCI registries with passwords and with tokens. */
import type { ServerResponse } from 'node:http'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { ApplicationSource } from '../../src/model/index.ts'
import { packed, packedChart } from './archives.ts'
import { canary } from './canary.ts'
import { type Authority, makeAuthority } from './certificates.ts'
import { admitsHeader, basicOf, type GitHost, type GitHostOptions, startGitHost } from './git-host.ts'
import { declareRepository, trustAuthority } from './registered.ts'
import { dockerRegistry, type RegistryHost, type RegistryOptions, startRegistry } from './registry-host.ts'
import { type App, startWorld, type World } from './world.ts'

if (!dockerRegistry)
  console.warn('SKIPPED: private registries, since docker-registry is not installed: apt-get install it')

let world: World
let authority: Authority
const hosts: (GitHost | RegistryHost)[] = []
const password = canary('password')
const chartLayer = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip'
const artifactLayer = 'application/vnd.oci.image.layer.v1.tar+gzip'

beforeAll(async () => {
  authority = await makeAuthority()
  world = await startWorld()
  world.secrets.push(password)
  await trustAuthority(world, 'localhost', authority.cert)
})
afterEach(async () => {
  for (const host of hosts.splice(0)) await host.close()
})
afterAll(() => world.stop())

async function failing(app: App, pattern: RegExp): Promise<void> {
  await app.until(`fails with ${pattern}`, ({ conditions = [] }) =>
    conditions.some(({ type, message }) => type === 'ComparisonError' && pattern.test(message)),
  )
}

function deploy(source: ApplicationSource): Promise<App> {
  return world.application({ url: source.repoURL ?? '' } as never, { source })
}

async function helmHost(content: () => Record<string, string | Buffer>, options: Partial<GitHostOptions> = {}) {
  const answers = ({ url = '' }: { url?: string }, response: ServerResponse) => {
    const body = content()[url]
    if (body === undefined) response.writeHead(404).end()
    else response.end(body)
  }
  const started = await startGitHost({ authority, answers, ...options })
  hosts.push(started)
  return { started, url: `https://localhost:${started.port}` }
}

async function registry(options: Partial<RegistryOptions> = {}): Promise<RegistryHost> {
  const started = await startRegistry({ username: 'ann', password, ...options })
  hosts.push(started)
  return started
}

test('a chart of a Helm repository is read with a password, which goes to no other host unless it is passed on', async () => {
  const [archive, newer] = [await packedChart('demo', '1.0.0'), await packedChart('demo', '2.0.0')]
  const elsewhere = await helmHost(() => ({ '/demo.tgz': archive, '/demo-2.tgz': newer }))
  const index = () =>
    `entries: {demo: [{version: 1.0.0, urls: ["${elsewhere.url}/demo.tgz"]}, {version: 2.0.0, urls: ["${elsewhere.url}/demo-2.tgz"]}]}`
  const { url } = await helmHost(() => ({ '/index.yaml': index() }), { admits: admitsHeader(basicOf('ann', password)) })
  const secret = await declareRepository(world, { url, type: 'helm', username: 'ann', password: 'wrong word' })
  const app = await deploy({ repoURL: url, chart: 'demo', targetRevision: '1.*' })
  await failing(app, /answers 401: the credentials that are registered for the repository are refused/)
  await declareRepository(world, { url, type: 'helm', username: 'ann', password }, { name: secret })
  await app.settled('1.0.0')
  expect(elsewhere.started.heard).toEqual([''])
  elsewhere.started.admits = admitsHeader(basicOf('ann', password))
  const other = await deploy({ repoURL: url, chart: 'demo', targetRevision: '2.0.0', helm: { passCredentials: true } })
  await other.settled('2.0.0')
  expect(elsewhere.started.heard).toContain(basicOf('ann', password))
})

test('a dependency is fetched with shared credentials only where the project permits its repository', async () => {
  const { url } = await helmHost(
    () => ({ '/index.yaml': 'entries: {demo: [{version: 1.0.0, urls: [demo.tgz]}]}', '/demo.tgz': archive }),
    { admits: admitsHeader(basicOf('ann', password)) },
  )
  const archive = await packedChart('demo', '1.0.0')
  await declareRepository(world, { url, username: 'ann', password }, { kind: 'repo-creds' })
  const chart = `apiVersion: v2\nname: own\nversion: 1.0.0\ndependencies:\n- {name: demo, version: 1.0.0, repository: "${url}"}\n`
  const own = world.repository({ 'Chart.yaml': chart })
  const project = (sourceRepos: string[]) => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'narrow', namespace: world.controlNamespace },
    spec: {
      sourceRepos,
      destinations: [{ server: '*', namespace: '*' }],
      clusterResourceWhitelist: [{ group: '*', kind: '*' }],
    },
  })
  const options = { fieldManager: 'e2e', force: true }
  await world.client.apply(project([own.url]), options)
  const app = await world.application(own, { project: 'narrow' })
  await failing(
    app,
    /chart dependency demo: .*its credentials were not used: the project narrow does not permit the repository/,
  )
  await world.client.apply(project([own.url, url]), options)
  await app.until('has its dependency', ({ conditions = [] }) => conditions.length === 0)
})

test('a new version within the range is deployed at the next interval', async () => {
  const versions = ['1.0.0', '1.1.0-rc.1', '2.0.0']
  const archives: Record<string, Buffer> = {}
  for (const version of [...versions, '1.2.0']) archives[`/demo-${version}.tgz`] = await packedChart('demo', version)
  const index = () =>
    `entries:\n  demo:\n${versions.map((version) => `  - {version: ${version}, urls: [demo-${version}.tgz]}\n`).join('')}`
  const { url } = await helmHost(() => ({ '/index.yaml': index(), ...archives }))
  const app = await deploy({ repoURL: url, chart: 'demo', targetRevision: '^1' })
  await app.settled('1.0.0')
  versions.push('1.2.0')
  await app.settled('1.2.0')
})

test.skipIf(!dockerRegistry).each([
  ['the password itself', {}],
  ['tokens that expire', { tokenSeconds: 2 }],
])('charts of a registry that asks for %s are read, in the range that is given', async (_what, options) => {
  const started = await registry(options)
  for (const version of ['1.0.0', '1.1.0', '2.0.0']) {
    await started.push('charts/demo', version, { mediaType: chartLayer, content: await packedChart('demo', version) })
  }
  const fields = { url: `${started.host}/charts`, type: 'helm', enableOCI: 'true', username: 'ann' }
  const secret = await declareRepository(world, { ...fields, password: 'wrong word' })
  const app = await deploy({ repoURL: `${started.host}/charts`, chart: 'demo', targetRevision: '1.*' })
  await failing(app, /answers 401: the credentials that are registered for it are refused/)
  await declareRepository(world, { ...fields, password }, { name: secret })
  await app.settled('1.1.0')
  await new Promise((resolve) => setTimeout(resolve, 2500))
  await started.push('charts/demo', '1.2.0', { mediaType: chartLayer, content: await packedChart('demo', '1.2.0') })
  await app.settled('1.2.0')
})

test.skipIf(!dockerRegistry)('an artifact is a source of its own, and a tag that moves is followed', async () => {
  const started = await registry()
  const content = (data: string) =>
    packed({ 'app/config.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: config}\ndata: {a: ${data}}\n` })
  const first = await started.push('apps/shop', 'stable', { mediaType: artifactLayer, content: await content('one') })
  const repoURL = `oci://${started.host}/apps/shop`
  await declareRepository(world, { url: repoURL, type: 'oci', username: 'ann', password })
  const app = await deploy({ repoURL, path: 'app', targetRevision: 'stable' })
  await app.settled(first)
  const second = await started.push('apps/shop', 'stable', { mediaType: artifactLayer, content: await content('two') })
  await app.settled(second)
  expect(await app.live('ConfigMap', 'config')).toMatchObject({ data: { a: 'two' } })
})
