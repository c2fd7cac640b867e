/** Unpacks a chart's or an artifact's archive into a store of files, in memory. */
import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { unpackTar } from 'modern-tar'
import { messageOf, StageError } from '../model/index.ts'
import type { ObjectStore, StoreEntry } from './object-store.ts'

export interface StoredFiles {
  store: ObjectStore
  /** Id of the root directory. */
  root: string
  /** Bytes of all files. */
  size: number
}

interface Directory {
  files: Map<string, { content: Buffer; executable: boolean; link: boolean }>
  directories: Map<string, Directory>
}

const unpackedLimit = 128 * 1024 * 1024
/** As many files as are copied for one rendering, with the folders they stand in. */
const entryLimit = 40_000
const depthLimit = 64

export interface ArchiveOptions {
  /** Names the archive in errors. */
  what: string
  /** Charts are packed in a directory of their own, which becomes the root. */
  stripTop: boolean
}

export async function unpackArchive(archive: Buffer, { what, stripTop }: ArchiveOptions): Promise<StoredFiles> {
  try {
    const tar = archive[0] === 0x1f && archive[1] === 0x8b ? await gunzipCapped(archive) : archive
    const top = emptyDirectory()
    let entries = 0
    const filter = (): boolean => {
      if (++entries > entryLimit) throw new Error(`it has more than ${entryLimit} entries`)
      return true
    }
    for (const { header, data } of await unpackTar(tar, { strict: true, filter })) {
      const path = checkedPath(header.name)
      const parts = stripTop ? path.slice(1) : path
      if (parts.length === 0) continue
      const executable = ((header.mode ?? 0) & 0o100) !== 0
      if (header.type === 'file') place(top, parts, { content: Buffer.from(data ?? []), executable, link: false })
      if (header.type === 'symlink') {
        place(top, parts, { content: Buffer.from(header.linkname ?? ''), executable: false, link: true })
      }
    }
    return store(top)
  } catch (error) {
    const advice = 'tell whoever publishes it, and name another version in targetRevision'
    const message = `${what} is no usable archive: ${messageOf(error)}: ${advice}`
    throw new StageError('source', message, { retry: false, cause: error })
  }
}

async function gunzipCapped(archive: Buffer): Promise<Buffer> {
  return promisify(gunzip)(archive, { maxOutputLength: unpackedLimit }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ERR_BUFFER_TOO_LARGE')
      throw new Error(`it unpacks to more than ${unpackedLimit / 1024 / 1024} MB`)
    throw error
  })
}

function checkedPath(name: string): string[] {
  const normal = posix.normalize(name.replaceAll('\\', '/'))
  if (normal.startsWith('/') || normal === '..' || normal.startsWith('../')) {
    throw new Error(`its entry ${JSON.stringify(name)} leads out of it`)
  }
  const parts = normal.split('/').filter((part) => part !== '' && part !== '.')
  if (parts.length > depthLimit) throw new Error(`an entry of it is nested more than ${depthLimit} folders deep`)
  return parts
}

function emptyDirectory(): Directory {
  return { files: new Map(), directories: new Map() }
}

function place(top: Directory, path: string[], file: { content: Buffer; executable: boolean; link: boolean }): void {
  let directory = top
  for (const name of path.slice(0, -1)) {
    const next = directory.directories.get(name) ?? emptyDirectory()
    directory.directories.set(name, next)
    directory = next
  }
  directory.files.set(path.at(-1) ?? '', file)
}

function store(top: Directory): StoredFiles {
  const directories = new Map<string, Map<string, StoreEntry>>()
  const contents = new Map<string, Buffer>()
  let size = 0
  function add(directory: Directory): string {
    const entries = new Map<string, StoreEntry>()
    for (const [name, child] of directory.directories) {
      entries.set(name, { kind: 'directory', oid: add(child), executable: false })
    }
    for (const [name, { content, executable, link }] of directory.files) {
      const oid = createHash('sha256').update(content).digest('hex')
      contents.set(oid, content)
      size += content.length
      entries.set(name, { kind: link ? 'link' : 'file', oid, executable })
    }
    const sorted = new Map([...entries].sort(([a], [b]) => (a < b ? -1 : 1)))
    const hash = createHash('sha256')
    for (const [name, { kind, oid, executable }] of sorted) hash.update(`${kind} ${oid} ${executable} ${name}\0`)
    const id = hash.digest('hex')
    directories.set(id, sorted)
    return id
  }
  const root = add(top)
  return { root, size, store: memoryStore(directories, contents) }
}

function memoryStore(directories: Map<string, Map<string, StoreEntry>>, contents: Map<string, Buffer>): ObjectStore {
  return {
    async directory(oid) {
      return directories.get(oid) ?? new Map()
    },
    async files(oids) {
      return new Map(oids.map((oid) => [oid, contents.get(oid) ?? Buffer.alloc(0)]))
    },
  }
}
