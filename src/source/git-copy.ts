/** Where a repository's objects lie on this disk: in the repository itself, or in a bare copy without file contents. */
import { access, mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StageError, withoutPassword } from '../model/index.ts'
import { RunError } from '../process/run.ts'
import { preparedMark } from './cache-sweep.ts'
import { type Git, gitError } from './git.ts'
import { isDamaged, isLocked, removeRemains } from './mirror-remains.ts'
import type { RemoteGit } from './remote-git.ts'

export interface ObjectCopy {
  /**
   * The environment in which `git cat-file` finds the objects, and fetches nothing by itself. The length of an id tells
   * the format of all.
   */
  environment(oid: string): Promise<Record<string, string>>
  /** Returns true when everything fetched earlier was given up for it. */
  fetchCommit(oid: string): Promise<boolean>
  fetchFiles(oids: string[]): Promise<void>
  /** Everything fetched is given up when it is a copy; what cannot be read is fetched anew. */
  giveUp(): Promise<void>
  /** The commit id that begins so; undefined when there is none, or more than one. */
  complete(abbreviation: string): Promise<string | undefined>
}

export interface CopyOptions {
  git: Git
  remote: RemoteGit
  url: string
  /** Where a copy is kept; a cache that may be deleted at any time. */
  directory: string
  onFetch(): void
}

/** A repository on this disk is read where it is; nothing is copied. */
export function localCopy({ git, url }: Pick<CopyOptions, 'git' | 'url'>): ObjectCopy {
  const path = url.startsWith('file:') ? fileURLToPath(url) : url
  let found: Promise<Record<string, string>> | undefined

  async function find(): Promise<Record<string, string>> {
    try {
      const lines = await git.run(['-C', path, 'rev-parse', '--absolute-git-dir', '--git-path', 'objects'])
      const [directory = '', objects = ''] = lines.split('\n')
      return {
        ...git.environment,
        GIT_DIR: directory,
        GIT_OBJECT_DIRECTORY: isAbsolute(objects) ? objects : join(path, objects),
        GIT_NO_LAZY_FETCH: '1',
        GIT_ALLOW_PROTOCOL: 'none',
      }
    } catch (error) {
      throw gitError('opening', url, error)
    }
  }

  function environment(): Promise<Record<string, string>> {
    found ??= find()
    found.catch(() => {
      found = undefined
    })
    return found
  }

  return {
    environment,
    async fetchCommit(oid) {
      const message = `commit ${oid} is not in ${url}: check targetRevision`
      throw new StageError('source', message, { retry: false })
    },
    async fetchFiles() {
      const message = `${url} is a partial clone that lacks file contents: run "git fetch --refetch" in it`
      throw new StageError('source', message, { retry: false })
    },
    async giveUp() {},
    complete: (abbreviation) => completeIn(git, ['-C', path], abbreviation),
  }
}

async function completeIn(git: Git, where: string[], abbreviation: string): Promise<string | undefined> {
  const args = [...where, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${abbreviation}^{commit}`]
  const found = await git.run(args).catch(() => '')
  return found.trim() || undefined
}

/** After so many separate fetches of files it is cheaper to have all small ones at once, and with every further commit. */
const separateFetches = 6
const smallFile = '256k'
/** In which git removes its locks and half packs when it is stopped. */
const graceMs = 5_000

/** Every fetch adds a pack; at this many it is cheaper to begin anew with the one commit that is wanted. */
const packLimit = 150

const quietly = ['--quiet', '--no-tags', '--no-write-fetch-head', '--recurse-submodules=no']

export function remoteCopy({ git, remote, url, directory, onFetch }: CopyOptions): ObjectCopy {
  const mirror = join(directory, 'mirror.git')
  const reader = join(directory, 'reader.git')
  const inMirror = ['--git-dir', mirror]
  const eagerMark = join(directory, 'small-files')
  const prepared = join(directory, preparedMark)
  /** Until when nobody here was at work on the copy, or somebody who failed. */
  let quietUntil = Date.now()
  let turn: Promise<unknown> = Promise.resolve()
  let newest: string | undefined
  let fileFetches = 0
  let batch: { oids: Set<string>; done: Promise<void> } | undefined

  /** Git locks its own files, so that fetches into one copy have to wait for each other. */
  function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
    const result = turn.then(work)
    turn = result.catch(() => {})
    return result
  }

  async function prepare(oid: string): Promise<void> {
    const format = oid.length === 64 ? 'sha256' : 'sha1'
    const now = new Date()
    const isPrepared = await utimes(prepared, now, now).then(
      () => exists(join(mirror, 'HEAD')),
      () => false,
    )
    if (isPrepared) return
    await rm(directory, { recursive: true, force: true })
    await mkdir(directory, { recursive: true })
    for (const place of [mirror, reader]) {
      await git.run(['init', '--quiet', '--bare', '--template=', `--object-format=${format}`, place])
    }
    const quoted = url.replaceAll('\\', '\\\\').replaceAll('"', '\\"')
    const origin = `[remote "origin"]\n\turl = "${quoted}"\n\tpromisor = true\n\tpartialclonefilter = blob:none\n`
    await writeFile(join(mirror, 'config'), origin, { flag: 'a', mode: 0o600 })
    await writeFile(prepared, '')
  }

  async function fetch(args: string[], options: { input?: string } = {}): Promise<void> {
    await removeRemains(mirror, quietUntil)
    onFetch()
    try {
      await remote.run([...inMirror, ...args], { ...options, timeLimitMs: 300_000, graceMs })
    } catch (error) {
      if (!(error instanceof RunError)) throw error
      if (isLocked(error.message)) throw inUse(error)
      quietUntil = Date.now()
      throw error
    }
  }

  function inUse(cause: RunError): StageError {
    const message = `fetching of ${withoutPassword(url)}: another process is at work in the same cache folder: give each one its own with --cache-dir`
    return new StageError('source', message, { retry: true, cause })
  }

  async function giveUp(): Promise<void> {
    await rm(directory, { recursive: true, force: true })
  }

  /** What is damaged here is not mended but fetched anew, once. Returns true when it was. */
  async function orAnew(work: () => Promise<void>): Promise<boolean> {
    try {
      await work()
      return false
    } catch (error) {
      const cause = error instanceof StageError ? error.cause : error
      if (!(cause instanceof RunError) || !isDamaged(cause.message)) throw error
      await giveUp()
      await work()
      return true
    }
  }

  async function fetchCommit(oid: string): Promise<boolean> {
    const renewed = await makeRoom()
    return (await orAnew(() => fetchOne(oid))) || renewed
  }

  async function fetchOne(oid: string): Promise<void> {
    await prepare(oid)
    const wanted = `+${oid}:refs/keep/${oid}`
    newest = wanted
    try {
      await fetch(['fetch', ...quietly, '--depth=1', await filter(), 'origin', wanted])
    } catch (error) {
      if (!(error instanceof RunError) || error.failure !== 'exit') throw gitError('fetching', url, error)
      if (/not our ref|remote error.*(unknown|no such)/i.test(error.message)) return
      // Old servers hand out only what they advertise, or know neither depth nor filters.
      if (!/unadvertised|shallow|filter|dumb|not support/i.test(error.message)) throw gitError('fetching', url, error)
      await fetchHistory([])
    }
  }

  async function filter(): Promise<string> {
    return (await exists(eagerMark)) ? `--filter=blob:limit=${smallFile}` : '--filter=blob:none'
  }

  /** Whoever asks while others are waiting for their turn is served with them. */
  function fetchFiles(oids: string[]): Promise<void> {
    if (!batch) {
      const wanted = new Set<string>()
      const done = oneAtATime(() => {
        batch = undefined
        return orAnew(() => fetchObjects([...wanted])).then(() => {})
      })
      batch = { oids: wanted, done }
    }
    for (const oid of oids) batch.oids.add(oid)
    return batch.done
  }

  async function fetchObjects(oids: string[]): Promise<void> {
    await prepare(oids[0] ?? '')
    const args = [
      '-c',
      'fetch.negotiationAlgorithm=noop',
      'fetch',
      ...quietly,
      '--filter=blob:none',
      '--stdin',
      'origin',
    ]
    try {
      if (++fileFetches > separateFetches) await fetchSmallFiles()
      await fetch(args, { input: `${oids.join('\n')}\n` })
    } catch (error) {
      throw gitError('fetching files', url, error)
    }
  }

  async function fetchSmallFiles(): Promise<void> {
    if (newest === undefined || (await exists(eagerMark))) return
    await writeFile(eagerMark, '')
    await fetch(['fetch', ...quietly, '--refetch', '--depth=1', await filter(), 'origin', newest])
  }

  async function fetchHistory(filter: string[]): Promise<void> {
    const depth = (await exists(join(mirror, 'shallow'))) ? ['--unshallow'] : []
    const everything = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*']
    try {
      await fetch(['fetch', ...quietly, ...depth, ...filter, 'origin', ...everything])
    } catch (error) {
      throw gitError('fetching', url, error)
    }
  }

  async function makeRoom(): Promise<boolean> {
    const files = await readdir(join(mirror, 'objects', 'pack')).catch(() => [])
    if (files.filter((name) => name.endsWith('.pack')).length < packLimit) return false
    await giveUp()
    return true
  }

  return {
    async environment(oid) {
      await oneAtATime(() => prepare(oid))
      return { ...git.environment, GIT_DIR: reader, GIT_OBJECT_DIRECTORY: join(mirror, 'objects') }
    },
    fetchCommit: (oid) => oneAtATime(() => fetchCommit(oid)),
    fetchFiles,
    giveUp: () => oneAtATime(giveUp),
    complete: (abbreviation) =>
      oneAtATime(async () => {
        await orAnew(async () => {
          await prepare(abbreviation)
          await fetchHistory(['--filter=tree:0'])
        })
        return completeIn(git, inMirror, abbreviation)
      }),
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/** What is at a local path, for a message better than git's. */
export async function checkLocalPath(url: string): Promise<void> {
  const path = url.startsWith('file:') ? fileURLToPath(url) : url
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory()) return
  const what = found ? 'is a file and not a Git repository' : 'does not exist'
  throw new StageError('source', `cannot read ${url}: it ${what}: check repoURL`, { retry: !found })
}
