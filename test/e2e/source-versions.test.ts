/** Which versions of its sources an application runs, may run and could: over the API and on the command line. */
import type { ServerResponse } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from '../../src/contract/index.ts'
import { packedChart } from './archives.ts'
import { makeAuthority } from './certificates.ts'
import { run } from './command-line.ts'
import { type GitHost, startGitHost } from './git-host.ts'
import { trustAuthority } from './registered.ts'
import { type SignedIn, signIn } from './signed-in.ts'
import { startWorld, type World } from './world.ts'

let world: World
let client: SignedIn
let host: GitHost
const versions = ['1.0.0', '1.1.0', '2.0.0', '3.0.0-rc.1']
const files = { 'config.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: config}\n' }

beforeAll(async () => {
  const archives: Record<string, Buffer> = {}
  for (const version of versions) archives[`/demo-${version}.tgz`] = await packedChart('demo', version)
  const authority = await makeAuthority()
  const index = () =>
    `entries:\n  demo:\n${versions.map((version) => `  - {version: ${version}, urls: [demo-${version}.tgz]}\n`).join('')}`
  const answers = ({ url = '' }: { url?: string }, response: ServerResponse) =>
    response.end(url === '/index.yaml' ? index() : archives[url])
  host = await startGitHost({ authority, answers })
  world = await startWorld()
  await trustAuthority(world, 'localhost', authority.cert)
  client = await signIn(world)
})
afterAll(async () => {
  await world.stop()
  await host.close()
})

test('of each source it is told what runs, what is allowed, what is held back, and what could be written', async () => {
  const repository = world.repository(files)
  for (const tag of ['v1.0.0', 'v1.2.0', 'v2.0.0']) {
    repository.commit({ 'config.yaml': `${files['config.yaml']}data: {tag: ${tag}}\n` })
    repository.git('tag', tag)
  }
  const repoURL = `https://localhost:${host.port}`
  const sources = [
    { repoURL: repository.url, path: '.', targetRevision: '1.*' },
    { repoURL, chart: 'demo', targetRevision: '1.1.0', helm: { releaseName: 'demo' } },
    { repoURL: repository.url, path: '.', targetRevision: 'main', ref: 'values' },
  ]
  const app = await world.application(repository, { sources })
  await app.until('is looked at', ({ sync }) => sync?.revisions?.length === 3)
  const { items } = await client.api.call(routes.applicationSources.versions, { params: { name: app.name } })
  expect(items).toEqual([
    {
      repoURL: repository.url,
      targetRevision: '1.*',
      kind: 'range',
      revision: repository.git('rev-parse', 'v1.2.0'),
      running: 'v1.2.0',
      allowed: 'v1.2.0',
      newest: 'v2.0.0',
      heldBack: ['v2.0.0'],
      proposal: '2.*',
    },
    {
      repoURL,
      chart: 'demo',
      targetRevision: '1.1.0',
      kind: 'pin',
      revision: '1.1.0',
      running: '1.1.0',
      allowed: '1.1.0',
      newest: '2.0.0',
      heldBack: ['2.0.0'],
      proposal: '2.0.0',
    },
    {
      repoURL: repository.url,
      targetRevision: 'main',
      kind: 'name',
      revision: repository.git('rev-parse', 'main'),
      running: 'v2.0.0',
      newest: 'v2.0.0',
      heldBack: [],
    },
  ])
})

test('a source that cannot be read says why, and others are told of all the same', async () => {
  const repository = world.repository(files)
  const sources = [
    { repoURL: '/nowhere/at/all', path: '.', targetRevision: '*' },
    { repoURL: repository.url, path: '.', targetRevision: 'main' },
  ]
  const app = await world.application(repository, { sources })
  const { items } = await client.api.call(routes.applicationSources.versions, { params: { name: app.name } })
  expect(items).toEqual([
    expect.objectContaining({ kind: 'unknown', heldBack: [], message: expect.stringMatching(/nowhere\/at\/all/) }),
    expect.objectContaining({ kind: 'name' }),
  ])
})

test('the command line prints them as a table and as JSON', async () => {
  const app = await world.application({ url: '' } as never, {
    source: { repoURL: `https://localhost:${host.port}`, chart: 'demo', targetRevision: '^1' },
  })
  await app.settled('1.1.0')
  const place = ['--server', world.tiphys().url, '--auth-token', client.token, '--plaintext']
  const versionsOf = (...more: string[]) =>
    run(['app', 'versions', app.name, ...place, ...more], {
      TIPHYS_CONFIG_DIR: '/nonexistent',
      KUBECONFIG: '/nonexistent',
    })
  const { out: table, err } = await versionsOf()
  expect(err).toBe('')
  expect(table).toMatch(/SOURCE .* RUNNING +ALLOWED +NEWEST +HELD BACK +PROPOSAL/)
  expect(table).toMatch(/\^1 +1\.1\.0 +1\.1\.0 +2\.0\.0 +2\.0\.0 +\^2/)
  const [only] = JSON.parse((await versionsOf('-o', 'json')).out)
  expect(only).toMatchObject({ kind: 'range', proposal: '^2' })
})
