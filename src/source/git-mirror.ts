/** Commits, directories and files of one Git repository, fetched when they are first read. */
import { LRUCache } from 'lru-cache'
import { messageOf, StageError, withoutPassword } from '../model/index.ts'
import { abortable } from './abortable.ts'
import { gitError } from './git.ts'
import type { ObjectCopy } from './git-copy.ts'
import { isDamaged } from './mirror-remains.ts'
import { type GitObject, type ObjectReader, openObjectReader } from './object-reader.ts'
import { FileTooLarge, type ObjectStore, type StoreEntry } from './object-store.ts'

export interface MirrorOptions {
  url: string
  copy: ObjectCopy
}

export interface Mirror extends ObjectStore {
  /** Fetches the commit unless it is there, and returns it. */
  commit(oid: string, signal?: AbortSignal): Promise<Commit>
  /** Completes the beginning of a commit id from the whole history; undefined when there is none or more than one. */
  complete(abbreviation: string): Promise<string | undefined>
  close(): void
}

export interface Commit {
  oid: string
  /** Id of the root directory. */
  tree: string
  text: string
}

const readerIdleMs = 30_000
const treeSizeLimit = 32 * 1024 * 1024
const largestCommit = 1024 * 1024

export function openMirror({ url, copy }: MirrorOptions): Mirror {
  const directories = new LRUCache<string, Map<string, StoreEntry>>({
    maxSize: 400_000,
    sizeCalculation: (map) => map.size + 1,
  })
  const fetching = new Map<string, Promise<Commit>>()
  const commits = new LRUCache<string, Commit>({ max: 1000 })
  let reader: Promise<ObjectReader> | undefined

  function openReader(oid: string): Promise<ObjectReader> {
    reader ??= copy.environment(oid).then((environment) => openObjectReader({ environment, idleMs: readerIdleMs }))
    reader.catch(() => {
      reader = undefined
    })
    return reader
  }

  async function readObject(oid: string, sizeLimit: number): Promise<GitObject | undefined> {
    const opened = openReader(oid)
    try {
      return await (await opened).read(oid, sizeLimit)
    } catch (error) {
      if (isDamaged(messageOf(error))) await giveUp(opened)
      throw gitError('reading', url, error)
    }
  }

  /** The next attempt fetches everything again. Only once for all who read with the same reader. */
  async function giveUp(used: Promise<ObjectReader> | undefined): Promise<void> {
    if (!used || reader !== used) return
    reader = undefined
    commits.clear()
    used.then((open) => open.close()).catch(() => {})
    await copy.giveUp()
  }

  /** Applications that want the same commit wait for one fetch. */
  async function commit(oid: string, signal?: AbortSignal): Promise<Commit> {
    const known = commits.get(oid)
    if (known) return known
    const work = fetching.get(oid) ?? load(oid).finally(() => fetching.delete(oid))
    fetching.set(oid, work)
    return abortable(work, signal)
  }

  async function load(oid: string): Promise<Commit> {
    let found = await readCommit(oid)
    if (!found) {
      if (await copy.fetchCommit(oid)) commits.clear()
      found = await readCommit(oid)
    }
    if (!found) {
      const message = `commit ${oid} is not in ${withoutPassword(url)}: check targetRevision`
      throw new StageError('source', message, { retry: false })
    }
    commits.set(oid, found)
    return found
  }

  async function readCommit(oid: string): Promise<Commit | undefined> {
    const object = await readObject(oid, largestCommit)
    if (object?.type === 'tag' && object.content) {
      const target = /^object ([0-9a-f]+)/.exec(object.content.toString('utf8'))?.[1]
      return target ? readCommit(target) : undefined
    }
    const text = object?.type === 'commit' ? object.content?.toString('utf8') : undefined
    const tree = text && /^tree ([0-9a-f]+)/.exec(text)?.[1]
    if (!text || !tree) return undefined
    return { oid, tree, text }
  }

  async function directory(oid: string): Promise<Map<string, StoreEntry>> {
    const known = directories.get(oid)
    if (known) return known
    // A fetch of the whole history brings commits alone.
    const object = (await readObject(oid, treeSizeLimit)) ?? (await fetchDirectory(oid))
    if (object?.type !== 'tree' || !object.content) throw await damaged(oid)
    const entries = parseTree(object.content, oid.length / 2)
    directories.set(oid, entries)
    return entries
  }

  async function fetchDirectory(oid: string): Promise<GitObject | undefined> {
    await copy.fetchFiles([oid])
    return readObject(oid, treeSizeLimit)
  }

  async function files(oids: string[], sizeLimit: number): Promise<Map<string, Buffer>> {
    const contents = new Map<string, Buffer>()
    const missing = await readFiles(oids, sizeLimit, contents)
    if (missing.length === 0) return contents
    await copy.fetchFiles(missing)
    const [lost] = await readFiles(missing, sizeLimit, contents)
    if (lost) throw await damaged(lost)
    return contents
  }

  async function readFiles(oids: string[], sizeLimit: number, into: Map<string, Buffer>): Promise<string[]> {
    const objects = await Promise.all(oids.map((oid) => readObject(oid, sizeLimit)))
    const missing: string[] = []
    for (const [at, oid] of oids.entries()) {
      const object = objects[at]
      if (!object) missing.push(oid)
      else if (object.content) into.set(oid, object.content)
      else throw new FileTooLarge(oid, object.size)
    }
    return missing
  }

  async function damaged(oid: string): Promise<StageError> {
    await giveUp(reader)
    return new StageError('source', `object ${oid} of ${withoutPassword(url)} cannot be read`, { retry: true })
  }

  return {
    commit,
    directory,
    files,
    complete: (abbreviation) => copy.complete(abbreviation),
    close() {
      reader?.then((open) => open.close()).catch(() => {})
      reader = undefined
    },
  }
}

/** Git's own format: `<mode> <name>\0<id>` again and again. */
export function parseTree(content: Buffer, idLength: number): Map<string, StoreEntry> {
  const entries = new Map<string, StoreEntry>()
  for (let at = 0; at < content.length; ) {
    const blank = content.indexOf(32, at)
    const nul = content.indexOf(0, blank)
    const mode = content.toString('latin1', at, blank)
    const oid = content.toString('hex', nul + 1, nul + 1 + idLength)
    entries.set(content.toString('utf8', blank + 1, nul), { kind: kindOf(mode), oid, executable: mode === '100755' })
    at = nul + 1 + idLength
  }
  return entries
}

function kindOf(mode: string): StoreEntry['kind'] {
  if (mode === '40000') return 'directory'
  if (mode === '120000') return 'link'
  return mode === '160000' ? 'submodule' : 'file'
}
