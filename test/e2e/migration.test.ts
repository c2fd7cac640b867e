/** Applications as Argo CD leaves them, taken over. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Application, KubeObject } from '../../src/model/index.ts'
import { tiphysIn } from './command-line.ts'
import { configMap, deployment } from './manifests.ts'
import { openKubectl } from './stock-kubectl.ts'
import { startWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const files = { 'web.yaml': deployment('web'), 'config.yaml': configMap('config', { a: '1' }) }
const kinds = [
  ['Deployment', 'web', 'apps'],
  ['ConfigMap', 'config', ''],
] as const

/** As its controller applies by default: by kubectl's client-side apply, under its own name, with its annotation. */
async function deployedByArgo(name: string): Promise<void> {
  const kubectl = openKubectl(world.kubeconfig)
  try {
    await kubectl.run(['create', 'namespace', name])
    for (const [kind, object, group] of kinds) {
      const text = kind === 'Deployment' ? files['web.yaml'] : files['config.yaml']
      const id = `${name}:${group}/${kind}:${name}/${object}`
      const tracked = text.replace(
        'metadata:\n',
        `metadata:\n  annotations: {argocd.argoproj.io/tracking-id: "${id}"}\n`,
      )
      expect(tracked).not.toBe(text)
      await kubectl.run(['apply', '--namespace', name, '--field-manager', 'argocd-controller', '-f', '-'], tracked)
    }
    await kubectl.run(['rollout', 'status', '--namespace', name, 'deployment/web', '--timeout', '60s'])
  } finally {
    kubectl.remove()
  }
}

function leftByArgo(name: string, repository: string, revision: string): KubeObject {
  const source = { repoURL: repository, path: '.', targetRevision: 'main' }
  const destination = { name: 'in-cluster', namespace: name }
  const at = '2026-11-01T10:00:00Z'
  const automated = { prune: true, selfHeal: true }
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: world.controlNamespace },
    spec: { project: 'default', source, destination, syncPolicy: { automated } },
    status: {
      sync: { status: 'Synced', revision, comparedTo: { source, destination } },
      health: { status: 'Healthy', lastTransitionTime: at },
      reconciledAt: at,
      sourceType: 'Directory',
      summary: { images: ['registry.example.com/web:1.0'] },
      history: [{ id: 0, revision, deployStartedAt: at, deployedAt: at, source, initiatedBy: { automated: true } }],
      operationState: {
        operation: { sync: { revision, prune: true }, initiatedBy: { automated: true }, retry: { limit: 5 } },
        phase: 'Succeeded',
        message: 'successfully synced (all tasks run)',
        startedAt: at,
        finishedAt: at,
        syncResult: { revision, source },
      },
      resources: kinds.map(([kind, object, group]) => ({
        ...(group && { group }),
        version: 'v1',
        kind,
        namespace: name,
        name: object,
        status: 'Synced',
        ...(kind === 'Deployment' && { health: { status: 'Healthy' } }),
      })),
    },
  } as KubeObject
}

const versionsOf = (name: string) =>
  Promise.all(
    kinds.map(async ([kind, object, group]) => {
      const target = { group, version: 'v1', kind, namespace: name, name: object }
      return (await world.client.get(target))?.metadata.resourceVersion
    }),
  )

test('an application of Argo CD is taken over without a write to its objects, and its status stays', async () => {
  const name = world.unique('moved')
  const repository = world.repository(files)
  const revision = repository.git('rev-parse', 'HEAD')
  await deployedByArgo(name)
  const before = await versionsOf(name)
  const left = leftByArgo(name, repository.url, revision)
  await world.client.create(left, { fieldManager: 'argocd-application-controller' })
  const current = () =>
    world
      .tiphys()
      .applications()
      .find(({ metadata }) => metadata.name === name)
  const isLookedAt = () => world.tiphys().controller.observation(name) !== undefined
  for (let tries = 0; tries < 300 && !isLookedAt(); tries++) await sleep(100)
  expect(isLookedAt()).toBe(true)
  // Several looks long: one a second.
  await sleep(4000)
  const { status } = current() ?? {}
  const was = left.status as NonNullable<Application['status']>
  expect(status?.sync?.status).toBe('Synced')
  expect(status?.sync?.revision).toBe(revision)
  expect(status?.health?.status).toBe('Healthy')
  expect(status?.conditions ?? []).toEqual([])
  expect(status?.history).toEqual(was.history)
  expect(status?.operationState).toEqual(was.operationState)
  expect(status?.resources).toEqual(expect.arrayContaining(was.resources ?? []))
  expect(await versionsOf(name)).toEqual(before)
  await world.client.delete({ group: '', version: 'v1', kind: 'Namespace', namespace: '', name })
})

test('the check names what is to be stopped, lost and decided, and ends so that a script can tell', async () => {
  expect(await tiphysIn(world, ['migrate'])).toMatchObject({ code: 2, err: expect.stringMatching(/migrate --check/) })
  const clean = await tiphysIn(world, ['migrate', '--check'])
  expect(clean).toMatchObject({ code: 0, out: expect.stringMatching(/projects and 0 ApplicationSets were looked at/) })
  const metadata = { name: 'argocd-application-controller', namespace: world.controlNamespace }
  const labels = { app: 'controller' }
  const spec = {
    replicas: 1,
    serviceName: 'none',
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'registry.example.com/argo:1' }] } },
  }
  await world.client.create({ apiVersion: 'apps/v1', kind: 'StatefulSet', metadata, spec })
  const found = await tiphysIn(world, ['migrate', '--check'])
  expect(found.code).toBe(1)
  expect(found.out).toContain(
    `kubectl -n ${world.controlNamespace} scale statefulset/argocd-application-controller --replicas=0`,
  )
  const json = await tiphysIn(world, ['migrate', '--check', '-o', 'json'])
  expect(JSON.parse(json.out)).toMatchObject([{ level: 'stop', about: 'StatefulSet argocd-application-controller' }])
})
