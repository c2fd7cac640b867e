import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findDirectories, findFiles } from '../generate/generators/repository-walk.ts'
import { openSources } from '../source/sources.ts'
import { type Bench, configMap, namesOf, openBench } from './fixtures/bench.ts'

let bench: Bench
beforeEach(() => {
  bench = openBench()
})
afterEach(() => bench.close())

/** Commits the files, with a submodule. */
function commitWith(submodule: string, files: Record<string, string>): string {
  const { repository } = bench
  mkdirSync(join(repository.path, submodule), { recursive: true })
  repository.git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},${submodule}`)
  return repository.commit(files)
}

const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12345\n`
const unfetched = (path: string): string => `${path} is a Git submodule, which is not fetched`

test('a submodule that may hold manifests stops the application, so that nothing of it is pruned', async () => {
  commitWith('app/vendor', { 'app/a.yaml': configMap('a') })
  const render = (directory: object, path = 'app') => bench.render({ path, directory })
  await expect(render({ recurse: true })).rejects.toThrow(unfetched('app/vendor'))
  await expect(render({}, 'app/vendor')).rejects.toThrow(unfetched('path app/vendor'))
  await expect(render({}, 'app/vendor/deep')).rejects.toThrow('is a Git submodule, which is not fetched')
  expect(namesOf(await render({}))).toEqual(['a'])
  expect(namesOf(await render({ recurse: true, exclude: 'vendor/*' }))).toEqual(['a'])
})

test('a submodule that a chart or its values need stops the application, one elsewhere does not', async () => {
  commitWith('chart/charts/sub', {
    'chart/Chart.yaml': 'apiVersion: v2\nname: chart\nversion: 1.0.0\n',
    'other/Chart.yaml': 'apiVersion: v2\nname: other\nversion: 1.0.0\n',
    'other/templates/a.yaml': configMap('a'),
  })
  await expect(bench.render({ path: 'chart' })).rejects.toThrow(unfetched('chart/charts/sub'))
  expect(namesOf(await bench.render({ path: 'other' }))).toEqual(['a'])
  const values = (file: string) => ({ path: 'other', helm: { valueFiles: [file], ignoreMissingValueFiles: true } })
  await expect(bench.render(values('/chart/charts/sub/x.yaml'))).rejects.toThrow('is a Git submodule')
  await expect(bench.render(values('/chart/**/x.yaml'))).rejects.toThrow(unfetched('chart/charts/sub'))
  expect(namesOf(await bench.render(values('/chart/x*.yaml')))).toEqual(['a'])
})

test('a base in a submodule stops the application', async () => {
  commitWith('bases', { 'app/kustomization.yaml': 'resources: [../bases/web]\n' })
  await expect(bench.render({ path: 'app' })).rejects.toThrow(unfetched('bases'))
})

test('a generator of Applications does not take a submodule for an empty directory', async () => {
  const commit = commitWith('apps/vendor', { 'apps/a/config.json': '{}', 'docs/x': '' })
  const tree = await bench.sources.tree({ repoURL: bench.repository.path }, commit)
  const below = { isWanted: () => true, mayBeBelow: () => true }
  await expect(findFiles(tree, below)).rejects.toThrow(unfetched('apps/vendor'))
  await expect(findDirectories(tree, below)).rejects.toThrow(unfetched('apps/vendor'))
  const elsewhere = { isWanted: (path: string) => path.startsWith('docs'), mayBeBelow: () => false }
  expect(await findDirectories(tree, elsewhere)).toEqual(['docs'])
})

test('submodules are empty where they are switched off, as in Argo CD', async () => {
  const commit = commitWith('app/vendor', { 'app/a.yaml': configMap('a') })
  const cacheDir = join(bench.repository.path, '.git', 'cache')
  const sources = openSources({ cacheDir, allowLocal: true, clock: Date, ignoresSubmodules: () => true })
  const source = { repoURL: bench.repository.path, path: 'app', directory: { recurse: true } }
  const tree = await sources.tree(source, commit)
  expect([...(await tree.list('app')).keys()]).toEqual(['a.yaml'])
  expect(await tree.stat('app/vendor/x')).toBeUndefined()
  await sources.close()
})

test('a file in Git LFS stops the application that needs it', async () => {
  bench.repository.commit({
    'app/a.yaml': configMap('a'),
    'app/large.yaml': pointer,
    'chart/Chart.yaml': 'apiVersion: v2\nname: chart\nversion: 1.0.0\n',
    'chart/picture.png': pointer,
    'chart/templates/a.yaml': configMap('a'),
    'chart/values-large.yaml': pointer,
    'kept/Chart.yaml': 'apiVersion: v2\nname: kept\nversion: 1.0.0\n',
    'kept/picture.png': pointer,
    'kept/templates/a.yaml': configMap('a'),
  })
  await expect(bench.render({ path: 'app' })).rejects.toThrow('app/large.yaml is kept in Git LFS, which is not fetched')
  await expect(bench.render({ path: 'chart' })).rejects.toThrow('chart/values-large.yaml is kept in Git LFS')
  const named = { path: 'kept', helm: { fileParameters: [{ name: 'picture', path: 'picture.png' }] } }
  await expect(bench.render(named)).rejects.toThrow('kept/picture.png is kept in Git LFS')
  expect(namesOf(await bench.render({ path: 'kept' }))).toEqual(['a'])
})
