/** What a source held at one revision: a tree of files out of which no path and no symbolic link leads. */
import { StageError } from './stage-error.ts'

export interface TreeEntry {
  kind: 'file' | 'directory' | 'submodule'
  /** Names the content: equal ids mean equal content, whatever the revision. */
  oid: string
  executable: boolean
}

/** Paths are relative to the root, with `/`; the root is the empty path. Every method follows links inside the tree. */
export interface SourceTree {
  /** Undefined when there is nothing at the path. */
  stat(path: string): Promise<TreeEntry | undefined>
  /** Entries of a directory by name, links resolved; a link that leads nowhere is left out. */
  list(path: string): Promise<Map<string, TreeEntry>>
  read(path: string): Promise<Buffer>
  /**
   * Writes files and whole directories below `into`, under the paths they have here, links as copies of their targets.
   * Returns the paths of link targets outside the given directories, whose content the copy therefore depends on.
   */
  materialise(paths: string[], into: string): Promise<string[]>
}

export interface Revision {
  /** The commit's id, or a chart's version. */
  revision: string
  /** The branch, tag or version constraint that led there, as the source wrote it. */
  target: string
}

export interface CommitInfo {
  author: string
  /** RFC 3339. */
  date: string
  message: string
  /** That point to it, as far as the repository has told lately. */
  tags: string[]
}

/** What was found out about the signature of a commit. */
export type CommitSignature =
  | { kind: 'unsigned' }
  /** `keys`: fingerprints of the key that signed, and of the one that it belongs to. */
  | { kind: 'good'; keys: string[] }
  /** In words. */
  | { kind: 'bad'; problem: string }

export function unfetchedSubmodule(path: string): StageError {
  const advice = 'commit its files here, or name its repository in a source of its own'
  return new StageError('source', `${path} is a Git submodule, which is not fetched: ${advice}`, { retry: false })
}
