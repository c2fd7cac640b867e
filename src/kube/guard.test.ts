import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { connect } from './connect.ts'
import type { KubeClient } from './kube-client.ts'

const target = { group: '', version: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'config' }
const resources = {
  resources: [{ name: 'configmaps', kind: 'ConfigMap', namespaced: true, verbs: ['get', 'patch'] }],
}

let seen: string[] = []
let failures = 0
const server = createServer((request, response) => {
  const path = (request.url ?? '').split('?')[0] ?? ''
  const isObject = path.endsWith('/config')
  if (isObject) seen.push(`${request.method} ${request.url?.includes('dryRun') ? 'dry' : 'real'}`)
  response.setHeader('content-type', 'application/json')
  if (isObject && failures-- > 0) {
    response.writeHead(429, { 'retry-after': '0' }).end('{}')
    return
  }
  const answers: Record<string, object> = {
    '/api': { versions: ['v1'] },
    '/apis': { groups: [] },
    '/version': { gitVersion: 'v1.36.2' },
    '/api/v1': resources,
  }
  response.end(JSON.stringify(answers[path] ?? { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'config' } }))
})
let client: KubeClient

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  client = connect({ name: 'test', server: `http://127.0.0.1:${port}`, authenticate: async () => ({ headers: {} }) })
  await client.get(target)
})
afterAll(async () => {
  await client.close()
  server.close()
})
beforeEach(() => {
  seen = []
  failures = 0
})

const patch = (one: KubeClient, dryRun = false) => one.patch(target, {}, { type: 'merge', dryRun })
const refusal = 'lost'

test('what the guard refuses is never sent, nor tried again', async () => {
  await expect(patch(client.guarded(() => refusal))).rejects.toMatchObject({ message: refusal, code: 403 })
  await expect(patch(client.guarded(() => refusal).as('somebody'))).rejects.toMatchObject({ message: refusal })
  await expect(patch(client.as('somebody').guarded(() => refusal))).rejects.toMatchObject({ message: refusal })
  expect(seen).toEqual([])
})

test('reads and dry runs go on', async () => {
  const guarded = client.guarded(() => refusal)
  await guarded.get(target)
  await patch(guarded, true)
  expect(seen).toEqual(['GET real', 'PATCH dry'])
})

test('the guard is asked when the request leaves, not when it is made', async () => {
  let lost = false
  const guarded = client.guarded(() => (lost ? refusal : undefined))
  const writing = patch(guarded)
  lost = true
  await expect(writing).rejects.toMatchObject({ message: refusal })
  expect(seen).toEqual([])
})

test('it is asked anew at each try', async () => {
  failures = 1
  let asked = 0
  await expect(patch(client.guarded(() => (++asked > 1 ? refusal : undefined)))).rejects.toMatchObject({
    message: refusal,
  })
  expect(seen).toEqual(['PATCH real'])
})
