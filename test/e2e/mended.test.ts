/** A sync that failed by something outside of Git succeeds soon after that is mended, without a commit and without anybody asking. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { configMap } from './manifests.ts'
import { type App, startWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const fieldManager = 'e2e'

interface Obstruction {
  what: string
  files: Record<string, string>
  obstruct(app: { namespace: string }): Promise<unknown>
  told: RegExp
  mend(app: App): Promise<unknown>
}

const group = 'obstacles.example.com'
const widget = `apiVersion: ${group}/v1\nkind: Obstacle\nmetadata: {name: one}\nspec: {size: 1}\n`

function apply(object: Parameters<World['client']['apply']>[0]): Promise<unknown> {
  return world.client.apply(object, { fieldManager, force: true })
}

function namespace(name: string): Promise<unknown> {
  return apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
}

function quota(name: string, configMaps: string): Promise<unknown> {
  const metadata = { name: 'few', namespace: name }
  const spec = { hard: { 'count/configmaps': configMaps } }
  return apply({ apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec })
}

/** A quota counts for nothing before its status says so. */
async function quotaInForce(name: string, configMaps: string): Promise<void> {
  await quota(name, configMaps)
  const target = { group: '', version: 'v1', kind: 'ResourceQuota', namespace: name, name: 'few' }
  for (;;) {
    const { hard } = ((await world.client.get(target))?.status ?? {}) as { hard?: Record<string, string> }
    if (hard?.['count/configmaps'] === configMaps) return
    await sleep(20)
  }
}

function definition(): Promise<unknown> {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }
  return apply({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `obstacles.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'obstacles', singular: 'obstacle', kind: 'Obstacle', listKind: 'ObstacleList' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  })
}

async function removeDefinition(): Promise<void> {
  const target = { group: 'apiextensions.k8s.io', version: 'v1', kind: 'CustomResourceDefinition', namespace: '' }
  await world.client.delete({ ...target, name: `obstacles.${group}` })
  while ((await world.client.apiResources({ refresh: true })).find(group, 'Obstacle')) await sleep(50)
}

const admission = { group: 'admissionregistration.k8s.io', version: 'v1', kind: 'ValidatingWebhookConfiguration' }

/** Nobody listens there: every ConfigMap of the namespace is refused. */
function brokenWebhook(name: string): Promise<unknown> {
  return apply({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name },
    webhooks: [
      {
        name: 'policy.example.com',
        clientConfig: { url: 'https://127.0.0.1:1/validate' },
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
        rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['*'], resources: ['configmaps'] }],
        failurePolicy: 'Fail',
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        timeoutSeconds: 1,
      },
    ],
  })
}

const webhook: Obstruction = {
  what: 'a webhook that does not answer',
  files: { 'config.yaml': configMap('config') },
  async obstruct(app) {
    await namespace(app.namespace)
    await brokenWebhook(app.namespace)
    // The server takes a moment to go by it.
    await sleep(2000)
  },
  told: /failed calling webhook "policy\.example\.com"/,
  mend: (app) => world.client.delete({ ...admission, namespace: '', name: app.namespace }),
}

const obstructions: Obstruction[] = [
  // The sandbox calls no webhooks.
  ...(process.env.KUBECONFIG === undefined ? [] : [webhook]),
  {
    what: 'a namespace that does not exist',
    files: { 'config.yaml': configMap('config') },
    obstruct: async () => {},
    told: /namespaces .* not found/,
    mend: (app) => namespace(app.namespace),
  },
  {
    what: 'a quota that is used up',
    files: { 'config.yaml': ['a', 'b', 'c', 'd'].map((name) => configMap(name)).join('') },
    async obstruct(app) {
      await namespace(app.namespace)
      await quotaInForce(app.namespace, '2')
    },
    told: /exceeded quota: few/,
    mend: (app) => quota(app.namespace, '10'),
  },
  {
    what: 'a kind that is not installed',
    files: { 'widget.yaml': widget },
    async obstruct(app) {
      await removeDefinition()
      await namespace(app.namespace)
    },
    told: /does not know Obstacle.*install its CustomResourceDefinition/,
    mend: definition,
  },
]

afterAll(async () => {
  if (world.isRealCluster) await removeDefinition()
})

const retries = [
  ['between two tries', undefined],
  ['after the last try', { limit: 0 }],
] as const

for (const [when, retry] of retries) {
  test.each(obstructions)(`$what, mended ${when}`, async ({ files, obstruct, told, mend }) => {
    const name = world.unique(`obstacle-${obstructions.length}-${Math.random().toString(36).slice(2, 7)}`)
    await obstruct({ namespace: name })
    const app = await world.application(world.repository(files), {
      destination: { name: 'in-cluster', namespace: name },
      syncPolicy: { automated: { prune: true, selfHeal: true }, ...(retry && { retry }) },
    })
    const problem = () => app.status().conditions?.find(({ type }) => type === 'SyncError')?.message ?? ''
    await app.until('the problem is told', () => told.test(problem()))
    // By then the first pause is over, and the second one has more than 8 s to go.
    await sleep(retry ? 1000 : 6500)
    expect(app.status().sync?.status).toBe('OutOfSync')
    const mendedAt = Date.now()
    await mend(app)
    await app.settled()
    expect(Date.now() - mendedAt).toBeLessThan(8000)
    expect(app.status().conditions ?? []).toEqual([])
  })
}
