import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { KubeClient } from '../kube/kube-client.ts'
import { KubeError } from '../kube/kube-error.ts'
import { type KubeObject, track } from '../model/index.ts'
import { hook, openTestCluster, outline, type Run, type TestCluster, wave } from './fixtures/test-cluster.ts'

let cluster: TestCluster
let namespace: string

beforeAll(async () => {
  cluster = await openTestCluster()
})
afterAll(() => cluster.close())

/** The client, and what is written through it. */
function watched(fail: (dryRun: boolean, object: KubeObject) => void = () => {}) {
  const { client } = cluster
  const written: string[] = []
  const asked: string[] = []
  const note = (object: KubeObject, dryRun = false) => {
    ;(dryRun ? asked : written).push(`${object.kind} ${object.metadata.name}`)
    fail(dryRun, object)
  }
  const through: KubeClient = {
    ...client,
    async apply(object, options) {
      note(object, options?.dryRun)
      return client.apply(object, options)
    },
    async create(object, options) {
      note(object, options?.dryRun)
      return client.create(object, options)
    },
    async delete(target, options) {
      ;(options?.dryRun ? asked : written).push(`delete ${target.kind} ${target.name}`)
      return client.delete(target, options)
    },
  }
  return { through, written, asked }
}

async function sync(request: Run) {
  const { through, written, asked } = watched()
  return { ...(await cluster.run({ through, ...request })), written, asked }
}

const badKey = (object: KubeObject): KubeObject => ({ ...object, data: { 'not a key': 'x' } })
const withField = (object: KubeObject): KubeObject => ({
  ...object,
  spec: { ...(object.spec as object), replica: 1 },
})

function widgetDefinition(group: string): KubeObject {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind: 'Widget', plural: 'widgets', singular: 'widget', listKind: 'WidgetList' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  }
}

const widget = (group: string): KubeObject => ({
  apiVersion: `${group}/v1`,
  kind: 'Widget',
  metadata: { name: 'w', namespace },
})

describe('before the first write', () => {
  test('every object of every wave and phase has passed, and all refusals are told at once', async () => {
    namespace = await cluster.newNamespace()
    const { configMap, deployment, job } = cluster
    const objects = [
      job('before', hook('PreSync')),
      configMap('fine'),
      badKey(configMap('bad', wave(3))),
      withField(deployment('typo', wave(1))),
      withField(job('after', hook('PostSync'))),
      withField(job('sorry', hook('SyncFail'))),
    ]
    const { phase, message, results, written } = await sync({ objects })
    expect(phase).toBe('Failed')
    expect(written).toEqual([])
    expect(outline(results)).toEqual([
      'Job before',
      'ConfigMap fine',
      'Deployment typo SyncFailed',
      'ConfigMap bad SyncFailed',
      'Job after SyncFailed',
      'Job sorry SyncFailed',
    ])
    expect(message).toMatch(
      /^one or more objects failed to apply \(dry run\): Deployment\.apps .* \(and 3 more\); nothing has been written$/,
    )
    const reason = (name: string) => results.find((result) => result.name === name)?.message
    expect(reason('bad')).toContain('data[not a key]: Invalid value')
    expect(reason('typo')).toContain('replica')
    expect(reason('fine')).toBe('would be taken (dry run)')
  })

  test('the namespace is not made either, when an object for it would be refused', async () => {
    const destinationNamespace = 'to-be-made'
    const into = ({ metadata, ...object }: KubeObject) =>
      ({ ...object, metadata: { ...metadata, namespace: destinationNamespace } }) as KubeObject
    const objects = [into(cluster.configMap('a')), into(withField(cluster.deployment('web')))]
    const request = { destinationNamespace, syncOptions: ['CreateNamespace=true'] }
    const { phase, results, written } = await sync({ ...request, objects })
    expect(phase).toBe('Failed')
    expect(written).toEqual([])
    expect(results.find(({ name }) => name === 'web')?.message).toContain('unknown field "spec.replica"')
    expect(results.find(({ name }) => name === 'a')?.message).toContain('its namespace to-be-made is made by this sync')

    const good = await sync({ ...request, objects: [into(cluster.configMap('a')), into(cluster.deployment('web'))] })
    expect(good.phase).toBe('Succeeded')
    // The ConfigMap is too simple to be refused for its own sake.
    expect(good.asked.sort()).toEqual(['Deployment web', 'Namespace to-be-made'])
    expect(good.messages[0]).toContain('not checked yet: ConfigMap to-be-made/a and 1 more')
  })

  test('an object that was right for one new namespace is not asked about for the next', async () => {
    const asked = []
    for (const destinationNamespace of ['next-1', 'next-2']) {
      const web = cluster.deployment('remembered')
      const objects = [{ ...web, metadata: { ...web.metadata, namespace: destinationNamespace } }]
      const done = await sync({ objects, destinationNamespace, syncOptions: ['CreateNamespace=true'] })
      asked.push(done.asked)
    }
    expect(asked).toEqual([['Namespace next-1', 'Deployment remembered'], ['Namespace next-2']])
  })

  test('a namespace that nobody makes is a refusal', async () => {
    const object = cluster.configMap('a')
    const objects = ['a', 'b'].map((name) => ({ ...object, metadata: { name, namespace: 'nowhere' } }))
    const { phase, results } = await sync({ objects })
    expect(phase).toBe('Failed')
    expect(results.map(({ message }) => message)).toEqual(Array(2).fill('namespaces "nowhere" not found'))
  })

  test('what is in sync is not asked about, and a single write is its own test', async () => {
    namespace = await cluster.newNamespace()
    const { configMap } = cluster
    await sync({ objects: [configMap('a'), configMap('b')] })
    const none = await sync({ objects: [configMap('a'), configMap('b')], isOutOfSync: () => false })
    expect(none.asked).toEqual(['ConfigMap a', 'ConfigMap b'])
    expect(none.written).toEqual([])
    const one = await sync({ objects: [badKey(configMap('c'))] })
    expect(one.asked).toEqual([])
    expect(one.message).not.toContain('dry run')
  })

  test('it is off with Preflight=false', async () => {
    namespace = await cluster.newNamespace()
    const objects = [cluster.configMap('a'), badKey(cluster.configMap('b'))]
    const { written, asked } = await sync({ objects, syncOptions: ['Preflight=false'] })
    expect(asked).toEqual([])
    expect(written.sort()).toEqual(['ConfigMap a', 'ConfigMap b'])
  })

  test('what is to be pruned is asked about too', async () => {
    namespace = await cluster.newNamespace()
    const old = await cluster.client.apply(track(cluster.configMap('old'), 'shop'))
    const { asked } = await sync({ objects: [cluster.configMap('a')], live: [old], operation: { prune: true } })
    expect(asked.sort()).toEqual(['ConfigMap a', 'delete ConfigMap old'])
  })

  test('a hook that exists already and is made anew is judged as a new one', async () => {
    namespace = await cluster.newNamespace()
    const before = cluster.job('before', hook('PreSync'))
    expect((await sync({ objects: [before, cluster.configMap('a')] })).phase).toBe('Succeeded')
    const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'other' }] } }
    const changed = { ...before, spec: { template } }
    const settings = { operationId: 'another' }
    expect(await sync({ objects: [changed, cluster.configMap('a')], settings })).toMatchObject({ phase: 'Succeeded' })
  })

  test('an immutable field is told beforehand, unless the object is forced', async () => {
    namespace = await cluster.newNamespace()
    const web = cluster.deployment('web')
    await sync({ objects: [web] })
    const spec = { ...(cluster.deployment('other').spec as object) }
    const changed = { ...web, spec }
    const refused = await sync({ objects: [changed, cluster.configMap('a')] })
    expect(refused.written).toEqual([])
    expect(refused.results.find(({ name }) => name === 'web')?.message).toContain('field is immutable')
    const forced = { syncStrategy: { hook: { force: true } } }
    const player = () => ({})
    const done = await sync({ objects: [changed, cluster.configMap('a')], operation: forced, player })
    expect(done.phase).toBe('Succeeded')
    expect(await cluster.live(web)).toMatchObject({ spec: { selector: { matchLabels: { app: 'other' } } } })
  })
})

describe('what cannot be judged yet is told and tried', () => {
  test('an object of a kind that the same sync defines', async () => {
    namespace = await cluster.newNamespace()
    const group = 'same.example.com'
    const { phase, messages } = await sync({ objects: [widget(group), widgetDefinition(group)] })
    expect(phase).toBe('Succeeded')
    expect(messages[0]).toContain(`not checked yet: Widget.${group} ${namespace}/w`)
  })

  test('an object of an unknown kind, only with SkipDryRunOnMissingResource=true', async () => {
    namespace = await cluster.newNamespace()
    const objects = [widget('none.example.com'), cluster.configMap('a')]
    const without = await sync({ objects })
    expect(without.written).toEqual([])
    expect(without.results.find(({ name }) => name === 'w')).toMatchObject({ status: 'SyncFailed' })
    const syncOptions = ['SkipDryRunOnMissingResource=true']
    const { results, written, messages } = await sync({ objects, syncOptions })
    expect(messages[0]).toContain('not checked yet')
    expect(written).toContain('ConfigMap a')
    expect(results.find(({ name }) => name === 'w')?.message).toContain('the cluster does not know Widget')
  })

  test.each([
    ['error looking up service account shop/runner: serviceaccount "runner" not found', 'it needs runner'],
    ['pods "p" is forbidden: no PriorityClass with name runner was found', 'it needs runner'],
    ['admission webhook "x" does not support dry run', 'takes no dry runs'],
    ['exceeded quota: runner, requested: pods=1, used: pods=1, limited: pods=1', 'it needs runner'],
  ])('an object refused by %j', async (refusal, why) => {
    namespace = await cluster.newNamespace()
    const { through } = watched((dryRun, { metadata }) => {
      if (dryRun && metadata.name === 'p') throw new KubeError(refusal, { code: 403, reason: 'Forbidden' })
    })
    const objects = [cluster.configMap('runner'), cluster.configMap('p')]
    const { phase, results } = await cluster.run({ objects, through, operation: { preflightOnly: true } })
    expect(phase).toBe('Succeeded')
    expect(results.find(({ name }) => name === 'p')?.message).toContain(why)
  })

  test('a refusal that names what nobody makes stands', async () => {
    namespace = await cluster.newNamespace()
    const { through } = watched((dryRun, { metadata }) => {
      const message = 'serviceaccount "absent" not found'
      if (dryRun && metadata.name === 'p') throw new KubeError(message, { code: 403, reason: 'Forbidden' })
    })
    const { phase } = await cluster.run({ objects: [cluster.configMap('a'), cluster.configMap('p')], through })
    expect(phase).toBe('Failed')
  })
})

describe('a preflight alone', () => {
  test('writes nothing and tells of every object', async () => {
    namespace = await cluster.newNamespace()
    const objects = [cluster.job('before', hook('PreSync')), cluster.configMap('a'), cluster.configMap('b')]
    const operation = { preflightOnly: true }
    const { phase, message, results, written } = await sync({ objects, operation })
    expect([phase, message]).toEqual(['Succeeded', 'the preflight has passed: 3 objects'])
    expect(results.map(({ name, status }) => [name, status])).toEqual([
      ['before', undefined],
      ['a', undefined],
      ['b', undefined],
    ])
    expect(written).toEqual([])
  })
})

test('a server that fails for a while is asked again', async () => {
  namespace = await cluster.newNamespace()
  let failures = 3
  const { through } = watched(() => {
    if (failures-- > 0) throw new KubeError('slow down', { code: 429, reason: 'TooManyRequests', retryAfterMs: 1 })
  })
  const objects = [cluster.configMap('a'), cluster.configMap('b')]
  expect(await cluster.run({ objects, through })).toMatchObject({ phase: 'Succeeded' })
})
