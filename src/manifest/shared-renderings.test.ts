import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { makeDirectory, makeRepository, serveRepository } from '../source/fixtures/repository.ts'
import { openSources } from '../source/sources.ts'
import { type Bench, configMap, namesOf, openBench, tools } from './fixtures/bench.ts'
import { openRenderer, type Renderer } from './renderer.ts'
import type { SharedCache } from './shared-renderings.ts'
import type { Tools } from './tools.ts'

const opened: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0)) await close()
})

function memoryCache() {
  const values = new Map<string, Buffer>()
  const cache: SharedCache = {
    get: async (key) => values.get(key),
    put: async (key, value) => void values.set(key, value),
    renew: async (keys) => keys.filter((key) => !values.has(key)),
  }
  return { values, cache }
}

/** Two replicas that have a cache in common, and each its own copy of the same repository. */
function replicas(options: { otherTools?: Tools } = {}) {
  const { values, cache } = memoryCache()
  const bench = openBench({ shared: cache })
  const directory = makeDirectory()
  const sources = openSources({ cacheDir: directory.path, allowLocal: true, clock: Date })
  const other = openRenderer({ tools: options.otherTools ?? tools, remote: sources, shared: cache })
  opened.push(async () => {
    await sources.close()
    directory.remove()
    await bench.close()
  })
  const elsewhere: Bench['render'] = async (source, { apiVersions = ['v1', 'apps/v1'] } = {}) => {
    const at = { repoURL: bench.repository.path, ...source }
    const { revision } = await sources.resolve(at, { refresh: true })
    return other.render({
      application: { name: 'web', namespace: 'argocd', project: 'default', destinationNamespace: 'shop' },
      source: at,
      revision,
      tree: await sources.tree(at, revision),
      cluster: { version: 'v1.35.0', apiVersions },
    })
  }
  return { ...bench, values, other, elsewhere }
}

const renders = ({ counters: { renders, shared } }: Renderer) => ({ renders, shared })

test('what one replica has rendered the other takes, the same to the last byte', async () => {
  const { repository, render, elsewhere, other } = replicas()
  const long = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: big}\nlong: 9007199254740993\n'
  repository.commit({ 'app/a.yaml': configMap('a'), 'app/b.yaml': long })
  const first = await render({ path: 'app' })
  expect(await elsewhere({ path: 'app' })).toEqual(first)
  expect(renders(other)).toEqual({ renders: 0, shared: 1 })
  // From then on it is remembered as its own.
  expect(await elsewhere({ path: 'app' })).toBe(await elsewhere({ path: 'app' }))
  expect(other.counters).toEqual({ renders: 0, shared: 1, remembered: 2 })
})

test('a commit to the folder is rendered, one beside it is not', async () => {
  const { repository, render, elsewhere, other } = replicas()
  repository.commit({ 'app/a.yaml': configMap('a'), 'app/README.md': 'one' })
  await render({ path: 'app' })
  repository.commit({ 'beside/a.yaml': configMap('x') })
  await elsewhere({ path: 'app' })
  expect(renders(other)).toEqual({ renders: 0, shared: 1 })
  repository.commit({ 'app/a.yaml': configMap('changed') })
  expect(namesOf(await elsewhere({ path: 'app' }))).toEqual(['changed'])
  expect(renders(other)).toEqual({ renders: 1, shared: 1 })
})

test('what only the first remembers, since another file of its folder has changed, the other finds', async () => {
  const { repository, render, elsewhere, other, renderer } = replicas()
  repository.commit({ 'app/a.yaml': configMap('a'), 'app/README.md': 'one' })
  await render({ path: 'app' })
  repository.commit({ 'app/README.md': 'two' })
  await render({ path: 'app' })
  expect(renderer.counters).toEqual({ renders: 1, remembered: 1, shared: 0 })
  await elsewhere({ path: 'app' })
  expect(renders(other)).toEqual({ renders: 0, shared: 1 })
})

test('a file outside of the folder that it was made from counts as well', async () => {
  const { repository, render, elsewhere, other } = replicas()
  const overlay = { 'overlay/kustomization.yaml': 'resources: [../base]\n' }
  const base = (name: string) => ({
    'base/kustomization.yaml': 'resources: [a.yaml]\n',
    'base/a.yaml': configMap(name),
  })
  repository.commit({ ...overlay, ...base('old') })
  await render({ path: 'overlay' })
  repository.commit(base('new'))
  expect(namesOf(await elsewhere({ path: 'overlay' }))).toEqual(['new'])
  expect(renders(other)).toEqual({ renders: 1, shared: 0 })
})

test('parameters, versions of the cluster that a chart asks for, and programs of another version count', async () => {
  const otherTools: Tools = { ...tools, kustomize: async () => ({ ...(await tools.kustomize()), version: 'newer' }) }
  const { repository, render, elsewhere, other } = replicas({ otherTools })
  const template = '{{ if .Capabilities.APIVersions.Has "example.com/v1" }}with{{ else }}without{{ end }}'
  repository.commit({
    'chart/Chart.yaml': 'apiVersion: v2\nname: demo\nversion: 1.0.0\n',
    'chart/templates/x.yaml': configMap(template),
    'kustomized/kustomization.yaml': 'resources: [a.yaml]\n',
    'kustomized/a.yaml': configMap('a'),
  })
  await render({ path: 'chart' })
  expect(namesOf(await elsewhere({ path: 'chart' }, { apiVersions: ['v1', 'example.com/v1'] }))).toEqual(['with'])
  expect(renders(other)).toEqual({ renders: 1, shared: 0 })
  await elsewhere({ path: 'chart', helm: { releaseName: 'other' } })
  expect(renders(other)).toEqual({ renders: 2, shared: 0 })
  await render({ path: 'kustomized' })
  await elsewhere({ path: 'kustomized' })
  expect(renders(other)).toEqual({ renders: 3, shared: 0 })
})

test.each([
  { what: 'is there and the same', changed: 'nothing', counted: { renders: 0, shared: 1 } },
  { what: 'has moved', changed: 'content', counted: { renders: 1, shared: 0 } },
  { what: 'cannot be asked for', changed: 'server', counted: { renders: 1, shared: 0 } },
])('what was fetched for it is asked for by the other too: it $what', async ({ changed, counted }) => {
  const { repository, render, elsewhere, other } = replicas()
  const remote = makeRepository()
  const server = await serveRepository(remote.path)
  opened.push(async () => {
    await server.close()
    remote.remove()
  })
  remote.commit({ 'base/kustomization.yaml': 'resources: [a.yaml]\n', 'base/a.yaml': configMap('remote') })
  repository.commit({ 'app/kustomization.yaml': `resources: [${server.url}/base?ref=main]\n` })
  expect(namesOf(await render({ path: 'app' }))).toEqual(['remote'])
  if (changed === 'content') remote.commit({ 'base/a.yaml': configMap('moved') })
  if (changed === 'server') await server.close()
  const rendering = elsewhere({ path: 'app' })
  if (changed === 'server') await expect(rendering).rejects.toThrow('its host cannot be reached')
  else expect(namesOf(await rendering)).toEqual([changed === 'content' ? 'moved' : 'remote'])
  expect(renders(other)).toEqual(counted)
})

test('what the cache has lost is put there again, and nothing else', async () => {
  const { repository, render, renderer, values, elsewhere, other } = replicas()
  repository.commit({ 'one/a.yaml': configMap('a'), 'two/a.yaml': configMap('a') })
  await render({ path: 'one' })
  await render({ path: 'two' })
  const [kept, lost] = [...values.keys()] as [string, string]
  values.set(kept, Buffer.from('as it was'))
  values.delete(lost)
  await renderer.renewShared()
  expect(values.get(kept)?.toString()).toBe('as it was')
  await elsewhere({ path: 'two' })
  expect(renders(other)).toEqual({ renders: 0, shared: 1 })
})

test('whatever the cache answers, what is rendered is what the files say', async () => {
  const { repository, render, values, sources } = replicas()
  repository.commit({ 'app/a.yaml': configMap('a') })
  const right = await render({ path: 'app' })
  const [[key, whole] = ['', Buffer.alloc(0)]] = values
  const source = { repoURL: repository.path, path: 'app' }
  const { revision } = await sources.resolve(source)
  const tree = await sources.tree(source, revision)
  const answers = fc.oneof(
    fc.uint8Array().map((array) => Buffer.from(array)),
    fc.json().map((text) => Buffer.from(text)),
    fc.dictionary(fc.constantFrom('rendered', 'observations', 'remote', 'variables', 'tools'), fc.jsonValue()),
    fc.nat(whole.length - 1).map((at) => whole.subarray(0, at)),
  )
  await fc.assert(
    fc.asyncProperty(answers, async (answer) => {
      const value = Buffer.isBuffer(answer) ? answer : Buffer.from(JSON.stringify({ ...answer, observations: 0 }))
      const cache: SharedCache = { get: async () => value, put: async () => {}, renew: async () => [] }
      const renderer = openRenderer({ tools, shared: cache })
      const application = { name: 'web', namespace: 'argocd', project: 'default', destinationNamespace: 'shop' }
      const cluster = { version: 'v1.35.0', apiVersions: ['v1', 'apps/v1'] }
      expect(await renderer.render({ application, source, revision, tree, cluster })).toEqual(right)
      expect(renders(renderer)).toEqual({ renders: 1, shared: 0 })
    }),
    { numRuns: 200 },
  )
  expect(key).toContain('web')
})
