/**
 * Logs of Pods. They are written by kubelets, of which a test cluster without nodes has none: there, what is tested is that
 * its refusal is told as a line.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AnswerOf, type QueryOf, routes } from '../../src/contract/index.ts'
import { configMap, deployment } from './manifests.ts'
import { type SignedIn, signIn } from './signed-in.ts'
import { type App, startWorld, type World } from './world.ts'

function onSandbox(title: string, body: () => Promise<void>): void {
  if (process.env.KUBECONFIG === undefined) test(title, body)
}

let world: World
let client: SignedIn
let app: App
let pods: string[]

beforeAll(async () => {
  world = await startWorld({ 'server.maxPodLogsToRender': '2' })
  client = await signIn(world)
  const files = { 'web.yaml': deployment('web', { replicas: 2 }) + deployment('api') + configMap('config') }
  app = await world.application(world.repository(files))
  await app.settled()
  const { nodes } = await client.api.call(routes.applicationResources.tree, { params: { applicationName: app.name } })
  pods = nodes.filter(({ kind }) => kind === 'Pod').map(({ name }) => name ?? '')
})
afterAll(() => world.stop())

type Query = Partial<QueryOf<typeof routes.applicationStreams.logs>>

async function logs(query: Query) {
  const entries: AnswerOf<typeof routes.applicationStreams.logs>[] = []
  const params = { name: app.name }
  for await (const entry of client.api.stream(routes.applicationStreams.logs, { params, query })) entries.push(entry)
  return entries
}

const ofWeb: Query = { group: 'apps', kind: 'Deployment', namespace: '', resourceName: 'web' }

test('the logs of everything that a workload owns are told, and then that there is no more', async () => {
  const entries = await logs(ofWeb)
  expect(entries.at(-1)).toMatchObject({ content: '', podName: '', last: true })
  const lines = entries.slice(0, -1)
  expect([...new Set(lines.map(({ podName }) => podName))].sort()).toEqual(
    pods.filter((name) => name.startsWith('web-')),
  )
  for (const { content, timeStamp, timeStampStr, last } of lines) {
    expect(content).not.toBe('')
    expect(last).toBe(false)
    expect(timeStampStr.slice(0, 19)).toBe(timeStamp.slice(0, 19))
  }
})

onSandbox('lines of several Pods stand in the order of their times', async () => {
  const times = (await logs(ofWeb)).slice(0, -1).map(({ timeStampStr }) => timeStampStr)
  expect(times.length).toBeGreaterThan(3)
  expect(times).toEqual([...times].sort())
})

onSandbox('lines are chosen by text, by number and by time', async () => {
  const podName = pods[0] ?? ''
  const contents = async (query: Query) =>
    (await logs({ podName, ...query })).slice(0, -1).map(({ content }) => content)
  const all = await contents({})
  expect(all).toContain('ready')
  expect(await contents({ filter: 'READY' })).toEqual(['ready'])
  expect(await contents({ filter: 'READY', matchCase: true })).toEqual([])
  expect(await contents({ filter: '!ready' })).toEqual(all.filter((line) => !line.includes('ready')))
  expect(await contents({ tailLines: 1 })).toEqual(all.slice(-1))
  expect(await contents({ untilTime: '2000-01-01T00:00:00Z' })).toEqual([])
  expect(await contents({ sinceTime: '2100-01-01T00:00:00Z' })).toEqual([])
})

onSandbox('a log is downloaded as a file of lines', async () => {
  const where = `namespace=${app.namespace}&container=main&podName=${pods[0]}`
  const response = await client.get(`/api/v1/applications/${app.name}/logs?download=true&${where}`)
  expect(response.headers.get('content-disposition')).toBe(
    `attachment; filename="${app.namespace}-${pods[0]}-main.log"`,
  )
  expect(response.headers.get('content-type')).toBe('application/octet-stream')
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  expect((await response.text()).split('\n')).toContain('ready')
})

onSandbox('a followed log goes on until its reader leaves', async () => {
  const ending = new AbortController()
  const params = { name: app.name, podName: pods[0] ?? '' }
  const stream = client.api.stream(routes.applicationStreams.podLogs, {
    params,
    query: { follow: true },
    signal: ending.signal,
  })
  const lines: string[] = []
  const reading = (async () => {
    for await (const { content } of stream) lines.push(content)
  })().catch(() => 'left')
  await expect.poll(() => lines, { timeout: 20_000 }).toContain('ready')
  await expect.poll(() => lines.some((line) => line.startsWith('healthy')), { timeout: 40_000 }).toBe(true)
  ending.abort()
  expect(await reading).toBe('left')
})

test('what is too much, no time or nobody is answered in words', async () => {
  await expect(logs({})).rejects.toMatchObject({ status: 400, message: expect.stringContaining('no more than 2') })
  await expect(logs({ ...ofWeb, untilTime: 'noon' })).rejects.toMatchObject({ status: 400 })
  expect(await logs({ podName: 'missing' })).toEqual([expect.objectContaining({ last: true })])
  const [line] = await logs({ podName: pods[0], container: 'missing' })
  expect(line?.content).not.toBe('')
})
