/** Goes through the folders of a tree, with limits: it is somebody else's. */
import { posix } from 'node:path'
import type { SourceTree, TreeEntry } from '../../model/index.ts'
import { ApiError } from '../api-error.ts'

export interface Folder {
  /** '' for the root of the tree. */
  path: string
  entries: Map<string, TreeEntry>
}

const mostFolders = 20_000
const deepest = 30

/** Throws FailedPrecondition when there are too many. */
export async function* walkFolders(tree: SourceTree, root = ''): AsyncIterable<Folder> {
  const waiting = [{ path: root, above: [] as string[] }]
  let looked = 0
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { path, above } = next
    if (++looked > mostFolders || above.length > deepest) {
      throw new ApiError('FailedPrecondition', 'there are too many folders to look at: give the path of a smaller one')
    }
    const entries = await tree.list(path)
    yield { path, entries }
    for (const [name, { kind, oid }] of entries) {
      // A link may lead to a folder that it is in itself.
      if (kind === 'directory' && !above.includes(oid))
        waiting.push({ path: posix.join(path, name), above: [...above, oid] })
    }
  }
}
