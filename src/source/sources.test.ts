import { rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
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

test('applications that want the same commit and files at once share the fetches', async () => {
  const files = Array.from({ length: 20 }, (_, at) => `app-${at}/x.yaml`)
  const commit = repository.commit(Object.fromEntries(files.map((file) => [file, file])))
  const server = await serveRepository(repository.path)
  const read = async (file: string): Promise<string> =>
    (await (await sources.tree({ repoURL: server.url }, commit)).read(file)).toString()
  expect(await Promise.all(files.map(read))).toEqual(files)
  expect(sources.counters.fetches).toBeLessThanOrEqual(4)
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

test('one listing serves everybody until the interval ends, and fails for everybody at once', async () => {
  const first = repository.commit({ a: '1' })
  const server = await serveRepository(repository.path)
  const source = { repoURL: server.url, targetRevision: 'main' }
  const revisions = await Promise.all(Array.from({ length: 50 }, () => sources.resolve(source)))
  expect(new Set(revisions.map(({ revision }) => revision))).toEqual(new Set([first]))
  const second = repository.commit({ a: '2' })
  now += 119_000
  expect((await sources.resolve(source)).revision).toBe(first)
  expect(sources.counters.listings).toBe(1)
  now += 2_000
  expect((await sources.resolve(source)).revision).toBe(second)
  expect(sources.counters.listings).toBe(2)
  await server.close()
  now += 200_000
  const failed = await Promise.allSettled(Array.from({ length: 50 }, () => sources.resolve(source)))
  expect(failed.every(({ status }) => status === 'rejected')).toBe(true)
  await expect(sources.resolve(source)).rejects.toMatchObject({ stage: 'source', retry: true })
  expect(sources.counters.listings).toBe(3)
  now += 6_000
  await expect(sources.resolve(source)).rejects.toThrow('its host cannot be reached')
  expect(sources.counters.listings).toBe(4)
})

test('a refresh, a point in time and a push are heard, each at the cost of one listing', async () => {
  repository.commit({ a: '1' })
  const server = await serveRepository(repository.path)
  const source = { repoURL: server.url }
  await sources.resolve(source)
  now += 1
  await sources.resolve(source, { refresh: true })
  expect(sources.counters.listings).toBe(2)
  now += 1
  await Promise.all(Array.from({ length: 20 }, () => sources.resolve(source, { notOlderThan: now })))
  await sources.resolve(source, { notOlderThan: now })
  expect(sources.counters.listings).toBe(3)
  sources.invalidate(`${server.url}/`)
  await Promise.all(Array.from({ length: 20 }, () => sources.resolve(source)))
  expect(sources.counters.listings).toBe(4)
  await server.close()
})

test('a constraint chooses the highest tag, with or without a prefix', async () => {
  const commits: Record<string, string> = {}
  for (const tag of ['v1.0.0', 'v1.4.0', 'v2.0.0', 'v2.1.0-rc.1', 'app-1.2.0', 'app-1.3.0']) {
    commits[tag] = repository.commit({ a: tag })
    repository.git('tag', '-a', tag, '-m', tag)
  }
  const resolve = async (targetRevision: string, tagPrefix = ''): Promise<string> =>
    (await sources.resolve({ repoURL: repository.path, targetRevision, tagPrefix })).revision
  expect(await resolve('v1.*')).toBe(commits['v1.4.0'])
  expect(await resolve('>= 1.0, < 3')).toBe(commits['v2.0.0'])
  expect(await resolve('>=2.1.0-0')).toBe(commits['v2.1.0-rc.1'])
  expect(await resolve('1.x', 'app-')).toBe(commits['app-1.3.0'])
  expect(await resolve('v1.0.0')).toBe(commits['v1.0.0'])
  await expect(resolve('9.x')).rejects.toThrow('no tag satisfies the version constraint 9.x')
})

test('what does not exist is named, with what does', async () => {
  repository.commit({ a: '1' })
  const resolve = (repoURL: string, targetRevision = 'HEAD'): Promise<unknown> =>
    sources.resolve({ repoURL, targetRevision })
  await expect(resolve(repository.path, 'nope')).rejects.toThrow(
    /no branch, tag or commit nope in .*: check targetRevision; its branches are main/,
  )
  await expect(resolve(repository.path, '--upload-pack=x')).rejects.toThrow('is no name of a branch, tag or commit')
  await expect(resolve(repository.path, 'a..b')).rejects.toThrow('is no name of a branch')
  await expect(resolve(`${repository.path}-gone`)).rejects.toThrow('it does not exist: check repoURL')
  await expect(resolve(cache.path)).rejects.toThrow('there is no Git repository at this address: check repoURL')
  const empty = makeRepository()
  await expect(resolve(empty.path)).rejects.toThrow('has no branches: push one')
  empty.remove()
  const unknown = 'f'.repeat(40)
  await expect(sources.tree({ repoURL: repository.path }, unknown)).rejects.toThrow(`commit ${unknown} is not in`)
  const server = await serveRepository(repository.path)
  await expect(sources.tree({ repoURL: server.url }, unknown)).rejects.toThrow(`commit ${unknown} is not in`)
  await expect(resolve(server.url.replace('.git', 'x/.git'))).rejects.toThrow(
    'there is no Git repository at this address',
  )
  await server.close()
})

test('an address that answers something else, or never, is an error and not a wait', async () => {
  const page = createServer((_request, response) => response.end('<html>hello</html>'))
  const silent = createServer(() => {})
  const redirecting = createServer((_request, response) =>
    response.writeHead(302, { location: 'https://x.example/' }).end(),
  )
  const ports = await Promise.all([page, silent, redirecting].map(listen))
  const impatient = open({ cacheDir: `${cache.path}/impatient`, gitTimeLimitMs: 1_000 })
  const resolve = (at: number): Promise<unknown> => impatient.resolve({ repoURL: `http://127.0.0.1:${ports[at]}/x` })
  await expect(resolve(0)).rejects.toThrow('check that repoURL is the address of a Git repository')
  await expect(resolve(1)).rejects.toMatchObject({
    retry: true,
    message: expect.stringContaining('took longer than 1 s'),
  })
  await expect(resolve(2)).rejects.toThrow('give the final address (often with .git)')
  await impatient.close()
  for (const server of [page, silent, redirecting]) server.closeAllConnections()
  for (const server of [page, silent, redirecting]) server.close()
})

test('a repository that makes git print or write without end is an error that says what to do', async () => {
  const noise = Array.from({ length: 40_000 }, () => Math.random().toString(36)).join('')
  const first = repository.commit({ a: noise })
  for (let at = 0; at < 30; at++) repository.git('tag', `tag-${at}`)
  const server = await serveRepository(repository.path)
  const narrow = open({ cacheDir: `${cache.path}/narrow`, gitLimits: { output: 1000, file: 100_000 } })
  await expect(narrow.resolve({ repoURL: server.url })).rejects.toThrow(
    'printed more than 1000 bytes and was stopped: delete branches and tags',
  )
  const tree = await narrow.tree({ repoURL: server.url }, first)
  await expect(tree.read('a')).rejects.toThrow('larger than what Git may write into one file')
  await narrow.close()
  await server.close()
})

test('local repositories are refused unless they are allowed', async () => {
  repository.commit({ a: '1' })
  const strict = open({ cacheDir: `${cache.path}/strict`, allowLocal: false })
  for (const repoURL of [repository.path, `file://${repository.path}`, 'http://127.0.0.1:1/x', 'http://localhost/x']) {
    await expect(strict.resolve({ repoURL })).rejects.toThrow('--allow-local')
    await expect(strict.tree({ repoURL }, 'a'.repeat(40))).rejects.toThrow('--allow-local')
  }
  await strict.close()
})

test('somebody who gives up waiting is let go, and the others are served', async () => {
  const first = repository.commit({ a: '1' })
  const server = await serveRepository(repository.path)
  const hurried = new AbortController()
  const abandoned = sources.resolve({ repoURL: server.url }, { signal: hurried.signal })
  const patient = sources.resolve({ repoURL: server.url })
  hurried.abort()
  await expect(abandoned).rejects.toThrow('cancelled')
  expect((await patient).revision).toBe(first)
  await server.close()
})

test('a cache that was deleted meanwhile is fetched again', async () => {
  const first = repository.commit({ 'a/b.txt': '1' })
  const server = await serveRepository(repository.path)
  const source = { repoURL: server.url }
  expect((await (await sources.tree(source, first)).read('a/b.txt')).toString()).toBe('1')
  rmSync(`${cache.path}/git`, { recursive: true })
  const second = repository.commit({ 'a/b.txt': '2' })
  expect((await (await sources.tree(source, second)).read('a/b.txt')).toString()).toBe('2')
  await server.close()
})

test('repositories with SHA-256 ids are read as well', async () => {
  const modern = makeRepository({ format: 'sha256' })
  const commit = modern.commit({ 'a/b.txt': 'text' })
  const server = await serveRepository(modern.path)
  for (const repoURL of [modern.path, server.url]) {
    const { revision } = await sources.resolve({ repoURL })
    expect(revision).toBe(commit)
    expect((await (await sources.tree({ repoURL }, revision)).read('a/b.txt')).toString()).toBe('text')
  }
  await server.close()
  modern.remove()
})

test('a server without partial clones and without commits by id is read too', async () => {
  const first = repository.commit({ 'a/b.txt': '1' })
  repository.commit({ 'a/b.txt': '2' })
  repository.git('config', '--unset', 'uploadpack.allowFilter')
  repository.git('config', '--unset', 'uploadpack.allowAnySHA1InWant')
  repository.git('config', 'protocol.version', '0')
  const server = await serveRepository(repository.path)
  const tree = await sources.tree({ repoURL: server.url }, first)
  expect((await tree.read('a/b.txt')).toString()).toBe('1')
  await server.close()
})

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)))
}
