/** What generators ask the world for; the one who wires the process answers. */
import type { ApplicationSet, KubeObject, SourceTree } from '../../model/index.ts'

export interface GeneratorInputs {
  /** The Secrets of the clusters that are known. */
  clusterSecrets(): KubeObject[]
  git: GitInput
}

export interface GitInput {
  /** The commit that the revision means now; throws where the set may not read the repository. */
  resolve(repoURL: string, revision: string, options: GitResolveOptions): Promise<string>
  tree(repoURL: string, commit: string, signal: AbortSignal): Promise<SourceTree>
  /** Files are found as doublestar does, not as git does. */
  newFileGlobbing(): boolean
}

export interface GitResolveOptions {
  /** For which it is read. */
  set: ApplicationSet
  /** What a repository has told before this time of the clock does not count, or longer ago than `maxAgeMs`. */
  notOlderThan: number
  maxAgeMs: number | undefined
  signal: AbortSignal
}
