/** Projects through the REST API. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from '../../src/contract/index.ts'
import type { AppProject } from '../../src/model/index.ts'
import { type SignedIn, signIn, spellingsOf } from './signed-in.ts'
import { startWorld, type World } from './world.ts'

let world: World
let client: SignedIn

beforeAll(async () => {
  world = await startWorld({
    globalProjects: '[{labelSelector: {matchLabels: {team: shop}}, projectName: shared}]',
  })
  client = await signIn(world)
})
afterAll(() => world.stop())

const everywhere = [{ server: '*', namespace: '*' }]

function project(name: string, spec: AppProject['spec'], labels: Record<string, string> = {}): AppProject {
  const metadata = { name, labels }
  return { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', metadata, spec }
}

const create = (wanted: AppProject, upsert = false) =>
  client.api.call(routes.projects.create, { body: { project: wanted, upsert } })
const get = (name: string) => client.api.call(routes.projects.get, { params: { name } })

test('a project is created, changed and deleted, and each is told as an event', async () => {
  await create(project('life', { sourceRepos: ['*'], destinations: everywhere }))
  const same = await create(project('life', { sourceRepos: ['*'], destinations: everywhere }))
  expect(same.metadata.uid).toBeDefined()
  await expect(create(project('life', { description: 'another' }))).rejects.toMatchObject({ status: 400, code: 3 })
  await create(project('life', { description: 'another', sourceRepos: ['*'] }), true)
  expect((await get('life')).spec).toEqual({ description: 'another', sourceRepos: ['*'] })
  const changed = { ...(await get('life')), spec: { description: 'third', sourceRepos: [] } }
  await client.api.call(routes.projects.update, { params: { name: 'life' }, body: { project: changed } })
  const stale = client.api.call(routes.projects.update, { params: { name: 'life' }, body: { project: changed } })
  await expect(stale).rejects.toMatchObject({ status: 409, code: 10 })
  const { items } = await client.api.call(routes.projects.list, {})
  expect(items.map(({ metadata }) => metadata.name)).toEqual(expect.arrayContaining(['default', 'life']))
  const events = await client.api.call(routes.projects.events, { params: { name: 'life' } })
  const told = events.items.map(({ reason, message }) => `${reason}: ${message?.split(' (')[0]}`)
  expect(told.sort()).toEqual([
    'ResourceCreated: admin created project',
    'ResourceUpdated: admin updated project',
    'ResourceUpdated: admin updated project',
  ])
  await client.api.call(routes.projects.delete, { params: { name: 'life' } })
  await expect(get('life')).rejects.toMatchObject({ status: 404, code: 5 })
})

test('a project that cannot mean what it says is refused', async () => {
  const role = (policies: string[]) => ({ roles: [{ name: 'ci', policies }] })
  const wrong: [AppProject['spec'], RegExp, number][] = [
    [role(['p, proj:other:ci, applications, sync, wrong/*, allow']), /subject has to be proj:wrong:ci/, 400],
    [role(['p, proj:wrong:ci, applications, sync, other/*, allow']), /object has to be wrong/, 400],
    [role(['p, proj:wrong:ci, projects, update, wrong/*, allow']), /resource has to be one of/, 400],
    [{ roles: [{ name: 'ci' }, { name: 'ci' }] }, /role ci is there twice/, 409],
    [{ syncWindows: [{ kind: 'allow', schedule: 'x', duration: '1h', applications: ['*'] }] }, /schedule/, 400],
    [{ syncWindows: [{ kind: 'allow', schedule: '* * * * *', duration: '1h' }] }, /names no applications/, 400],
    [{ destinations: [{ server: '!*', namespace: 'x' }] }, /"!\*" is no pattern/, 400],
    [{ sourceRepos: ['a', 'a'] }, /is there twice/, 400],
  ]
  for (const [spec, message, status] of wrong) {
    const refused = create(project('wrong', spec))
    await expect(refused).rejects.toThrow(message)
    await expect(refused).rejects.toMatchObject({ status })
  }
  await expect(get('wrong')).rejects.toMatchObject({ status: 404 })
})

test('a project that applications are in is neither deleted, nor narrowed so that it no longer permits them', async () => {
  await create(project('used', { sourceRepos: ['*'], destinations: everywhere }))
  const repository = world.repository({ 'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n' })
  await world.application(repository, { project: 'used' })
  await expect.poll(() => world.tiphys().applications().length).toBeGreaterThan(0)
  const gone = client.api.call(routes.projects.delete, { params: { name: 'used' } })
  await expect(gone).rejects.toThrow(/1 applications are in the project used/)
  const narrow = project('used', { sourceRepos: ['https://example.com/*'], destinations: everywhere })
  const narrowed = client.api.call(routes.projects.update, { params: { name: 'used' }, body: { project: narrow } })
  await expect(narrowed).rejects.toThrow(/no longer permit the sources of 1 applications/)
  const reserved = client.api.call(routes.projects.delete, { params: { name: 'default' } })
  await expect(reserved).rejects.toThrow(/cannot be deleted/)
})

test('windows that are open, global projects, and what belongs to a project are shown, without credentials', async () => {
  const windows = [
    { kind: 'allow', schedule: '* * * * *', duration: '1h', applications: ['*'] },
    { kind: 'deny', schedule: '0 0 1 1 *', duration: '1s', applications: ['*'] },
  ]
  await create(project('shared', { syncWindows: windows }))
  await create(project('shop', { sourceRepos: ['*'], syncWindows: windows.slice(0, 1) }, { team: 'shop' }))
  const params = { name: 'shared' }
  expect((await client.api.call(routes.projects.syncWindows, { params })).windows).toEqual([windows[0]])
  const globals = await client.api.call(routes.projects.globalProjects, { params: { name: 'shop' } })
  expect(globals.items.map(({ metadata }) => metadata.name)).toEqual(['shared'])
  const secret = 'canary-of-the-project'
  const { url: repo } = world.repository({})
  await client.api.call(routes.repositories.create, {
    body: { repo, project: 'shop', username: 'ann', password: secret },
  })
  const config = { bearerToken: secret, tlsClientConfig: { insecure: true } }
  await client.api.call(routes.clusters.create, {
    body: { server: 'https://far.example.com', name: 'far', project: 'shop', config },
  })
  const detailed = await client.api.call(routes.projects.detailed, { params: { name: 'shop' } })
  expect(detailed.repositories).toEqual([expect.objectContaining({ repo, username: 'ann', project: 'shop' })])
  expect(detailed.clusters).toEqual([expect.objectContaining({ server: 'https://far.example.com', name: 'far' })])
  expect(detailed.project.spec.syncWindows).toHaveLength(3)
  for (const spelling of spellingsOf(secret)) expect(client.answers.join('\n')).not.toContain(spelling)
})

test('nobody sees a project without signing in', async () => {
  const call = client.anonymous.call(routes.projects.detailed, { params: { name: 'default' } })
  await expect(call).rejects.toMatchObject({ status: 401, code: 16 })
})
