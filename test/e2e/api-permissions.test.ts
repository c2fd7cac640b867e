/** What policies permit of projects, clusters and repositories, for accounts, roles and tokens. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ApiClient, apiClient, routes } from '../../src/contract/index.ts'
import { type SignedIn, signIn } from './signed-in.ts'
import { startWorld, type World } from './world.ts'

let world: World
let client: SignedIn
let dev: ApiClient

const policy = `
p, dev, clusters, get, far, allow
p, dev, clusters, get, https://near.example.invalid, allow
p, dev, clusters, get, https://barred.example.invalid, deny
p, dev, clusters, get, barred, allow
p, dev, repositories, *, shop/*, allow
p, dev, projects, get, shop, allow
p, dev, projects, update, shop, allow
p, dev, applicationsets, *, shop/*, allow
`

const withToken = (token: string) => apiClient({ base: world.tiphys().url, token: () => token })

beforeAll(async () => {
  world = await startWorld({ 'accounts.dev': 'apiKey' })
  client = await signIn(world)
  const metadata = { name: 'argocd-rbac-cm', namespace: world.controlNamespace }
  await world.client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'policy.csv': policy } })
  for (const name of ['far', 'near', 'barred', 'hidden']) {
    await client.api.call(routes.clusters.create, { body: { server: `https://${name}.example.invalid`, name } })
  }
  const project = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'shop' },
    spec: {
      sourceRepos: ['https://git.example.invalid/*'],
      roles: [{ name: 'ci', policies: ['p, proj:shop:ci, applications, get, shop/*, allow'] }],
    },
  } as const
  await client.api.call(routes.projects.create, { body: { project: structuredClone(project) as never } })
  const { token } = await client.api.call(routes.accounts.createToken, { params: { name: 'dev' }, body: { id: 'e2e' } })
  dev = withToken(token)
})
afterAll(() => world.stop())

test('a cluster is permitted by its address or its name, and a denial of one of them counts', async () => {
  const names = async () => (await dev.call(routes.clusters.list, {})).items.map(({ name }) => name).sort()
  await expect.poll(names).toEqual(['far', 'near'])
  const get = (name: string) => dev.call(routes.clusters.get, { params: { id: name }, query: { 'id.type': 'name' } })
  expect((await get('far')).server).toBe('https://far.example.invalid')
  const messages = await Promise.all(
    ['hidden', 'missing', 'barred'].map((name) => get(name).catch((error) => error.message.replace(name, 'X'))),
  )
  expect(new Set(messages).size).toBe(1)
  await expect(
    dev.call(routes.clusters.delete, { params: { id: 'https://near.example.invalid' } }),
  ).rejects.toMatchObject({ status: 403 })
})

test('repositories of a project are for who may use the project, and no others', async () => {
  const { url } = world.repository({})
  const body = { repo: url, username: 'ann', password: 'p' }
  await expect(dev.call(routes.repositories.create, { body })).rejects.toMatchObject({ status: 403, code: 7 })
  await dev.call(routes.repositories.create, { body: { ...body, project: 'shop' } })
  await client.api.call(routes.repositories.create, { body: { ...body, username: 'other' } })
  const { items } = await dev.call(routes.repositories.list, {})
  expect(items.map(({ project, username }) => `${project} ${username}`)).toEqual(['shop ann'])
  const messages = await Promise.all(
    [`${url}-other`, `${url}-missing`].map((repo) =>
      dev.call(routes.repositories.get, { params: { repo } }).catch((error) => error.message.replace(repo, 'X')),
    ),
  )
  expect(new Set(messages).size).toBe(1)
})

test('who may change a project may not open it to what they may not change', async () => {
  const shop = await dev.call(routes.projects.get, { params: { name: 'shop' } })
  const update = (spec: object) =>
    dev.call(routes.projects.update, {
      params: { name: 'shop' },
      body: { project: { ...shop, spec: { ...shop.spec, ...spec } } },
    })
  const refused = { status: 403, code: 7 }
  await expect(
    update({ destinations: [{ server: 'https://hidden.example.invalid', namespace: '*' }] }),
  ).rejects.toMatchObject(refused)
  await expect(update({ destinations: [{ name: 'hidden', namespace: '*' }] })).rejects.toMatchObject(refused)
  await expect(update({ sourceRepos: ['*'] })).rejects.toMatchObject(refused)
  await update({ description: 'changed' })
  await expect(dev.call(routes.projects.get, { params: { name: 'default' } })).rejects.toMatchObject(refused)
  expect((await dev.call(routes.projects.list, {})).items.map(({ metadata }) => metadata.name)).toEqual(['shop'])
})

test('a token of a role is made, used, and no longer accepted once it is deleted', async () => {
  const params = { project: 'shop', role: 'ci' }
  const { token = '' } = await dev.call(routes.projects.createToken, { params, body: { id: 'one', expiresIn: 3600 } })
  const ci = withToken(token)
  await expect.poll(() => ci.call(routes.session.userInfo, {})).toMatchObject({ username: 'proj:shop:ci' })
  const shop = await ci.call(routes.projects.get, { params: { name: 'shop' } })
  const [record] = shop.spec.roles?.[0]?.jwtTokens ?? []
  expect(record).toMatchObject({ id: 'one', iat: expect.any(Number), exp: expect.any(Number) })
  expect(shop.status).toEqual({ jwtTokensByRole: { ci: { items: [record] } } })
  await expect(ci.call(routes.clusters.get, { params: { id: 'https://far.example.invalid' } })).rejects.toMatchObject({
    status: 403,
  })
  const none = dev.call(routes.projects.createToken, { params: { project: 'default', role: 'ci' }, body: {} })
  await expect(none).rejects.toMatchObject({ status: 403 })
  await dev.call(routes.projects.deleteToken, { params: { ...params, iat: String(record?.iat) }, query: { id: 'one' } })
  await expect.poll(() => ci.call(routes.applications.list, {}).catch((error) => error.status)).toBe(401)
})

test('an account sees itself, changes its password, and loses a token that is deleted', async () => {
  const { items } = await dev.call(routes.accounts.list, {})
  expect(items).toEqual([
    expect.objectContaining({
      name: 'dev',
      capabilities: ['apiKey'],
      tokens: [expect.objectContaining({ id: 'e2e' })],
    }),
  ])
  const canI = (resource: string, action: string, subresource: string) =>
    dev.call(routes.accounts.canI, { params: { resource, action, subresource } })
  expect(await canI('repositories', 'get', 'shop/https://git.example.invalid/shop')).toEqual({ value: 'yes' })
  expect(await canI('clusters', 'delete', 'https://far.example.invalid')).toEqual({ value: 'no' })
  await expect(canI('planets', 'get', 'x')).rejects.toMatchObject({ status: 400 })
  await expect(dev.call(routes.accounts.createToken, { params: { name: 'admin' }, body: {} })).rejects.toMatchObject({
    status: 403,
  })
  const { adminPassword = '' } = world.tiphys()
  const change = (currentPassword: string, newPassword: string) =>
    client.api.call(routes.accounts.updatePassword, { body: { currentPassword, newPassword } })
  await expect(change('wrong', 'long enough')).rejects.toMatchObject({ status: 400 })
  await expect(change(adminPassword, 'short')).rejects.toMatchObject({ status: 400 })
  await client.api.call(routes.accounts.deleteToken, { params: { name: 'dev', id: 'e2e' } })
  await expect.poll(() => dev.call(routes.clusters.list, {}).catch((error) => error.status)).toBe(401)
  await change(adminPassword, 'long enough')
  const body = { username: 'admin', password: 'long enough' }
  await expect
    .poll(() => client.anonymous.call(routes.session.create, { body }).catch(() => undefined))
    .toHaveProperty('token')
})
