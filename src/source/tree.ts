/** The one resolver of paths: finds, reads and copies files of a tree, and refuses whatever leads out of it. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, posix, relative } from 'node:path'
import { type SourceTree, StageError, type TreeEntry, unfetchedSubmodule } from '../model/index.ts'
import { FileTooLarge, type ObjectStore, type StoreEntry } from './object-store.ts'

export interface TreeLimits {
  /** Bytes of one file. */
  fileSize: number
  /** Bytes and number of files of one copy. */
  totalSize: number
  files: number
}

export const defaultTreeLimits: TreeLimits = {
  fileSize: 32 * 1024 * 1024,
  totalSize: 256 * 1024 * 1024,
  files: 20_000,
}

export interface TreeOptions {
  store: ObjectStore
  /** Id of the root directory. */
  root: string
  limits?: TreeLimits
  /** Submodules are left out as if they were empty; else whatever needs one is refused. */
  ignoresSubmodules?: boolean
}

const linkLimit = 40
const depthLimit = 64

/** A place found: the entry and where it really is, links resolved. */
interface Found {
  entry: StoreEntry
  path: string[]
}

interface Copy {
  oid: string
  to: string
  executable: boolean
  /** It is meant by itself, and not as one of those in a directory. */
  isNamed: boolean
}

interface CopyPlan {
  copies: Map<string, Copy>
  directories: Set<string>
  into: string
}

export function openTree({
  store,
  root,
  limits = defaultTreeLimits,
  ignoresSubmodules = false,
}: TreeOptions): SourceTree {
  const rootEntry: StoreEntry = { kind: 'directory', oid: root, executable: false }

  async function entriesOf(oid: string): Promise<Map<string, StoreEntry>> {
    const entries = await store.directory(oid)
    if (!ignoresSubmodules) return entries
    return new Map([...entries].filter(([, { kind }]) => kind !== 'submodule'))
  }

  /** What would be inside of a submodule is found to be the submodule. */
  async function find(path: string, from: string[] = []): Promise<Found | undefined> {
    const stack: { name: string; entry: StoreEntry }[] = [{ name: '', entry: rootEntry }]
    const pending = [...from, ...segments(path)]
    let links = 0
    let via: { path: string; target: string } | undefined
    for (let name = pending.shift(); name !== undefined; name = pending.shift()) {
      if (name === '..') {
        if (stack.length === 1) throw via ? leaves(via.path, via.target) : leaves(path)
        stack.pop()
        continue
      }
      const parent = stack.at(-1)?.entry
      if (parent?.kind === 'submodule') break
      if (parent?.kind !== 'directory') return undefined
      const entry = (await entriesOf(parent.oid)).get(name)
      if (!entry) return undefined
      if (entry.kind !== 'link') {
        stack.push({ name, entry })
        continue
      }
      if (++links > linkLimit) throw problem(`${path}: too many symbolic links, or links that lead in a circle`)
      const target = await readLink(entry.oid)
      via = { path: [...stack.map((step) => step.name), name].slice(1).join('/'), target }
      if (target.startsWith('/')) throw leaves(via.path, target)
      pending.unshift(...segments(target))
    }
    const last = stack.at(-1)
    return last && { entry: last.entry, path: stack.slice(1).map((step) => step.name) }
  }

  async function readLink(oid: string): Promise<string> {
    const content = (await store.files([oid], 4096)).get(oid)
    return content?.toString('utf8') ?? ''
  }

  async function stat(path: string): Promise<TreeEntry | undefined> {
    const found = await find(path)
    return found && publicEntry(found.entry)
  }

  async function list(path: string): Promise<Map<string, TreeEntry>> {
    const found = await find(path)
    if (!found) throw problem(`${shown(path)} does not exist in this revision`)
    if (found.entry.kind === 'submodule') throw unfetchedSubmodule(found.path.join('/'))
    if (found.entry.kind !== 'directory') throw problem(`${shown(path)} is not a directory`)
    const entries = new Map<string, TreeEntry>()
    for (const [name, entry] of await entriesOf(found.entry.oid)) {
      const target = entry.kind === 'link' ? (await find(name, found.path))?.entry : entry
      if (target) entries.set(name, publicEntry(target))
    }
    return entries
  }

  async function read(path: string): Promise<Buffer> {
    const found = await find(path)
    if (!found) throw problem(`${shown(path)} does not exist in this revision`)
    if (found.entry.kind === 'submodule') throw unfetchedSubmodule(found.path.join('/'))
    if (found.entry.kind !== 'file') throw problem(`${shown(path)} is not a file`)
    const { oid } = found.entry
    const content = (await contentsOf([oid], () => path)).get(oid)
    if (!content) throw problem(`${shown(path)} could not be read`)
    if (isPointer(content)) throw largeFile(path)
    return content
  }

  async function contentsOf(oids: string[], pathOf: (oid: string) => string): Promise<Map<string, Buffer>> {
    try {
      return await store.files(oids, limits.fileSize)
    } catch (error) {
      if (!(error instanceof FileTooLarge)) throw error
      const more = `more than the ${limits.fileSize} that are read`
      throw problem(
        `${pathOf(error.oid)} has ${error.size} bytes, ${more}: split it or move it out of the source's path`,
      )
    }
  }

  async function materialise(paths: string[], into: string): Promise<string[]> {
    const copies = new Map<string, Copy>()
    const directories = new Set<string>([into])
    const outside = new Set<string>()
    const roots = paths.map((path) => `${normalise(path)}/`)

    async function plan(found: Found, to: string, depth: number): Promise<void> {
      if (depth > depthLimit)
        throw problem(`${found.path.join('/')}: directories are nested too deeply, or in a circle`)
      if (found.entry.kind === 'file') {
        copies.set(to, { oid: found.entry.oid, to, executable: found.entry.executable, isNamed: depth === 0 })
        if (copies.size > limits.files)
          throw problem(`more than ${limits.files} files are needed: give a narrower path`)
        return
      }
      if (found.entry.kind === 'submodule') throw unfetchedSubmodule(found.path.join('/'))
      if (found.entry.kind !== 'directory') return
      directories.add(to)
      for (const [name, entry] of await entriesOf(found.entry.oid)) {
        const at: Found = { entry, path: [...found.path, name] }
        if (entry.kind !== 'link') {
          await plan(at, join(to, safeName(name)), depth + 1)
          continue
        }
        const target = await find(name, found.path)
        if (!target) continue
        const targetPath = target.path.join('/')
        if (!roots.some((root) => root === '/' || `${targetPath}/`.startsWith(root))) outside.add(targetPath)
        await plan(target, join(to, safeName(name)), depth + 1)
      }
    }

    for (const path of paths) {
      const found = await find(path)
      if (found) await plan(found, join(into, normalise(path)), 0)
    }
    await write({ copies, directories, into })
    return [...outside]
  }

  async function write({ copies, directories, into }: CopyPlan): Promise<void> {
    for (const copy of copies.values()) directories.add(dirname(copy.to))
    for (const directory of directories) await mkdir(directory, { recursive: true })
    const all = [...copies.values()]
    let total = 0
    for (let at = 0; at < all.length; at += 256) {
      const batch = all.slice(at, at + 256)
      const pathOf = (wanted: string): string => relative(into, batch.find(({ oid }) => oid === wanted)?.to ?? into)
      const contents = await contentsOf([...new Set(batch.map(({ oid }) => oid))], pathOf)
      for (const { oid, to, executable, isNamed } of batch) {
        const content = contents.get(oid) ?? Buffer.alloc(0)
        if (isPointer(content) && (isNamed || isRead.test(to))) throw largeFile(relative(into, to))
        total += content.length
        if (total > limits.totalSize)
          throw problem(`more than ${limits.totalSize} bytes are needed: give a narrower path`)
        await writeFile(to, content, { mode: executable ? 0o700 : 0o600 })
      }
    }
  }

  return { stat, list, read, materialise }
}

/** What stands in Git in the place of a file that is kept in Git LFS. */
function isPointer(content: Buffer): boolean {
  return (
    content.length < 1024 && content.toString('latin1', 0, 200).startsWith('version https://git-lfs.github.com/spec/')
  )
}

/** What a chart or a kustomization is made of; a picture that lies beside them is no matter. */
const isRead = /\.(ya?ml|json|tpl|tgz|jsonnet|libsonnet)$/

function largeFile(path: string): StageError {
  return problem(`${path} is kept in Git LFS, which is not fetched: commit the file itself`)
}

function publicEntry({ kind, oid, executable }: StoreEntry): TreeEntry {
  // Links are resolved before an entry leaves this file.
  return { kind: kind === 'link' ? 'file' : kind, oid, executable }
}

function segments(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '' && segment !== '.')
}

/** The path as the copy uses it; throws for one that leaves the tree. */
function normalise(path: string): string {
  const normal = posix.normalize(segments(path).join('/') || '.')
  if (normal === '..' || normal.startsWith('../')) throw leaves(path)
  return normal === '.' ? '' : normal
}

/** Git refuses such names on checkout; so do we, in case a repository was made by hand. */
function safeName(name: string): string {
  if (name === '..' || name === '.' || name === '' || name.includes('/') || name.includes('\0')) {
    throw problem(`the repository contains an entry with the name ${JSON.stringify(name)}`)
  }
  return name
}

function shown(path: string): string {
  return segments(path).length === 0 ? 'the root' : path
}

function problem(message: string): StageError {
  return new StageError('source', message, { retry: false })
}

function leaves(path: string, target?: string): StageError {
  const link = target === undefined ? '' : ` (a symbolic link to ${target})`
  const advice = link ? 'remove the link, or have it lead to a file inside' : 'give a path inside of it'
  return problem(`${path}${link} leads out of the repository: ${advice}`)
}
