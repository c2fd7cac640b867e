/** Finds directories and files of a commit: it goes only where something wanted can be. */
import { type SourceTree, type TreeEntry, unfetchedSubmodule } from '../../model/index.ts'
import { invalid } from './generator.ts'

export interface Wanted {
  isWanted(path: string): boolean
  mayBeBelow(directory: string): boolean
}

const mostFound = 20_000
const deepest = 64
const longestFile = 1024 * 1024

interface Visit {
  path: string
  /** Contents of the directories above: one that turns up again is a link in a circle. */
  above: ReadonlySet<string>
}

/** Hidden ones are left out, as Argo CD does. */
export async function findDirectories(tree: SourceTree, { isWanted, mayBeBelow }: Wanted): Promise<string[]> {
  return find(tree, {
    isWanted: (path, { kind }) => kind === 'directory' && isWanted(path),
    mayBeBelow: (path) => mayBeBelow(path),
    isDirectoryWanted: isWanted,
    isHidden: (name, { kind }) => kind !== 'file' && name.startsWith('.'),
  })
}

export async function findFiles(tree: SourceTree, wanted: Wanted): Promise<{ path: string; text: string }[]> {
  const paths = await find(tree, {
    isWanted: (path, { kind }) => kind === 'file' && wanted.isWanted(path),
    mayBeBelow: wanted.mayBeBelow,
    isDirectoryWanted: () => false,
    isHidden: () => false,
  })
  // Together, so that a copy that lacks them fetches them at once.
  return Promise.all(
    paths.map(async (path) => {
      const content = await tree.read(path)
      if (content.length <= longestFile) return { path, text: content.toString('utf8') }
      throw invalid(`the git generator: ${path} has more than ${longestFile} bytes: it is hardly meant for parameters`)
    }),
  )
}

interface Search {
  isWanted(path: string, entry: TreeEntry): boolean
  mayBeBelow(directory: string): boolean
  isDirectoryWanted(path: string): boolean
  isHidden(name: string, entry: TreeEntry): boolean
}

async function find(tree: SourceTree, search: Search): Promise<string[]> {
  const { isWanted, mayBeBelow, isDirectoryWanted, isHidden } = search
  const found: string[] = []
  const waiting: Visit[] = [{ path: '', above: new Set() }]
  for (let visit = waiting.pop(); visit; visit = waiting.pop()) {
    for (const [name, entry] of await tree.list(visit.path)) {
      if (isHidden(name, entry)) continue
      const path = visit.path === '' ? name : `${visit.path}/${name}`
      // What it holds may have made Applications, which would be deleted.
      if (entry.kind === 'submodule' && (isDirectoryWanted(path) || mayBeBelow(path))) throw unfetchedSubmodule(path)
      if (isWanted(path, entry)) found.push(path)
      if (found.length > mostFound) {
        throw invalid(`the git generator: more than ${mostFound} paths are meant: give narrower ones`)
      }
      const isCircle = visit.above.has(entry.oid) || visit.above.size >= deepest
      if (entry.kind === 'directory' && !isCircle && mayBeBelow(path)) {
        waiting.push({ path, above: new Set([...visit.above, entry.oid]) })
      }
    }
  }
  return found.sort()
}
