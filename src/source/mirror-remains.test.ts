import { execFileSync } from 'node:child_process'
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { answerAsGit } from './fixtures/git-backend.ts'
import { makeDirectory, makeRepository, type TestDirectory, type TestRepository } from './fixtures/repository.ts'
import { isDamaged } from './mirror-remains.ts'
import { openSources, type Sources } from './sources.ts'

let cache: TestDirectory
let repository: TestRepository
let sources: Sources
let server: Server
let url: string
/** While it is set, packs stop half way. */
let isStalled = false

beforeEach(async () => {
  cache = makeDirectory()
  repository = makeRepository()
  sources = openSources({ cacheDir: cache.path, allowLocal: true, clock: Date })
  server = createServer((request, response) => {
    const end = response.end.bind(response)
    const endHalfWay = (content: Buffer) => {
      if (isStalled && content.includes('packfile')) response.write(content.subarray(0, -30))
      else end(content)
    }
    answerAsGit(dirname(repository.path), request, Object.assign(response, { end: endHalfWay }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${basename(repository.path)}/.git`
})

afterEach(async () => {
  isStalled = false
  await sources.close()
  server.closeAllConnections()
  server.close()
  repository.remove()
  cache.remove()
})

async function read(from: Sources, commit: string): Promise<string> {
  return (await (await from.tree({ repoURL: url }, commit)).read('a.txt')).toString()
}

async function restart(): Promise<void> {
  await sources.close()
  sources = openSources({ cacheDir: cache.path, allowLocal: true, clock: Date })
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
}

/** As the kernel kills when memory runs out: nothing is tidied up. Returns what was left behind. */
async function killFetch(commit: string): Promise<string[]> {
  isStalled = true
  const failed = sources.tree({ repoURL: url }, commit).then(
    () => 'read',
    (error: Error) => error.message,
  )
  const left = (): string[] => filesBelow(cache.path).filter((name) => /\.lock$|tmp_pack/.test(name))
  await expect.poll(left, { timeout: 10_000 }).toContainEqual(expect.stringContaining('shallow.lock'))
  // Each is the leader of a group of its own.
  const pids = execFileSync('pgrep', ['-f', `^git --git-dir ${cache.path}`], { encoding: 'utf8' })
    .trim()
    .split('\n')
  for (const pid of pids) process.kill(-Number(pid), 'SIGKILL')
  expect(await failed).toContain('SIGKILL')
  isStalled = false
  return left()
}

test('after a fetch that was killed the repository is read as before, by the same process', async () => {
  const first = repository.commit({ 'a.txt': 'one' })
  expect(await read(sources, first)).toBe('one')
  const second = repository.commit({ 'a.txt': 'two' })
  expect(await killFetch(second)).not.toEqual([])
  expect(await read(sources, second)).toBe('two')
  expect(filesBelow(cache.path).filter((name) => /\.lock$|tmp_pack/.test(name))).toEqual([])
})

test('and by the next process, which finds what the last one left', async () => {
  const first = repository.commit({ 'a.txt': 'one' })
  await killFetch(first)
  await restart()
  expect(await read(sources, first)).toBe('one')
})

test('a lock that another process holds is left to it, and said', async () => {
  const first = repository.commit({ 'a.txt': 'one' })
  expect(await read(sources, first)).toBe('one')
  const second = repository.commit({ 'a.txt': 'two' })
  const [shallow = ''] = filesBelow(cache.path).filter((name) => basename(name) === 'shallow')
  const lock = join(cache.path, `${shallow}.lock`)
  writeFileSync(lock, '')
  await expect(read(sources, second)).rejects.toMatchObject({
    retry: true,
    message: expect.stringContaining('another process is at work in the same cache folder'),
  })
  rmSync(lock)
  expect(await read(sources, second)).toBe('two')
})

test('a copy with a file that is broken, or was never finished, is fetched anew', async () => {
  const first = repository.commit({ 'a.txt': 'one', 'b.txt': 'other' })
  expect(await read(sources, first)).toBe('one')
  await restart()
  for (const name of filesBelow(cache.path).filter((name) => name.endsWith('.pack'))) {
    const pack = join(cache.path, name)
    chmodSync(pack, 0o600)
    const content = readFileSync(pack)
    writeFileSync(pack, content.fill(0, 14, content.length - 20))
  }
  const attempts = async (): Promise<string> => read(sources, first).catch(() => '')
  expect([await attempts(), await attempts()]).toContain('one')
  await restart()
  const [config = ''] = filesBelow(cache.path).filter((name) => name.endsWith('mirror.git/config'))
  rmSync(join(cache.path, config, '..', '..', 'prepared'))
  rmSync(join(cache.path, config))
  const next = repository.commit({ 'a.txt': 'next' })
  expect(await read(sources, next)).toBe('next')
})

test('what the host says of its own files is no damage here', () => {
  expect(isDamaged("fatal: packfile /x/pack-1.pack cannot be accessed\nfatal: couldn't fetch")).toBe(true)
  expect(isDamaged("fatal: not a git repository: '/x/mirror.git'")).toBe(true)
  expect(isDamaged('remote: fatal: loose object 1 is corrupt\nfatal: early EOF')).toBe(false)
  expect(isDamaged("error: unable to read askpass response from 'true'")).toBe(false)
  expect(isDamaged("fatal: repository 'https://x/' not found")).toBe(false)
})
