/** Resource actions against a cluster: built in and by script, patching and creating. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tiphysIn } from './command-line.ts'
import { configMap, deployment } from './manifests.ts'
import { type App, startWorld, type World } from './world.ts'

const custom = `
discovery.lua: 'return { copy = {}, label = { params = {{ name = "value" }} } }'
definitions:
- name: copy
  action.lua: |
    local copy = { apiVersion = "v1", kind = "ConfigMap", data = obj.data }
    copy.metadata = { name = obj.metadata.name .. "-copy", namespace = obj.metadata.namespace }
    obj.metadata.annotations["example.com/copied"] = "true"
    return { { operation = "create", resource = copy }, { operation = "patch", resource = obj } }
- name: leak
  action.lua: |
    local secret = { apiVersion = "v1", kind = "Secret", stringData = obj.data }
    secret.metadata = { name = "leaked", namespace = obj.metadata.namespace }
    return { { operation = "create", resource = secret } }
- name: label
  action.lua: |
    obj.metadata.labels = obj.metadata.labels or {}
    obj.metadata.labels.value = actionParams.value
    return obj
`

const cronJob = `apiVersion: batch/v1
kind: CronJob
metadata:
  name: nightly
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          nodeSelector: {example.com/no-such-node: "true"}
          containers: [{name: main, image: registry.example.com/missing:1.0}]
---
`

let world: World
let app: App
beforeAll(async () => {
  world = await startWorld({ 'resource.customizations.actions.ConfigMap': custom })
  const files = { 'web.yaml': deployment('web'), 'config.yaml': configMap('config'), 'cron.yaml': cronJob }
  app = await world.application(world.repository(files), { syncPolicy: { syncOptions: ['CreateNamespace=true'] } })
  await app.until('compared', ({ sync }) => sync?.status === 'OutOfSync')
  await app.sync()
  await app.settled()
})
afterAll(() => world.stop())

const tiphys = (...args: string[]) => tiphysIn(world, args)

const run = (action: string, ...flags: string[]) => tiphys('app', 'actions', 'run', app.name, action, ...flags)

test('what can be done is listed', async () => {
  const { code, out } = await tiphys('app', 'actions', 'list', app.name)
  expect(code).toBe(0)
  const lines = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const names = Object.fromEntries(
    lines.map(({ kind, actions }) => [kind, actions.map(({ name }: { name: string }) => name)]),
  )
  expect(names).toEqual({
    ConfigMap: ['copy', 'label'],
    CronJob: ['create-job', 'suspend'],
    Deployment: ['pause', 'restart', 'resume', 'scale'],
  })
})

test('restart and scale change the object in the cluster', async () => {
  expect(await run('restart', '--kind', 'Deployment')).toMatchObject({ code: 0 })
  expect((await app.live('Deployment', 'web'))?.spec).toMatchObject({
    template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': expect.stringMatching(/^20.*Z$/) } } },
  })
  expect(await run('scale', '--kind', 'Deployment', '--param', 'replicas=2')).toMatchObject({ code: 0 })
  expect((await app.live('Deployment', 'web'))?.spec).toMatchObject({ replicas: 2 })
  expect(await run('scale', '--kind', 'Deployment', '--param', 'replicas=few')).toMatchObject({
    code: 20,
    err: 'tiphys: invalid number: few\n',
  })
})

test('create-job makes a Job, which is then an object of the application', async () => {
  const { code, out } = await run('create-job', '--kind', 'CronJob', '-o', 'json')
  expect(code).toBe(0)
  const [{ operation, resource }] = JSON.parse(out)
  expect({ operation, kind: resource.kind }).toEqual({ operation: 'create', kind: 'Job' })
  const { name } = resource.metadata
  expect(await run('terminate', '--kind', 'Job', '--resource-name', name)).toMatchObject({ code: 0 })
  expect((await app.live('Job', name))?.status).toMatchObject({
    conditions: expect.arrayContaining([expect.objectContaining({ type: 'FailureTarget', status: 'True' })]),
  })
})

test('a script can create and patch at once, and take parameters', async () => {
  expect(await run('copy', '--kind', 'ConfigMap')).toMatchObject({ code: 0 })
  expect((await app.live('ConfigMap', 'config-copy'))?.data).toEqual({ key: 'value' })
  expect((await app.live('ConfigMap', 'config'))?.metadata.annotations).toMatchObject({ 'example.com/copied': 'true' })
  expect(await run('label', '--kind', 'ConfigMap', '--param', 'value=green')).toMatchObject({ code: 0 })
  expect((await app.live('ConfigMap', 'config'))?.metadata.labels).toMatchObject({ value: 'green' })
})

test('what cannot be created leaves everything as it was', async () => {
  const before = await app.live('ConfigMap', 'config')
  const { code, err } = await run('copy', '--kind', 'ConfigMap')
  expect({ code, err }).toEqual({ code: 20, err: expect.stringContaining('config-copy') })
  expect(await app.live('ConfigMap', 'config')).toEqual(before)
})

test('an object of nobody, or of somebody else, is left alone', async () => {
  const target = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'stray', namespace: app.namespace } }
  await world.client.create(target)
  const flags = ['--kind', 'ConfigMap', '--resource-name', 'stray', '--param', 'value=x']
  expect(await run('label', ...flags)).toMatchObject({ code: 20, err: expect.stringContaining('does not belong') })
  expect(await run('restart')).toMatchObject({ code: 20, err: expect.stringContaining('say which with --kind') })
})

test('what the project does not permit is not made', async () => {
  const project = world.unique('without-secrets')
  await world.client.create({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: project, namespace: world.controlNamespace },
    spec: {
      sourceRepos: ['*'],
      destinations: [{ server: '*', namespace: '*' }],
      clusterResourceWhitelist: [{ group: '*', kind: '*' }],
      namespaceResourceBlacklist: [{ group: '', kind: 'Secret' }],
    },
  })
  const other = await world.application(world.repository({ 'config.yaml': configMap('config') }), { project })
  await other.settled()
  expect(await tiphys('app', 'actions', 'run', other.name, 'leak', '--kind', 'ConfigMap')).toMatchObject({
    code: 20,
    err: expect.stringMatching(/would create Secret .*leaked: the project .* does not permit/),
  })
  expect(await other.live('Secret', 'leaked')).toBeUndefined()
})
