/** Rollouts: applications of a set are synced step by step, and deleted in the reverse order. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApplicationSet } from '../../src/model/index.ts'
import { type Repository, startWorld, type World } from './world.ts'

let world: World
let repository: Repository
let namespace: string
const within = { timeout: 30_000, interval: 50 }

const config = (name: string, value: string) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { value } })

beforeAll(async () => {
  world = await startWorld()
  namespace = world.unique('rollout')
  await world.client.apply(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    { fieldManager: 'e2e' },
  )
  await world.client.apply(
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'argocd-cmd-params-cm', namespace: world.controlNamespace },
      data: { 'applicationsetcontroller.enable.progressive.syncs': 'true' },
    },
    { fieldManager: 'e2e' },
  )
  repository = world.repository({ 'dev/c.json': config('dev', '1'), 'prod/c.json': config('prod', '1') })
})
afterAll(async () => {
  await world.client.delete({ group: '', version: 'v1', kind: 'Namespace', namespace: '', name: namespace })
  await world.stop()
})

const target = (kind: string, name: string) => ({
  group: 'argoproj.io',
  version: 'v1alpha1',
  kind,
  namespace: world.controlNamespace,
  name,
})

test('a step is synced when the one before is healthy, and deleted before it', async () => {
  const name = world.unique('rolling')
  const step = (env: string) => ({ matchExpressions: [{ key: 'env', operator: 'In', values: [env] }] })
  await world.client.create({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'ApplicationSet',
    metadata: { name, namespace: world.controlNamespace },
    spec: {
      goTemplate: true,
      generators: [{ list: { elements: [{ env: 'prod' }, { env: 'dev', path: 'missing' }] } }],
      strategy: {
        type: 'RollingSync',
        rollingSync: { steps: [step('dev'), { ...step('prod'), maxUpdate: '50%' }] },
        deletionOrder: 'Reverse',
      },
      template: {
        metadata: { name: `${name}-{{.env}}`, labels: { env: '{{.env}}' }, finalizers: ['example.com/held'] },
        spec: {
          project: 'default',
          source: { repoURL: repository.url, path: '{{dig "path" .env .}}', targetRevision: 'main' },
          destination: { name: 'in-cluster', namespace },
          syncPolicy: { automated: { prune: true } },
        },
      },
    },
  })
  const application = (env: string) =>
    world
      .tiphys()
      .applications()
      .find(({ metadata }) => metadata.name === `${name}-${env}`)
  const set = async () => (await world.client.get(target('ApplicationSet', name))) as ApplicationSet | undefined
  const states = async () =>
    Object.fromEntries(
      ((await set())?.status?.applicationStatus ?? []).map(({ application: one = '', status }) => [
        one.slice(name.length + 1),
        status,
      ]),
    )
  const value = async (env: string) =>
    (
      (await world.client.get({ group: '', version: 'v1', kind: 'ConfigMap', namespace, name: env }))?.data as
        | Record<string, string>
        | undefined
    )?.value
  const rolling = async () =>
    (await set())?.status?.conditions?.find(({ type }) => type === 'RolloutProgressing')?.message

  await expect.poll(() => application('prod')?.status?.sync?.status, within).toBe('OutOfSync')
  await expect.poll(rolling, within).toMatch(/step 1/)
  await new Promise((resolve) => setTimeout(resolve, 1000))
  expect(application('prod')?.spec.syncPolicy?.automated).toEqual({ prune: true, enabled: false })
  expect(await value('prod')).toBeUndefined()
  expect((await states()).prod).toBe('Waiting')

  const generators = [{ list: { elements: [{ env: 'prod' }, { env: 'dev' }] } }]
  await world.client.patch(target('ApplicationSet', name), { spec: { generators } }, { type: 'merge' })
  await expect.poll(states, within).toEqual({ dev: 'Healthy', prod: 'Healthy' })
  await expect.poll(rolling, within).toMatch(/completed/)
  expect([await value('dev'), await value('prod')]).toEqual(['1', '1'])

  repository.commit({ 'dev/c.json': config('dev', '2'), 'prod/c.json': config('prod', '2') })
  await expect.poll(async () => [await value('dev'), await value('prod')], within).toEqual(['2', '2'])
  const started = (env: string) => Date.parse(application(env)?.status?.operationState?.startedAt ?? '')
  expect(started('dev')).toBeLessThanOrEqual(started('prod'))
  await expect.poll(states, within).toEqual({ dev: 'Healthy', prod: 'Healthy' })

  await world.client.delete(target('ApplicationSet', name))
  await expect.poll(() => application('prod')?.metadata.deletionTimestamp, within).toBeDefined()
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(application('dev')?.metadata.deletionTimestamp).toBeUndefined()
  const release = (env: string) =>
    world.client.patch(target('Application', `${name}-${env}`), { metadata: { finalizers: [] } }, { type: 'merge' })
  await release('prod')
  await expect.poll(() => application('dev')?.metadata.deletionTimestamp, within).toBeDefined()
  await release('dev')
  await expect.poll(set, within).toBeUndefined()
})
