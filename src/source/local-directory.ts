/** A folder on the local disk as a source tree, with whatever is in it right now, committed or not. */
import type { Dirent } from 'node:fs'
import { readdir, readFile, readlink, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type SourceTree, StageError } from '../model/index.ts'
import type { ObjectStore, StoreEntry } from './object-store.ts'
import { openTree } from './tree.ts'

/** Ids are paths: a tree is read once, by a command, and nothing of it is remembered. */
export function openDirectory(folder: string): SourceTree {
  const at = (oid: string) => join(folder, oid)

  function entryOf(oid: string, entry: Dirent): StoreEntry {
    const kind = entry.isDirectory() ? 'directory' : entry.isSymbolicLink() ? 'link' : 'file'
    return { kind, oid: oid === '.' ? entry.name : `${oid}/${entry.name}`, executable: false }
  }

  const store: ObjectStore = {
    async directory(oid) {
      const entries = await readdir(at(oid), { withFileTypes: true })
      const wanted = entries.filter(({ name }) => name !== '.git')
      return new Map(wanted.map((entry) => [entry.name, entryOf(oid, entry)]))
    },
    async files(oids, sizeLimit) {
      const contents = await Promise.all(oids.map((oid) => content(at(oid), sizeLimit)))
      return new Map(oids.map((oid, index) => [oid, contents[index] ?? Buffer.alloc(0)]))
    },
  }
  return openTree({ store, root: '.' })
}

async function content(path: string, sizeLimit: number): Promise<Buffer> {
  const target = await readlink(path).catch(() => undefined)
  if (target !== undefined) return Buffer.from(target)
  const { size } = await stat(path)
  if (size > sizeLimit) {
    throw new StageError('source', `${path} has ${size} bytes; the limit is ${sizeLimit}`, { retry: false })
  }
  return readFile(path)
}
