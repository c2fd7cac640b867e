/** Addresses of this machine and of its link are refused, however somebody leads there, unless they are allowed. */
import type { RequestListener } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApplicationSource } from '../../src/model/index.ts'
import { packed, packedChart } from './archives.ts'
import { canary } from './canary.ts'
import { type Authority, makeAuthority } from './certificates.ts'
import { startProxy, type TestProxy } from './connect-proxy.ts'
import { endures, type Neighbour, startNeighbour } from './endures.ts'
import { type GitHost, startGitHost } from './git-host.ts'
import { configMap } from './manifests.ts'
import { declareRepository, trustAuthority } from './registered.ts'
import { startWorld, type World } from './world.ts'

let world: World
let neighbour: Neighbour
let authority: Authority
let proxy: TestProxy
let thief: GitHost
let host: GitHost
let charts: GitHost
const environment = { ...process.env }
const password = canary('password')
/** Not this machine, as far as Tiphys can tell: the proxy of the machine leads there. */
const name = 'git.example.invalid'
let helmAnswers: RequestListener = (_request, response) => void response.writeHead(404).end()

beforeAll(async () => {
  authority = await makeAuthority()
  host = await startGitHost({ authority, names: [name] })
  charts = await startGitHost({
    authority,
    names: ['charts.example.invalid'],
    answers: (request, response) => helmAnswers(request, response),
  })
  thief = await startGitHost({ authority })
  proxy = await startProxy({ names: { [name]: host.port, 'charts.example.invalid': charts.port } })
  process.env.HTTPS_PROXY = `http://127.0.0.1:${proxy.port}`
  process.env.NO_PROXY = 'localhost,127.0.0.1'
  world = await startWorld({}, { allowLocal: false })
  world.secrets.push(password)
  await trustAuthority(world, name, authority.cert, 'charts.example.invalid')
  neighbour = await startNeighbour(world, (repository) => away(host.url(repository)))
})
afterAll(async () => {
  await world.stop()
  for (const key of ['HTTPS_PROXY', 'NO_PROXY']) {
    if (environment[key] === undefined) delete process.env[key]
    else process.env[key] = environment[key]
  }
  await proxy.close()
  for (const one of [host, charts, thief]) await one.close()
})

const away = (url: string) => url.replace(/localhost:\d+/, name)
const advice = /start Tiphys with --allow-local if repositories on this machine are wanted/

test.concurrent.each<[string, () => Partial<ApplicationSource> & { repoURL: string }, RegExp]>([
  ['a folder', () => ({ repoURL: '/etc' }), /"\/etc" is on the local disk/],
  ['a file address', () => ({ repoURL: 'file:///etc' }), /is on the local disk/],
  ['a Git host on loopback', () => ({ repoURL: `https://127.0.0.1:${thief.port}/x.git` }), /leads to 127\.0\.0\.1/],
  ['its name', () => ({ repoURL: `https://localhost:${thief.port}/x.git` }), /leads to 127\.0\.0\.1/],
  ['its number', () => ({ repoURL: `https://2130706433:${thief.port}/x.git` }), /leads to 127\.0\.0\.1/],
  ['its newer form', () => ({ repoURL: `https://[::1]:${thief.port}/x.git` }), /leads to ::1/],
  ['SSH on loopback', () => ({ repoURL: 'ssh://git@127.0.0.1/x.git' }), /leads to 127\.0\.0\.1/],
  ['the metadata service', () => ({ repoURL: 'http://169.254.169.254/x.git' }), /leads to 169\.254\.169\.254/],
  ['charts on loopback', () => ({ repoURL: `https://localhost:${thief.port}`, chart: 'a' }), /leads to 127\.0\.0\.1/],
  ['a registry on loopback', () => ({ repoURL: `127.0.0.1:${thief.port}/a`, chart: 'a' }), /leads to 127\.0\.0\.1/],
  ['an artifact on the link', () => ({ repoURL: 'oci://169.254.169.254/a/b' }), /leads to 169\.254\.169\.254/],
])('%s is refused as repoURL', async (_what, change, says) => {
  const repository = world.repository({ 'config.yaml': configMap('config') })
  const url = away(host.url(repository))
  await declareRepository(world, { url, username: 'ann', password })
  const app = await world.application({ ...repository, url })
  const source = { path: '.', targetRevision: '*', ...change() }
  const spoil = () => app.patch({ spec: { source: { ...source, ...(source.chart && { path: null }) } } })
  await endures(neighbour, { app, says: [says, advice], spoil })
  const good = { repoURL: url, path: '.', targetRevision: 'main', chart: null }
  await app.patch({ spec: { source: good } })
  await app.settled()
  await app.rest()
})

test.each<[string, Record<string, string>, RegExp]>([
  [
    'a remote base of a kustomization',
    { 'kustomization.yaml': 'resources: [config.yaml, "https://127.0.0.1:4430/team/base.git//deploy?ref=v1"]\n' },
    /kustomization\.yaml.*127\.0\.0\.1/,
  ],
  [
    'a dependency of a chart',
    {
      'Chart.yaml':
        'apiVersion: v2\nname: shop\nversion: 1.0.0\ndependencies: [{name: a, version: 1.x, repository: "https://169.254.169.254/charts"}]\n',
    },
    /leads to 169\.254\.169\.254/,
  ],
])('%s that leads there is refused as well', async (_what, files, says) => {
  const repository = world.repository({ 'config.yaml': configMap('config') })
  const app = await world.application({ ...repository, url: away(host.url(repository)) })
  await endures(neighbour, { app, says: [says, advice], spoil: () => repository.commit(files) })
})

test.each([
  ['http://169.254.169.254/latest/meta-data', /leads to 169\.254\.169\.254/],
  ['http://10.96.0.1/api', /leads to 10\.96\.0\.1: files are read from private addresses only of hosts/],
  ['http://prometheus:9090/api/v1/query', /files are read from private addresses only of hosts/],
])('values of a chart are not read from %s', async (url, says) => {
  const files = {
    'Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
    'templates/config.yaml': configMap('config'),
  }
  const repository = world.repository(files)
  const app = await world.application({ ...repository, url: away(host.url(repository)) })
  const spoil = () => app.patch({ spec: { source: { helm: { valueFiles: [url] } } } })
  await endures(neighbour, { app, says: [says, /start Tiphys with --allow-local/], spoil })
})

test.each<[string, (archive: Buffer) => RequestListener, RegExp]>([
  [
    'an index that sends one on',
    () => (_request, response) => response.writeHead(302, { location: 'http://169.254.169.254/latest/' }).end(),
    /leads to 169\.254\.169\.254/,
  ],
  [
    'an index whose charts are',
    () => (_request, response) =>
      response.end(`entries: {demo: [{version: 1.1.0, urls: ["https://localhost:${thief.port}/demo.tgz"]}]}`),
    /leads to 127\.0\.0\.1/,
  ],
])('%s there is refused', async (_what, spoiled, says) => {
  const archive = await packedChart('demo', '1.0.0')
  const usual: RequestListener = ({ url }, response) =>
    response.end(url === '/index.yaml' ? 'entries: {demo: [{version: 1.0.0, urls: [demo.tgz]}]}' : archive)
  helmAnswers = usual
  const repoURL = 'https://charts.example.invalid'
  await declareRepository(world, { url: repoURL, type: 'helm', username: 'ann', password }, { name: 'charts' })
  const source = { repoURL, chart: 'demo', targetRevision: '1.*' }
  const app = await world.application({ url: repoURL } as never, { source })
  await app.settled()
  const evil = spoiled(await packed({}))
  const spoil = () => {
    helmAnswers = (request, response) =>
      request.url === '/index.yaml' ? evil(request, response) : usual(request, response)
  }
  await endures(neighbour, { app, says: [says, advice], spoil })
  helmAnswers = usual
  await app.settled()
})

test('nobody there was asked anything', () => {
  expect(thief.heard).toEqual([])
  expect(proxy.connected.filter((place) => !place.endsWith('.example.invalid:443'))).toEqual([])
})

test('where they are allowed, they are read', async () => {
  await world.restart({ allowLocal: true })
  const repository = world.repository({ 'config.yaml': configMap('config') })
  const app = await world.application(repository)
  await app.settled()
})
