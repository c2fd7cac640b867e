import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  makeDirectory,
  makeRepository,
  serveRepository,
  type TestDirectory,
  type TestRepository,
} from './fixtures/repository.ts'
import { openSources, type Sources, type SourcesOptions } from './sources.ts'

let cache: TestDirectory
let repository: TestRepository
let sources: Sources
let now: number

function open(options: Partial<SourcesOptions> = {}): Sources {
  return openSources({ cacheDir: cache.path, allowLocal: true, clock: { now: () => now }, ...options })
}

beforeEach(() => {
  now = 1_000_000
  cache = makeDirectory()
  repository = makeRepository()
  sources = open()
})

afterEach(async () => {
  await sources.close()
  repository.remove()
  cache.remove()
})

test('a branch, a tag, an annotated tag, HEAD, a full and a short id name the commits that they name in Git', async () => {
  const first = repository.commit({ 'a.txt': 'one' })
  repository.git('tag', 'light')
  repository.git('tag', '-a', 'annotated', '-m', 'note')
  const second = repository.commit({ 'a.txt': 'two' })
  repository.git('branch', 'feature/x')
  const third = repository.commit({ 'a.txt': 'three' })
  const resolve = async (targetRevision: string): Promise<string> =>
    (await sources.resolve({ repoURL: repository.path, targetRevision })).revision
  expect(await resolve('HEAD')).toBe(third)
  expect(await resolve('')).toBe(third)
  expect(await resolve('main')).toBe(third)
  expect(await resolve('feature/x')).toBe(second)
  expect(await resolve('refs/heads/feature/x')).toBe(second)
  expect(await resolve('light')).toBe(first)
  expect(await resolve('annotated')).toBe(first)
  expect(await resolve(first)).toBe(first)
  expect(await resolve(third.slice(0, 7))).toBe(third)
})

test('files are read from a repository on the disk without copying it', async () => {
  const commit = repository.commit({ 'app/deploy.yaml': 'kind: X', 'app/sub/b.yaml': 'b' })
  const tree = await sources.tree({ repoURL: repository.path }, commit)
  expect([...(await tree.list('app')).keys()]).toEqual(['deploy.yaml', 'sub'])
  expect((await tree.read('app/deploy.yaml')).toString()).toBe('kind: X')
  expect((await tree.stat('app'))?.oid).toBe(repository.git('rev-parse', `${commit}:app`))
  expect(await tree.stat('missing')).toBeUndefined()
  expect(sources.counters.fetches).toBe(0)
})

test('over HTTP one listing and one fetch bring a commit, and one more fetch the files that are read', async () => {
  const first = repository.commit({ 'a/x.yaml': 'one', 'b/y.yaml': 'other' })
  const server = await serveRepository(repository.path)
  const source = { repoURL: server.url, targetRevision: 'main' }
  const revision = await sources.resolve(source)
  expect(revision.revision).toBe(first)
  const tree = await sources.tree(source, first)
  expect((await tree.stat('b'))?.kind).toBe('directory')
  expect(sources.counters).toMatchObject({ listings: 1, fetches: 1 })
  expect((await tree.read('a/x.yaml')).toString()).toBe('one')
  expect(sources.counters).toMatchObject({ listings: 1, fetches: 2 })
  const commit = await sources.commit(source, first)
  expect(commit).toMatchObject({ author: 'Tess Ter <tess@example.com>', message: 'change' })
  await server.close()
})

test('a short id that no ref has is completed from the history', async () => {
  const first = repository.commit({ 'a.txt': 'one' })
  repository.commit({ 'a.txt': 'two' })
  const server = await serveRepository(repository.path)
  const source = { repoURL: server.url, targetRevision: first.slice(0, 10) }
  expect((await sources.resolve(source)).revision).toBe(first)
  expect((await (await sources.tree(source, first)).read('a.txt')).toString()).toBe('one')
  await server.close()
})
