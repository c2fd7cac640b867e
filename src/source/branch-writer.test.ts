import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { BranchChange } from './branch-writer.ts'
import {
  makeDirectory,
  makeRepository,
  serveRepository,
  type TestDirectory,
  type TestRepository,
} from './fixtures/repository.ts'
import { openSources, type Sources } from './sources.ts'

let cache: TestDirectory
let repository: TestRepository
let sources: Sources

beforeEach(() => {
  cache = makeDirectory()
  repository = makeRepository()
  repository.git('config', 'receive.denyCurrentBranch', 'ignore')
  sources = openSources({ cacheDir: cache.path, allowLocal: true, clock: Date })
})

afterEach(async () => {
  await sources.close()
  repository.remove()
  cache.remove()
})

const author = { name: 'tiphys', email: 'noreply@tiphys.dev' }

function change(files: Record<string, string>, more: Partial<BranchChange> = {}): BranchChange {
  return {
    base: '',
    branch: '',
    message: 'build: change\n\nwhy',
    author,
    edit: async () => new Map(Object.entries(files)),
    ...more,
  }
}

test('files are changed and added on the default branch, with everything else as it was', async () => {
  repository.commit({ 'a.yaml': 'one', 'sub/b.yaml': 'b', 'sub/run.sh': '#!/bin/sh' })
  repository.git('update-index', '--chmod=+x', 'sub/run.sh')
  const before = repository.git('commit', '--quiet', '-m', 'mode') || repository.git('rev-parse', 'HEAD')
  const written = await sources.write(
    repository.path,
    change({ 'a.yaml': 'two', 'new/c.yaml': 'ü', 'sub/run.sh': '#' }),
  )
  expect(written).toMatchObject({ branch: 'main', isNew: true })
  expect(repository.git('rev-parse', 'main', 'main^').split('\n')).toEqual([written.revision, before])
  expect(repository.git('ls-tree', '-r', '--format=%(objectmode) %(path)', 'main').split('\n')).toEqual([
    '100644 a.yaml',
    '100644 new/c.yaml',
    '100644 sub/b.yaml',
    '100755 sub/run.sh',
  ])
  expect(repository.git('show', 'main:a.yaml', 'main:new/c.yaml')).toBe('twoü')
  expect(repository.git('log', '-1', '--format=%an %ae|%cn|%B')).toBe(
    'tiphys noreply@tiphys.dev|tiphys|build: change\n\nwhy',
  )
  expect(readdirSync(join(cache.path, 'written'))).toEqual([])
})

test('where every file is as it should be nothing is committed', async () => {
  const head = repository.commit({ 'a.yaml': 'one' })
  const edit: BranchChange['edit'] = async (read) => new Map([['a.yaml', (await read('a.yaml')) ?? '']])
  expect(await sources.write(repository.path, change({}, { edit }))).toEqual({
    branch: 'main',
    revision: head,
    isNew: false,
  })
  expect(repository.git('rev-parse', 'main')).toBe(head)
})

test('a change may go to a branch of its own, which is gone on with when it is there', async () => {
  const head = repository.commit({ 'a.yaml': 'one' })
  repository.git('branch', 'release/1')
  const first = await sources.write(repository.path, change({ 'a.yaml': 'two' }, { base: 'release/1', branch: 'bot' }))
  const second = await sources.write(repository.path, change({ 'b.yaml': 'b' }, { base: 'release/1', branch: 'bot' }))
  expect(repository.git('rev-parse', 'bot', 'bot^', 'bot~2').split('\n')).toEqual([
    second.revision,
    first.revision,
    head,
  ])
  expect(repository.git('rev-parse', 'main')).toBe(head)
})

test('who is overtaken makes the change again on what is there now', async () => {
  repository.commit({ 'a.yaml': 'one' })
  let asked = 0
  const edit: BranchChange['edit'] = async (read) => {
    const content = await read('a.yaml')
    if (asked++ === 0) repository.commit({ 'a.yaml': 'theirs', 'other.yaml': 'x' })
    return new Map([['a.yaml', `${content}, and ours`]])
  }
  await sources.write(repository.path, change({}, { edit }))
  expect(asked).toBe(2)
  expect(repository.git('show', 'main:a.yaml')).toBe('theirs, and ours')
  expect(repository.git('show', 'main:other.yaml')).toBe('x')
})

test('over HTTP no content is fetched but that of the files that are read', async () => {
  repository.git('config', 'http.receivepack', 'true')
  repository.commit({ 'a.yaml': 'one', 'large.bin': 'x'.repeat(100_000) })
  const server = await serveRepository(repository.path)
  try {
    const edit: BranchChange['edit'] = async (read) => new Map([['a.yaml', `${await read('a.yaml')} two`]])
    const { revision } = await sources.write(server.url, change({}, { edit }))
    expect(repository.git('rev-parse', 'main')).toBe(revision)
    expect(repository.git('show', 'main:a.yaml')).toBe('one two')
    expect((await sources.resolve({ repoURL: server.url, targetRevision: 'main' })).revision).toBe(revision)
  } finally {
    await server.close()
  }
})

test('a repository of the newer object format is written to', async () => {
  const newer = makeRepository({ format: 'sha256' })
  newer.git('config', 'receive.denyCurrentBranch', 'ignore')
  newer.commit({ 'a.yaml': 'one' })
  const { revision } = await sources.write(newer.path, change({ 'a.yaml': 'two' }))
  expect(newer.git('rev-parse', 'main')).toBe(revision)
  newer.remove()
})

test.each<[string, Partial<BranchChange>, Record<string, string>, RegExp]>([
  ['a branch that is not there', { base: 'nope' }, { 'a.yaml': 'x' }, /it has no branch nope, and only to a branch/],
  ['a commit', { base: 'a'.repeat(40) }, { 'a.yaml': 'x' }, /only to a branch can be written/],
  ['a name that is none', { branch: '--force' }, { 'a.yaml': 'x' }, /no name of a branch/],
  ['another', { branch: 'a..b' }, { 'a.yaml': 'x' }, /no name of a branch/],
  ['a file outside', {}, { '../a.yaml': 'x' }, /leads out of the repository/],
  ['a file of Git', {}, { '.git/config': 'x' }, /leads out of the repository/],
  ['a link', {}, { link: 'x' }, /no file there, but a link/],
  ['a file below a link', {}, { 'link/passwd': 'x' }, /link/],
])('%s is not written to', async (_what, more, files, message) => {
  repository.link('link', '/etc')
  const head = repository.commit({ 'a.yaml': 'one' })
  const edit: BranchChange['edit'] = async (read) => {
    for (const path of Object.keys(files)) await read(path)
    return new Map(Object.entries(files))
  }
  await expect(sources.write(repository.path, change({}, { ...more, edit }))).rejects.toThrow(message)
  expect(repository.git('rev-parse', 'main')).toBe(head)
})

test('a host that takes no commit is said in its words', async () => {
  repository.commit({ 'a.yaml': 'one' })
  repository.git('config', 'receive.denyCurrentBranch', 'refuse')
  await expect(sources.write(repository.path, change({ 'a.yaml': 'two' }))).rejects.toThrow(
    /its host takes no commit on main: .*rejected/,
  )
})

test('what is on the local disk is refused unless it is allowed', async () => {
  const strict = openSources({ cacheDir: cache.path, allowLocal: false, clock: Date })
  await expect(strict.write(repository.path, change({ a: 'x' }))).rejects.toThrow('is on the local disk')
  await strict.close()
})
