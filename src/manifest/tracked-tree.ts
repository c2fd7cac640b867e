/** A source tree that notes what was looked at, so that a later revision can be seen to hold the same. */
import { createHash } from 'node:crypto'
import type { SourceTree, TreeEntry } from '../model/index.ts'

export interface Observation {
  /** `$ref` sources by their name, the application's own source as the empty text. */
  tree: string
  path: string
  /** Of a listing only the names matter: the files in it that matter are observed by themselves. */
  what: 'content' | 'names'
  /** Empty when there was nothing. */
  digest: string
}

export interface TrackedTree extends SourceTree {
  readonly observations: Observation[]
  /** Lists a directory all of whose content matters. */
  listWhole(path: string): Promise<Map<string, TreeEntry>>
}

export function trackTree(tree: SourceTree, name: string): TrackedTree {
  const seen = new Map<string, Observation>()

  function note(path: string, what: Observation['what'], digest: string): void {
    seen.set(`${what}:${path}`, { tree: name, path, what, digest })
  }

  async function stat(path: string): Promise<TreeEntry | undefined> {
    const entry = await tree.stat(path)
    note(path, 'content', entry?.oid ?? '')
    return entry
  }

  return {
    get observations() {
      return [...seen.values()]
    },
    stat,
    async list(path) {
      const entries = await tree.list(path)
      note(path, 'names', digestOfNames(entries))
      return entries
    },
    async listWhole(path) {
      await stat(path)
      return tree.list(path)
    },
    async read(path) {
      await stat(path)
      return tree.read(path)
    },
    async materialise(paths, into) {
      for (const path of paths) await stat(path)
      const reached = await tree.materialise(paths, into)
      for (const path of reached) await stat(path)
      return reached
    },
  }
}

/** Whether a tree would give the same answers to everything that was asked. */
export async function stillHolds(observations: Observation[], trees: Record<string, SourceTree>): Promise<boolean> {
  for (const { tree: name, path, what, digest } of observations) {
    const tree = trees[name]
    if (!tree) return false
    try {
      const now = what === 'content' ? ((await tree.stat(path))?.oid ?? '') : digestOfNames(await tree.list(path))
      if (now !== digest) return false
    } catch {
      // What cannot be looked at any more is for the renderer to complain about.
      return false
    }
  }
  return true
}

function digestOfNames(entries: Map<string, TreeEntry>): string {
  const hash = createHash('sha1')
  for (const [name, { kind }] of entries) hash.update(`${kind} ${name}\0`)
  return hash.digest('hex')
}
