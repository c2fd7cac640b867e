/** What is wrong with an application's input is told on that application, costs it nothing that it has, and holds up nobody else. */
import { symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApplicationSpec, ConditionType } from '../../src/model/index.ts'
import { configMap, deployment } from './manifests.ts'
import { type App, type Repository, startWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

interface BadInput {
  what: string
  /** What to change in a good application's repository … */
  files?: Record<string, string | null>
  /** … or in its specification. */
  spec?: (good: ApplicationSpec, repository: Repository) => object
  condition: ConditionType
  /** Parts of the condition's message: what is wrong, where, and what to do. */
  says: RegExp[]
}

const bomb = `apiVersion: v1
kind: ConfigMap
metadata: {name: bomb}
a0: &a0 [x, x, x, x, x, x, x, x, x, x]
${Array.from({ length: 9 }, (_, at) => `a${at + 1}: &a${at + 1} [${Array(10).fill(`*a${at}`).join(', ')}]`).join('\n')}
`

const source = (change: object) => (good: ApplicationSpec) => ({ source: { ...good.source, ...change } })

const inputs: BadInput[] = [
  {
    what: 'a host that refuses connections',
    spec: source({ repoURL: 'https://127.0.0.1:1/team/shop.git' }),
    condition: 'ComparisonError',
    says: [/127\.0\.0\.1:1\/team\/shop\.git/, /cannot be reached/, /check/],
  },
  {
    what: 'a host that does not exist',
    spec: source({ repoURL: 'https://nowhere.invalid/team/shop.git' }),
    condition: 'ComparisonError',
    says: [/nowhere\.invalid/, /check repoURL/],
  },
  {
    what: 'an address with no Git repository behind it',
    spec: (good, repository) => source({ repoURL: `${repository.url}/.git/objects` })(good),
    condition: 'ComparisonError',
    says: [/\.git\/objects/, /no Git repository|cannot read/, /check repoURL/],
  },
  {
    what: 'an address that is none',
    spec: source({ repoURL: '--upload-pack=touch /tmp/x' }),
    condition: 'ComparisonError',
    says: [/repoURL/],
  },
  {
    what: 'a branch that does not exist',
    spec: source({ targetRevision: 'relase' }),
    condition: 'ComparisonError',
    says: [/no branch, tag or commit relase/, /check targetRevision/, /its branches are main/],
  },
  {
    what: 'a path that does not exist',
    spec: source({ path: 'deploy/prod' }),
    condition: 'ComparisonError',
    says: [/path deploy\/prod does not exist/, /check path/],
  },
  {
    what: 'a path that leaves the repository',
    spec: source({ path: '../../etc' }),
    condition: 'ComparisonError',
    says: [/\.\.\/\.\.\/etc leads out of the repository/],
  },
  {
    what: 'a link that leaves the repository',
    spec: (good, repository) => {
      repository.commit({ 'links/README.txt': 'Links to other places.' })
      symlinkSync('/etc', join(repository.url, 'links/outside'))
      repository.commit({})
      return source({ path: 'links/outside' })(good)
    },
    condition: 'ComparisonError',
    says: [/links\/outside \(a symbolic link to \/etc\) leads out of the repository/],
  },
  {
    what: 'invalid YAML',
    files: { 'broken.yaml': `${configMap('a')}apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: "b\n` },
    condition: 'ComparisonError',
    says: [/broken\.yaml:\d+: invalid YAML/],
  },
  {
    what: 'a file with a merge conflict in it',
    files: {
      'kept.yaml': `<<<<<<< HEAD\n${configMap('kept')}=======\n${configMap('kept', { key: 'theirs' })}>>>>>>> topic\n`,
    },
    condition: 'ComparisonError',
    says: [/kept\.yaml:\d+/],
  },
  {
    what: 'YAML that unfolds to billions of nodes',
    files: { 'bomb.yaml': bomb },
    condition: 'ComparisonError',
    says: [/bomb\.yaml:\d+/, /alias/],
  },
  {
    what: 'a manifest of 50 MB',
    files: { 'huge.yaml': configMap('huge', { key: 'x'.repeat(50_000_000) }) },
    condition: 'ComparisonError',
    says: [/huge\.yaml/, /split it|divide/],
  },
  {
    what: 'a chart that does not render',
    files: {
      'Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
      'templates/web.yaml': '{{ required "give image.tag" .Values.image.tag }}\n',
    },
    condition: 'ComparisonError',
    says: [/templates\/web\.yaml:1/, /nil pointer|give image\.tag/],
  },
  {
    what: 'a chart whose template includes itself without end',
    files: {
      'Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
      'templates/web.yaml': '{{ define "t" }}{{ include "t" . }}{{ end }}{{ include "t" . }}\n',
    },
    condition: 'ComparisonError',
    says: [/templates\/web\.yaml:1/, /nested reference name: t/, /correct what includes or calls itself/],
  },
  {
    what: 'a chart whose template calls itself without end',
    files: {
      'Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
      'templates/web.yaml': '{{ define "t" }}{{ template "t" . }}{{ end }}{{ template "t" . }}\n',
    },
    condition: 'ComparisonError',
    says: [/templates\/web\.yaml:1/, /maximum template depth/, /correct what includes or calls itself/],
  },
  {
    what: 'Jsonnet that calls itself without end',
    files: { 'web.jsonnet': 'local f(x) = [f(x + 1)]; f(0)\n' },
    condition: 'ComparisonError',
    says: [/web\.jsonnet/, /max stack frames/, /correct what includes or calls itself/],
  },
  {
    what: 'a kustomization that takes itself for its base',
    files: { 'kustomization.yaml': 'resources: [kept.yaml, .]\n' },
    condition: 'ComparisonError',
    says: [/kustomization|cycle|circle/, /cycle|circle|itself/],
  },
  {
    what: 'a kustomization with a remote base that cannot be reached',
    files: { 'kustomization.yaml': 'resources: [kept.yaml, "https://127.0.0.1:1/team/base.git//deploy?ref=v1"]\n' },
    condition: 'ComparisonError',
    says: [/kustomization\.yaml/, /127\.0\.0\.1:1\/team\/base\.git/, /cannot be reached/],
  },
  {
    what: 'an object without a name',
    files: { 'nameless.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n' },
    condition: 'ComparisonError',
    says: [/nameless\.yaml:1/, /no metadata\.name/],
  },
  {
    what: 'a kind that the cluster does not know',
    files: { 'widget.yaml': 'apiVersion: nowhere.example.com/v1\nkind: Widget\nmetadata: {name: w}\n' },
    condition: 'SyncError',
    says: [
      /does not know Widget\.v1\.nowhere\.example\.com/,
      /install its CustomResourceDefinition or correct apiVersion/,
    ],
  },
  {
    what: 'an object that the API server refuses',
    files: {
      'service.yaml': 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 123456}]}\n',
    },
    condition: 'SyncError',
    says: [/Service/, /spec\.ports\[0\]\.port/, /123456/],
  },
  {
    what: 'a destination with both a server and a name',
    spec: ({ destination }) => ({ destination: { ...destination, server: 'https://kubernetes.default.svc' } }),
    condition: 'InvalidSpecError',
    says: [/both server .* and name/, /keep one/],
  },
  {
    what: 'a destination that is not known',
    spec: ({ destination }) => ({ destination: { name: 'elsewhere', namespace: destination.namespace ?? '' } }),
    condition: 'InvalidSpecError',
    says: [/elsewhere is not known/],
  },
  {
    what: 'a project that does not exist',
    spec: () => ({ project: 'nobodys' }),
    condition: 'InvalidSpecError',
    says: [/project nobodys does not exist/, /create the AppProject|name another/],
  },
]

function message(app: App, type: ConditionType): string {
  return app.status().conditions?.find((condition) => condition.type === type)?.message ?? ''
}

test.concurrent.each(inputs)('$what is told, costs nothing, and is over once it is mended', async (input) => {
  const { files = {}, spec, condition, says } = input
  const repository = world.repository({ 'kept.yaml': configMap('kept') })
  const app = await world.application(repository)
  await app.settled()
  const good = app.current()?.spec
  const before = await app.live('ConfigMap', 'kept')
  if (!good || !before) throw new Error('the good application is not there')

  if (spec) await app.patch({ spec: spec(structuredClone(good), repository) })
  else repository.commit(files)
  await app.until(`${condition} is told`, () => says.every((part) => part.test(message(app, condition))))
  expect(app.status().resources).toContainEqual(expect.objectContaining({ kind: 'ConfigMap', name: 'kept' }))
  expect(await app.live('ConfigMap', 'kept')).toMatchObject({ metadata: { uid: before.metadata.uid } })

  if (spec) await app.patch({ spec: mended(good) })
  else repository.git('revert', '--no-edit', 'HEAD')
  const revision = repository.git('rev-parse', 'HEAD')
  await app.until('all is well again', ({ sync, health, conditions = [] }, { operation }) => {
    const synced = sync?.status === 'Synced' && sync.revision === revision
    return synced && health?.status === 'Healthy' && conditions.length === 0 && !operation
  })
  expect(await app.live('ConfigMap', 'kept')).toMatchObject({ metadata: { uid: before.metadata.uid } })
  await app.rest()
})

test.concurrent('a healthy neighbour is deployed within seconds meanwhile', async () => {
  const repository = world.repository({ 'config.yaml': configMap('config', { version: '0' }) })
  const app = await world.application(repository)
  await app.settled()
  for (let version = 1; version <= 5; version++) {
    const started = Date.now()
    await app.settled(repository.commit({ 'config.yaml': configMap('config', { version: String(version) }) }))
    expect(Date.now() - started).toBeLessThan(10_000)
    expect((await app.live('ConfigMap', 'config'))?.data).toEqual({ version: String(version) })
  }
  await app.rest()
})

/** As a merge patch that also takes off what was added. */
function mended(good: ApplicationSpec): object {
  const { server = null, name = null, namespace = null } = good.destination
  return { ...good, destination: { server, name, namespace } }
}

test('a neighbour is deployed within seconds while twenty-five repositories do not answer', async () => {
  const silent = createServer(() => {})
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const address = silent.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const repository = world.repository({ 'config.yaml': configMap('config', { version: '1' }) })
  const hanging = await Promise.all(
    Array.from({ length: 25 }, (_, at) =>
      world.application(repository, {
        source: { repoURL: `http://127.0.0.1:${port}/team/shop-${at}.git`, path: '.', targetRevision: 'main' },
      }),
    ),
  )
  const neighbour = await world.application(repository)
  try {
    await neighbour.settled()
    for (const version of ['2', '3']) {
      const revision = repository.commit({ 'config.yaml': configMap('config', { version }) })
      const started = Date.now()
      await neighbour.settled(revision)
      expect(Date.now() - started).toBeLessThan(8000)
    }
    for (const app of hanging)
      await app.until('told', () => /does not answer/.test(message(app, 'ComparisonError')), 60_000)
  } finally {
    silent.close()
  }
})

test('of two equal keys the last one counts, and a warning names the place', async () => {
  const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: twice}\ndata:\n  key: first\n  key: second\n'
  const app = await world.application(world.repository({ 'twice.yaml': text }))
  await app.settled()
  expect((await app.live('ConfigMap', 'twice'))?.data).toEqual({ key: 'second' })
  expect(message(app, 'RenderWarning')).toMatch(/twice\.yaml:6: key "key" stands twice; the last value counts/)
})

test('an object that two applications declare stays with the first, and both can tell', async () => {
  const repository = world.repository({ 'shared.yaml': configMap('shared', { from: 'first' }) })
  const first = await world.application(repository)
  await first.settled()
  const other = world.repository({
    'shared.yaml': configMap('shared', { from: 'second' }),
    'own.yaml': configMap('own'),
  })
  const second = await world.application(other, { destination: { name: 'in-cluster', namespace: first.namespace } })
  await second.until('told', () => message(second, 'SharedResourceWarning').includes(`application ${first.name}`))
  await second.until('its own is deployed', ({ operationState }) => operationState?.phase === 'Succeeded')
  expect(await first.live('ConfigMap', 'own')).toBeDefined()
  expect((await first.live('ConfigMap', 'shared'))?.data).toEqual({ from: 'first' })
  await first.settled()
})

test('a source that renders to nothing wipes nothing out unless allowEmpty is set', async () => {
  const repository = world.repository({ 'config.yaml': configMap('config'), 'README.txt': 'Manifests of the shop.' })
  const app = await world.application(repository)
  await app.settled()
  const revision = repository.commit({ 'config.yaml': null })
  await app.until('told', ({ sync }) => sync?.revision === revision && /allowEmpty/.test(message(app, 'SyncError')))
  expect(await app.live('ConfigMap', 'config')).toBeDefined()
  await app.patch({ spec: { syncPolicy: { automated: { prune: true, selfHeal: true, allowEmpty: true } } } })
  await app.settled(revision)
  expect(await app.live('ConfigMap', 'config')).toBeUndefined()
})

test('while the source is broken, what is deployed is still watched, and the source is not rendered for every event', async () => {
  const repository = world.repository({ 'web.yaml': deployment('web') })
  const app = await world.application(repository)
  await app.settled()
  repository.commit({ 'broken.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "a}\n' })
  await app.until('told', () => /broken\.yaml:\d+: invalid YAML/.test(message(app, 'ComparisonError')))
  const target = { group: 'apps', version: 'v1', kind: 'Deployment', namespace: app.namespace, name: 'web' }
  const [before, started] = [await renders(), Date.now()]
  for (let at = 0; at < 60; at++) {
    await world.client.patch(target, { metadata: { annotations: { at: String(at) } } }, { type: 'merge' })
  }
  const seconds = (Date.now() - started) / 1000
  expect((await renders()) - before).toBeLessThan(5 + 2 * seconds)

  const containers = [{ name: 'main', image: 'registry.example.com/missing:1.0' }]
  await world.client.patch(target, { spec: { template: { spec: { containers } } } }, { type: 'strategic' })
  await app.until('the health is told', ({ health }) => /Pod web-.*ImagePullBackOff/.test(health?.message ?? ''))
})

async function renders(): Promise<number> {
  const text = await (await fetch(world.tiphys().metricsUrl ?? '')).text()
  return Number(/^tiphys_renders (\d+)/m.exec(text)?.[1])
}

test('a version that never gets healthy holds up its waves, but not the commit that mends it', async () => {
  const inWave = configMap('last').replace('metadata:', 'metadata:\n  annotations: {argocd.argoproj.io/sync-wave: "1"}')
  const repository = world.repository({ 'web.yaml': deployment('web'), 'last.yaml': inWave })
  const app = await world.application(repository)
  await app.settled()
  repository.commit({ 'web.yaml': deployment('web', { image: 'registry.example.com/missing:2.0' }) })
  await app.until('it waits', ({ operationState }) =>
    /^waiting for healthy state.*web/.test(operationState?.message ?? ''),
  )
  const revision = repository.commit({ 'web.yaml': deployment('web', { image: 'registry.example.com/web:3.0' }) })
  await app.settled(revision)
  expect(app.status().operationState?.syncResult?.revision).toBe(revision)
})
