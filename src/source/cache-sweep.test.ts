import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sweepCache } from './cache-sweep.ts'
import { makeDirectory, makeRepository, serveRepository, type TestDirectory } from './fixtures/repository.ts'
import { OpenRepositories } from './open-repositories.ts'
import { openSources } from './sources.ts'

let cache: TestDirectory
beforeEach(() => {
  cache = makeDirectory()
})
afterEach(() => cache.remove())

const day = 24 * 60 * 60_000

function file(path: string, days: number): void {
  const place = join(cache.path, path)
  mkdirSync(join(place, '..'), { recursive: true })
  writeFileSync(place, '')
  const time = new Date(Date.now() - days * day)
  utimesSync(place, time, time)
}

const kept = (folder: string) => readdirSync(join(cache.path, folder)).sort()

test('mirrors and charts that nobody has used for a week are removed, and those in use stay', async () => {
  for (const [name, days] of [
    ['old', 8],
    ['young', 6],
    ['open', 30],
  ] as const) {
    file(`git/${name}/mirror.git/HEAD`, days)
    file(`git/${name}/prepared`, days)
    file(`charts/${name}.tgz`, days)
  }
  const mirrorsInUse = () => new Set(['open'])
  await sweepCache({ cacheDir: cache.path, mirrorsInUse })
  expect([kept('git'), kept('charts')]).toEqual([['open', 'young'], ['young.tgz']])
  // It was in use until now.
  await sweepCache({ cacheDir: cache.path, mirrorsInUse: () => new Set() })
  expect(kept('git')).toEqual(['open', 'young'])
  await sweepCache({ cacheDir: cache.path, mirrorsInUse: () => new Set() }, Date.now() + 8 * day)
  expect([kept('git'), kept('charts')]).toEqual([[], []])
})

test('a start sweeps the folder, and a repository that is asked for again after that is read', async () => {
  const repository = makeRepository()
  const commit = repository.commit({ 'a.txt': 'one' })
  const server = await serveRepository(repository.path)
  const read = async () => {
    const sources = openSources({ cacheDir: cache.path, allowLocal: true, clock: Date })
    const tree = await sources.tree({ repoURL: server.url }, commit)
    const text = (await tree.read('a.txt')).toString()
    await sources.close()
    return text
  }
  file('git/gone/prepared', 8)
  expect(await read()).toBe('one')
  const [name = ''] = kept('git')
  expect(kept('git')).toEqual([name])
  file(`git/${name}/prepared`, 8)
  expect(await read()).toBe('one')
  await server.close()
  repository.remove()
})

test('repositories that nobody asks for are closed after an hour, and the others stay open', () => {
  let now = 0
  const closed: string[] = []
  const open = new OpenRepositories<string>({ now: () => now }, (name) => closed.push(name))
  const reached = (repository: string) => ({ repository, connection: {} })
  open.set('a', reached('a'))
  open.set('b', reached('b'))
  now = 40 * 60_000
  expect(open.get('a')?.repository).toBe('a')
  now = 70 * 60_000
  open.set('c', reached('c'))
  expect(closed).toEqual(['b'])
  expect(open.get('b')).toBeUndefined()
  expect(open.keys()).toEqual(['a', 'c'])
})
