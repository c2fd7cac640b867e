/** What is read of repositories, with the credentials of a project. */
import type {
  ApplicationSource,
  CommitInfo,
  CommitSignature,
  RepositoryConnection,
  Revision,
  SourceTree,
} from '../model/index.ts'
import type { BranchChange, BranchCommit } from './branch-writer.ts'

export interface ResolveOptions {
  /** Asks the repository even if it was asked just now. */
  refresh?: boolean
  /** Asks the repository if it was last asked before this time of the clock; cheaper than `refresh` for many at once. */
  notOlderThan?: number
  signal?: AbortSignal
}

/** What may be read with the credentials of one project, and with those that are for all. */
export interface ProjectSources {
  resolve(source: ApplicationSource, options?: ResolveOptions): Promise<Revision>
  tree(source: ApplicationSource, revision: string, signal?: AbortSignal): Promise<SourceTree>
  /** Undefined for sources without commits, such as charts. */
  commit(source: ApplicationSource, revision: string, signal?: AbortSignal): Promise<CommitInfo | undefined>
  /** Who has signed the commit, as far as `keys` (ASCII-armoured) tell. Undefined for sources without commits. */
  signature(
    source: ApplicationSource,
    revision: string,
    options: { keys: string[]; signal?: AbortSignal },
  ): Promise<CommitSignature | undefined>
  /** Among which a version constraint chooses: tags, or versions of the chart. */
  versions(source: ApplicationSource, options?: ResolveOptions): Promise<KnownVersion[]>
  refs(repoURL: string, options?: ResolveOptions): Promise<RepositoryRefs>
  /** The charts of a Helm repository on an HTTP server. */
  charts(repoURL: string): Promise<ChartVersions[]>
  /** The tags of one repository of an OCI registry, such as `oci://HOST/PATH`. */
  ociTags(repoURL: string): Promise<string[]>
  /**
   * Commits to a branch of a Git repository, with the credentials that it is registered with or with others. Throws a
   * StageError when that cannot be.
   */
  write(repoURL: string, change: BranchChange, connection?: RepositoryConnection): Promise<BranchCommit>
}

export interface RepositoryRefs {
  branches: string[]
  tags: string[]
}

export interface KnownVersion {
  name: string
  /** What it resolves to, where that is known without asking for it. */
  revision?: string
}

export interface ChartVersions {
  name: string
  versions: string[]
}
