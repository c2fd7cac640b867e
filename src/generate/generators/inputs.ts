/** What generators ask the world for; the one who wires the process answers. */
import type { KubeObject, SourceTree } from '../../model/index.ts'

export interface GeneratorInputs {
  /** The Secrets of the clusters that are known. */
  clusterSecrets(): KubeObject[]
  git: GitInput
}

export interface GitInput {
  /** The commit that the revision means now. */
  resolve(repoURL: string, revision: string, options: GitResolveOptions): Promise<string>
  tree(repoURL: string, commit: string, signal: AbortSignal): Promise<SourceTree>
  /** Files are found as doublestar does, not as git does. */
  newFileGlobbing(): boolean
}

export interface GitResolveOptions {
  refresh: boolean
  /** What a repository has told longer ago than this does not count. */
  maxAgeMs: number | undefined
  signal: AbortSignal
}
