import { afterEach, expect, test, vi } from 'vitest'
import { configMaps, type ServedKind, startUnrulyServer, type UnrulyServer } from '../../test/unruly-server.ts'
import { connect } from '../kube/connect.ts'
import { matchesAny } from '../model/index.ts'
import { type ControlPlaneChange, openControlPlane } from './control-plane.ts'

const argo = (kind: string, resource: string): ServedKind => ({
  group: 'argoproj.io',
  version: 'v1alpha1',
  kind,
  resource,
  namespaced: true,
})
const applications = argo('Application', 'applications')
const projects = argo('AppProject', 'appprojects')
const applicationSets = argo('ApplicationSet', 'applicationsets')
const secrets: ServedKind = { group: '', version: 'v1', kind: 'Secret', resource: 'secrets', namespaced: true }

const opened: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

interface Setup {
  kinds?: ServedKind[]
  prepare?: (server: UnrulyServer) => void
}

async function start({ kinds = [applicationSets], prepare = () => {} }: Setup = {}) {
  const server = await startUnrulyServer([configMaps, secrets, applications, projects, ...kinds])
  prepare(server)
  const client = connect({ name: 'test', server: server.url, authenticate: async () => ({ headers: {} }) })
  const changes: ControlPlaneChange[] = []
  const warnings: string[] = []
  const plane = await openControlPlane({
    client,
    namespace: 'argocd',
    log: { debug() {}, info() {}, warn: (_details, message) => void warnings.push(message) },
    matchesNamespace: matchesAny,
    onChange: (change) => changes.push(change),
  })
  opened.push(
    () => server.stop(),
    () => client.close(),
    () => plane.close(),
  )
  await plane.ready()
  changes.length = 0
  return { server, client, plane, changes, warnings }
}

const until = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 5 })
const ours = (name: string) => ({ namespace: 'argocd', name })
const base64 = (text: string) => Buffer.from(text).toString('base64')
const ofType = (type: string) => ({ metadata: { labels: { 'argocd.argoproj.io/secret-type': type } } })

test('a Secret is given decoded, found by its type, and kept without the record of its managers', async () => {
  const { plane } = await start({
    prepare(server) {
      server.put(secrets, ours('repo'), {
        metadata: { ...ofType('repository').metadata, managedFields: [{ manager: 'kubectl' }] },
        data: { url: base64('https://git.example/ä.git'), empty: '' },
      })
      server.put(secrets, ours('east'), ofType('cluster'))
      server.put(secrets, ours('plain'))
    },
  })
  expect(plane.secret('repo')).toEqual({ url: 'https://git.example/ä.git', empty: '' })
  expect(plane.secret('plain')).toEqual({})
  expect(plane.secret('unknown')).toBeUndefined()
  const [repository, ...others] = plane.secretsOfType('repository')
  expect(repository?.metadata).toMatchObject({ name: 'repo' })
  expect(repository?.metadata.managedFields).toBeUndefined()
  expect(others).toEqual([])
  expect(plane.secretsOfType('cluster').map(({ metadata }) => metadata.name)).toEqual(['east'])
})

test('releases that Helm keeps in Secrets are not even asked for', async () => {
  const { server } = await start()
  const asked = server.log
    .filter((line) => line.includes('/secrets?'))
    .map((line) => new URL(line.split(' ')[1] ?? '', server.url))
  expect(asked.length).toBeGreaterThan(0)
  for (const { searchParams } of asked) expect(searchParams.get('fieldSelector')).toBe('type!=helm.sh/release.v1')
})

test('a change of a Secret or of settings about access wakes nobody else', async () => {
  const { server, plane, changes } = await start()
  server.put(secrets, ours('repo'))
  server.put(configMaps, ours('argocd-rbac-cm'), { data: { 'policy.default': 'role:readonly' } })
  server.put(configMaps, ours('argocd-cm'))
  server.put(configMaps, ours('kube-root-ca.crt'))
  server.remove(secrets, ours('repo'))
  await until(() => expect(changes).toHaveLength(4))
  expect(changes.filter(({ kind }) => kind === 'secret')).toEqual([
    { kind: 'secret', name: 'repo' },
    { kind: 'secret', name: 'repo' },
  ])
  expect(changes.filter(({ kind }) => kind !== 'secret')).toEqual([
    { kind: 'other-settings', name: 'argocd-rbac-cm' },
    { kind: 'settings' },
  ])
  expect(plane.settings('argocd-rbac-cm')).toEqual({ 'policy.default': 'role:readonly' })
  expect(plane.settings('argocd-tls-certs-cm')).toEqual({})
})

test('where Secrets may not be listed there are none, and the reason is told', async () => {
  const message = 'secrets is forbidden: User "tiphys" cannot list resource "secrets"'
  const { plane } = await start({
    prepare(server) {
      server.put(secrets, ours('repo'), ofType('repository'))
      server.misbehave(({ url }) =>
        url.pathname.endsWith('/secrets')
          ? { status: 403, body: { kind: 'Status', code: 403, reason: 'Forbidden', message } }
          : undefined,
      )
    },
  })
  expect(plane.secretsOfType('repository')).toEqual([])
  expect(plane.problems()).toEqual([`Secret: ${message}`])
})

test('ApplicationSets are followed where the cluster knows them, and quietly none elsewhere', async () => {
  const prepare = (server: UnrulyServer) => void server.put(applicationSets, ours('fleet'))
  const knowing = await start({ prepare })
  expect(knowing.plane.applicationSets().map(({ metadata }) => metadata.name)).toEqual(['fleet'])
  const told: string[] = []
  knowing.plane.onApplicationSets(({ type, applicationSet }) => told.push(`${type} ${applicationSet.metadata.name}`))
  knowing.server.put(applicationSets, ours('fleet'), { spec: {} })
  knowing.server.remove(applicationSets, ours('fleet'))
  await until(() => expect(told).toEqual(['MODIFIED fleet', 'DELETED fleet']))

  const ignorant = await start({ kinds: [] })
  expect(ignorant.plane.applicationSets()).toEqual([])
  expect(ignorant.plane.problems()).toEqual([])
})

test('projects are listed', async () => {
  const { plane } = await start({ prepare: (server) => void server.put(projects, ours('default')) })
  expect(plane.projects().map(({ metadata }) => metadata.name)).toEqual(['default'])
})

test('every version of an application is told once and in order, to each who listens', async () => {
  const { server, plane } = await start({ prepare: (server) => void server.put(applications, ours('shop')) })
  const told: string[][] = [[], []]
  const ends = told.map((lines) =>
    plane.onApplications(({ type, application }) =>
      lines.push(`${type} ${application.metadata.name} ${application.metadata.resourceVersion}`),
    ),
  )
  const versions = [1, 2, 3].map((size) => server.put(applications, ours('shop'), { spec: { size } }))
  server.put(applications, ours('web'))
  server.remove(applications, ours('shop'))
  const modified = versions.map(({ metadata }) => `MODIFIED shop ${metadata.resourceVersion}`)
  const expected = [...modified, 'ADDED web 105', `DELETED shop ${versions[2]?.metadata.resourceVersion}`]
  await until(() => expect(told).toEqual([expected, expected]))
  ends[0]?.()
  server.put(applications, ours('web'))
  await until(() => expect(told[1]).toHaveLength(6))
  expect(told[0]).toHaveLength(5)
})

test('a patch of ours is told to listeners, once, and not as a change by others', async () => {
  const { server, plane, changes } = await start({ prepare: (server) => void server.put(applications, ours('shop')) })
  const told: unknown[] = []
  plane.onApplications(({ type, application }) => told.push([type, application.operation]))
  server.misbehave(({ method }) => {
    if (method !== 'PATCH') return undefined
    return { status: 200, body: server.put(applications, ours('shop'), { operation: { sync: {} } }) }
  })
  await plane.patch('shop', { operation: { sync: {} } })
  server.put(applications, ours('web'))
  await until(() => expect(changes).toContainEqual({ kind: 'application', name: 'web' }))
  expect(told).toEqual([
    ['MODIFIED', { sync: {} }],
    ['ADDED', undefined],
  ])
})

test('an application that was deleted and made anew while nobody watched is told as both', async () => {
  const { server, plane } = await start({ prepare: (server) => void server.put(applications, ours('shop')) })
  const told: string[] = []
  plane.onApplications(({ type, application }) => told.push(`${type} ${application.metadata.uid}`))
  const [before] = plane.applications()
  server.misbehave(({ watch }) => (watch ? { status: 503 } : undefined))
  server.disconnect('break')
  server.remove(applications, ours('shop'))
  const after = server.put(applications, ours('shop'))
  server.compact()
  server.behave()
  await until(() => expect(told).toEqual([`DELETED ${before?.metadata.uid}`, `ADDED ${after.metadata.uid}`]))
})

test('a listener that fails does not keep the news from the others', async () => {
  const { server, plane, warnings } = await start()
  const told: string[] = []
  plane.onApplications(() => {
    throw new Error('the reader has gone')
  })
  plane.onApplications(({ application }) => told.push(application.metadata.name))
  server.put(applications, ours('shop'))
  await until(() => expect(told).toEqual(['shop']))
  expect(warnings).toHaveLength(1)
})

test('applications of other namespaces come and go with the permission', async () => {
  const { server, plane } = await start({
    prepare(server) {
      server.put(applications, { namespace: 'team-a', name: 'shop' })
      server.put(applications, { namespace: 'stranger', name: 'shop' })
    },
  })
  const told: string[] = []
  plane.onApplications(({ type, application: { metadata } }) => told.push(`${type} ${metadata.namespace}`))
  const permit = (patterns: string) =>
    server.put(configMaps, ours('argocd-cmd-params-cm'), { data: { 'application.namespaces': patterns } })

  permit('team-*')
  await until(() => expect(told).toEqual(['ADDED team-a']))
  expect(plane.application('team-a_shop')).toBeDefined()
  expect(plane.application('stranger_shop')).toBeUndefined()

  permit('team-*, stran*')
  await until(() => expect(told.slice(1)).toEqual(['ADDED stranger']))
  expect(plane.applications()).toHaveLength(2)

  permit('')
  await until(() => expect(told.slice(2).sort()).toEqual(['DELETED stranger', 'DELETED team-a']))
  expect(plane.applications()).toEqual([])
})
