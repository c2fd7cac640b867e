import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeDirectory, makeProgram } from '../source/fixtures/repository.ts'
import { configMap, namesOf, openBench } from './fixtures/bench.ts'
import { findTools, type Tools } from './tools.ts'

test('a commit that touches nothing of an application renders nothing', async () => {
  const bench = openBench()
  bench.repository.commit({ 'one/cm.yaml': configMap('one'), 'two/cm.yaml': configMap('two') })
  const before = [await bench.render({ path: 'one' }), await bench.render({ path: 'two' })]
  bench.repository.commit({ 'two/cm.yaml': configMap('two', 'b: "2"') })
  const after = [await bench.render({ path: 'one' }), await bench.render({ path: 'two' })]
  expect(after[0]).toBe(before[0])
  expect(after[1]).not.toEqual(before[1])
  expect(bench.renderer.counters).toEqual({ renders: 3, remembered: 1, shared: 0 })
  bench.repository.commit({ 'two/cm.yaml': configMap('two') })
  expect(await bench.render({ path: 'two' })).toBe(before[1])
  await bench.close()
})

test('the root directory is only rendered again when its own files change', async () => {
  const bench = openBench()
  bench.repository.commit({ 'a.yaml': configMap('a'), 'sub/b.yaml': configMap('b') })
  const first = await bench.render({ path: '.' })
  expect(namesOf(first)).toEqual(['a'])
  bench.repository.commit({ 'sub/b.yaml': configMap('c') })
  expect(await bench.render({ path: '.' })).toBe(first)
  bench.repository.commit({ 'b.yaml': configMap('b') })
  expect(namesOf(await bench.render({ path: '.' }))).toEqual(['a', 'b'])
  await bench.close()
})

test('a revision counts as an input only where it is used', async () => {
  const bench = openBench()
  bench.repository.commit({
    'chart/Chart.yaml': 'apiVersion: v2\nname: demo\nversion: 1.0.0\n',
    'chart/templates/x.yaml': configMap('{{ .Values.name }}'),
  })
  const parameters = [{ name: 'name', value: 'x$ARGOCD_APP_REVISION_SHORT' }]
  const named = { path: 'chart', helm: { parameters: [{ name: 'name', value: 'fixed' }] } }
  const fixed = await bench.render(named)
  const first = await bench.render({ path: 'chart', helm: { parameters } })
  const commit = bench.repository.commit({ 'other.txt': 'x' })
  expect(await bench.render(named)).toBe(fixed)
  const second = await bench.render({ path: 'chart', helm: { parameters } })
  expect(namesOf(second)).toEqual([`x${commit.slice(0, 7)}`])
  expect(namesOf(first)).not.toEqual(namesOf(second))
  await bench.close()
})

test('two types at once, and plugins, are refused', async () => {
  const bench = openBench()
  bench.repository.commit({ 'app/cm.yaml': configMap('a') })
  const both = { path: 'app', helm: { releaseName: 'x' }, directory: { recurse: true } }
  await expect(bench.render(both)).rejects.toThrow('the source has helm and directory: only one')
  await expect(bench.render({ path: 'app', plugin: { name: 'x' } })).rejects.toThrow('plugins are not supported')
  expect((await bench.render({ path: 'app', helm: {}, kustomize: { images: [] } })).sourceType).toBe('Directory')
  await bench.close()
})

test('a renderer that hangs or floods is stopped, and nothing of it stays behind', async () => {
  const directory = makeDirectory()
  const tools = (script: string): Tools => {
    const program = makeProgram(directory.path, `fake-${Math.random()}`, script)
    const tool = async () => ({ command: [program], version: 'fake' })
    return { helm: tool, kustomize: tool }
  }
  const cases: [script: string, message: RegExp][] = [
    ['exec /bin/sleep 60', /^fake-\S+: took longer than 0.5 s and was stopped$/],
    ['while :; do echo flood; done', /^fake-\S+: printed more than 100000 bytes and was stopped$/],
    ['echo "no good" >&2; exit 1', /^fake-\S+: no good$/],
  ]
  for (const [script, message] of cases) {
    const bench = openBench({ tools: tools(script), limits: { timeMs: 500, outputBytes: 100_000 } })
    bench.repository.commit({ 'app/kustomization.yaml': 'resources: []\n' })
    await expect(bench.render({ path: 'app' })).rejects.toThrow(message)
    await bench.close()
  }
  directory.remove()
})

test('programs come from the PATH, else from the npm package, else there is a message', async () => {
  const directory = makeDirectory()
  const cacheDir = join(directory.path, 'cache')
  makeProgram(directory.path, 'helm', 'echo v4.0.0-fake')
  makeProgram(directory.path, 'kustomize', 'echo v5.0.0-fake')
  const found = findTools({ cacheDir, path: directory.path })
  expect(await found.helm()).toEqual({ command: [join(directory.path, 'helm')], version: 'v4.0.0-fake' })
  expect(await found.kustomize()).toMatchObject({ command: [join(directory.path, 'kustomize'), 'build'] })
  const nothing = findTools({ cacheDir, path: '/nonexistent:relative', archive: async () => undefined })
  await expect(nothing.helm()).rejects.toThrow('Helm is needed and not there: install helm on the PATH')
  await expect(nothing.kustomize()).rejects.toThrow('install kustomize or kubectl')
  if (process.platform === 'linux' && process.arch === 'x64') {
    const several = Array.from({ length: 3 }, () => findTools({ cacheDir, path: '' }).helm())
    const [first] = await Promise.all(several)
    expect(first?.version).toMatch(/^v4\./)
  }
  directory.remove()
})
