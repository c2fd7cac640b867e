import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { KubeObject } from '../object.ts'
import { openPersistence } from './persistence.ts'

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'persistence-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

function configMap(name: string, data: Record<string, string> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'demo' }, data }
}

test('objects, deletions, the revision and other texts are there again after closing', async () => {
  const directory = join(root, 'again')
  const first = openPersistence(directory)
  expect(first.load().revision).toBe(0)
  first.commit('configmaps', 'demo/a', configMap('a', { k: '1' }), 1001)
  first.commit('configmaps', 'demo/b', configMap('b'), 1002)
  first.commit('configmaps', 'demo/a', configMap('a', { k: '2' }), 1003)
  first.commit('secrets', 'demo/s', configMap('s'), 1004)
  first.commit('configmaps', 'demo/b', undefined, 1005)
  first.setMeta('token', 'secret')
  await first.close()

  const second = openPersistence(directory)
  const { revision, objects } = second.load()
  expect(revision).toBe(1005)
  expect([...objects]).toEqual([
    ['configmaps', configMap('a', { k: '2' })],
    ['secrets', configMap('s')],
  ])
  expect(second.getMeta('token')).toBe('secret')
  expect(second.getMeta('other')).toBeUndefined()
  await second.close()
})

test('a directory that a living process uses is refused', async () => {
  const directory = join(root, 'twice')
  const first = openPersistence(directory)
  expect(() => openPersistence(directory)).toThrow(`in use by process ${process.pid} on `)
  await first.close()
  await openPersistence(directory).close()
})

test('a claim that names nobody, or a process that has ended and is not asked for, is taken over', async () => {
  const directory = join(root, 'left')
  await openPersistence(directory).close()
  for (const text of ['', 'nonsense', '0 ']) {
    writeFileSync(join(directory, 'in-use'), text)
    await openPersistence(directory).close()
  }
  // The first sleep ends, and the second, which is its parent by then, does not care.
  const parent = spawn('sh', ['-c', 'sleep 0.1 & echo $!; exec sleep 60'])
  const [chunk] = (await once(parent.stdout, 'data')) as [Buffer]
  const pid = Number(String(chunk))
  const stat = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  try {
    await expect.poll(() => stat()[0]).toBe('Z')
    writeFileSync(join(directory, 'in-use'), `${pid} ${stat()[19]}\n`)
    await openPersistence(directory).close()
  } finally {
    parent.kill()
  }
})

/** What another container would write: its processes cannot be seen from here. */
function claimOfElsewhere(directory: string): string {
  const file = join(directory, 'in-use')
  writeFileSync(
    file,
    JSON.stringify({ id: 'other', pid: process.pid, start: '1', surroundings: 'other', host: 'other' }),
  )
  return file
}

test('a directory that a process of another container uses is refused, whatever its number', async () => {
  const directory = join(root, 'elsewhere')
  await openPersistence(directory).close()
  const file = claimOfElsewhere(directory)
  const beating = spawn('sh', ['-c', `while :; do touch ${file}; sleep 0.5; done`])
  try {
    await once(beating, 'spawn')
    expect(() => openPersistence(directory)).toThrow(/in use by process \d+ on other: stop that one/)
  } finally {
    beating.kill()
  }
})

test('one that was taken from a process meanwhile is not written to by it any more', async () => {
  const directory = join(root, 'taken')
  let refused: unknown
  const persistence = openPersistence(directory, {
    onRefused(error) {
      refused = error
    },
  })
  claimOfElsewhere(directory)
  persistence.commit('configmaps', 'demo/a', configMap('a'), 1001)
  await expect(persistence.settled()).rejects.toThrow('another process has taken the folder')
  expect(refused).toMatchObject({ message: expect.stringContaining('another process has taken') })
  await expect(persistence.close()).rejects.toThrow()
})

test('of a claim in another container that is silent, a new process takes over after a while', async () => {
  const directory = join(root, 'silent')
  await openPersistence(directory).close()
  claimOfElsewhere(directory)
  const started = performance.now()
  await openPersistence(directory).close()
  expect(performance.now() - started).toBeGreaterThan(10_000)
}, 60_000)

test('nobody else can read the directory', async () => {
  const directory = join(root, 'private')
  await openPersistence(directory).close()
  expect(statSync(directory).mode & 0o777).toBe(0o700)
})

test('commits cost the caller next to nothing', async () => {
  const persistence = openPersistence(join(root, 'quick'))
  const object = configMap('a', { filler: 'x'.repeat(2000) })
  const start = performance.now()
  for (let n = 0; n < 1000; n++) persistence.commit('configmaps', `demo/${n}`, object, n)
  expect((performance.now() - start) / 1000).toBeLessThan(0.1)
  await persistence.settled()
  await persistence.close()
})

async function bundledWriter(): Promise<string> {
  const outfile = join(root, 'writer.mjs')
  const entry = fileURLToPath(new URL('testing/writer.ts', import.meta.url))
  // Packages stay outside of the bundle, by their address, since it does not lie in this project
  const lmdb = import.meta.resolve('lmdb')
  await build({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    alias: {},
    plugins: [
      { name: 'outside', setup: (b) => void b.onResolve({ filter: /^lmdb$/ }, () => ({ path: lmdb, external: true })) },
    ],
  })
  return outfile
}

/** Runs the writer until it has told of `rounds` revisions, kills it, and returns the last one told. */
async function writeAndKill(writer: string, directory: string, rounds: number): Promise<number> {
  const child = spawn(process.execPath, [writer, directory], { stdio: ['ignore', 'pipe', 'inherit'] })
  let told = ''
  let lines = 0
  const closed = new Promise((resolve) => child.once('close', resolve))
  for await (const chunk of child.stdout) {
    told += String(chunk)
    lines += String(chunk).split('\n').length - 1
    if (lines >= rounds) child.kill('SIGKILL')
  }
  await closed
  const whole = told.slice(0, told.lastIndexOf('\n')).split('\n')
  return Number(whole.at(-1))
}

test('after kill -9 in the middle of writing, all that was settled is there, and nothing is torn', async () => {
  const writer = await bundledWriter()
  const directory = join(root, 'killed')
  for (const rounds of [1, 20, 55, 120, 200]) {
    const told = await writeAndKill(writer, directory, rounds)
    const persistence = openPersistence(directory)
    const { revision, objects } = persistence.load()
    expect(revision).toBeGreaterThanOrEqual(told)
    const rounded = new Map(
      [...objects].map(([, object]) => [object.metadata.name, (object.data as { round: string }).round]),
    )
    for (let slot = 0; slot < 50; slot++) expect(rounded.get(`left-${slot}`)).toBe(rounded.get(`right-${slot}`))
    const newest = Array.from({ length: 50 }, (_, n) => revision - n).filter((round) => round > 0)
    for (const round of newest) {
      expect(rounded.get(`left-${round % 50}`), `round ${round}`).toBe(round % 7 === 0 ? undefined : String(round))
    }
    await persistence.close()
  }
})
