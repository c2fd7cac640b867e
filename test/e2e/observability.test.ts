/** What can be seen of a running Tiphys from outside: one id from a request to the last write, and what each application costs. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { costsIn } from '../../src/cli/admin/top.ts'
import { routes } from '../../src/contract/index.ts'
import { configMap } from './manifests.ts'
import { signIn } from './signed-in.ts'
import { startWorld, type World } from './world.ts'

interface Line {
  text: string
  requestId?: string
  request?: string
  operation?: string
  verb?: string
  object?: string
  phase?: string
}

let world: World
const lines: Line[] = []

beforeAll(async () => {
  world = await startWorld({}, { onLog: (fields, text) => void lines.push({ ...fields, text }) })
})
afterAll(() => world.stop())

test('the log tells what came of a request, by one id', async () => {
  const { api } = await signIn(world)
  const repository = world.repository({ 'a.yaml': configMap('first'), 'b.yaml': configMap('second') })
  const app = await world.application(repository, { syncPolicy: { syncOptions: ['CreateNamespace=true'] } })
  await app.until('compared', ({ sync }) => sync?.status === 'OutOfSync')
  await api.call(routes.applications.sync, { params: { name: app.name }, body: {} })
  await app.settled()
  const { requestId } = lines.find(({ text }) => /sync/.test(text) && text.startsWith('admin ')) ?? {}
  expect(requestId).toBeDefined()
  const ofRequest = lines.filter(({ request }) => request === requestId)
  expect(ofRequest[0]?.text).toBe('an operation begins')
  expect(ofRequest.at(-1)).toMatchObject({ phase: 'Succeeded', text: expect.stringMatching(/^an operation has ended/) })
  const written = ofRequest.filter(({ text }) => text === 'written').map(({ verb, object }) => `${verb} ${object}`)
  expect(written.join()).toMatch(/apply ConfigMap .*first/)
  expect(written.join()).toMatch(/apply ConfigMap .*second/)
  expect(new Set(ofRequest.map(({ operation }) => operation)).size).toBe(1)

  const text = await (await fetch(world.tiphys().metricsUrl ?? '')).text()
  const cost = costsIn([text]).find(({ name }) => name === app.name)
  expect(cost).toMatchObject({ namespace: world.controlNamespace, objects: 2 })
  expect(cost?.looks).toBeGreaterThan(1)
  expect(cost?.lookSeconds).toBeGreaterThan(0)
  expect(cost?.renderSeconds).toBeGreaterThan(0)
  expect(text).toMatch(new RegExp(`argocd_app_info{[^}]*name="${app.name}"[^}]*autosync_enabled="false",operation=""`))
  const labels = `namespace="${world.controlNamespace}",dest_server="https://kubernetes.default.svc"`
  expect(text).toContain(`argocd_app_reconcile_count{${labels}}`)
})

test('a condition is told by its type', async () => {
  const repository = world.repository({ 'broken.yaml': 'kind: [' })
  const app = await world.application(repository)
  await app.until('broken', ({ conditions = [] }) => conditions.length > 0)
  const text = await (await fetch(world.tiphys().metricsUrl ?? '')).text()
  expect(text).toMatch(
    new RegExp(`argocd_app_condition{[^}]*name="${app.name}",project="default",condition="RenderWarning"} 1`),
  )
})
