/** The REST API as a client meets it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ApiClient, apiClient, routes } from '../../src/contract/index.ts'
import { startWorld, type World } from './world.ts'

let world: World
let api: ApiClient
let token: string | undefined

beforeAll(async () => {
  world = await startWorld()
  api = apiClient({ base: world.tiphys().url, token: () => token })
})
afterAll(() => world.stop())

const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: config}\ndata: {a: b}\n'

test('who has signed in sees the applications, and nobody else does', async () => {
  const app = await world.application(world.repository({ 'config.yaml': configMap }))
  await app.settled()
  await expect(api.call(routes.applications.list, {})).rejects.toMatchObject({ status: 401, code: 16 })
  const wrong = api.call(routes.session.create, { body: { username: 'admin', password: 'no' } })
  await expect(wrong).rejects.toMatchObject({ status: 401 })
  const body = { username: 'admin', password: world.tiphys().adminPassword ?? '' }
  token = (await api.call(routes.session.create, { body })).token
  expect(await api.call(routes.session.userInfo, {})).toMatchObject({ loggedIn: true, username: 'admin' })
  const { items } = await api.call(routes.applications.list, {})
  expect(items.map(({ metadata }) => metadata.name)).toContain(app.name)
  const one = await api.call(routes.applications.get, { params: { name: app.name } })
  expect(one.status?.sync?.status).toBe('Synced')
  const missing = api.call(routes.applications.get, { params: { name: 'missing' }, query: { project: 'default' } })
  await expect(missing).rejects.toMatchObject({ status: 404, code: 5 })
})
