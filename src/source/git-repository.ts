/** One Git repository as a source: its revisions, their files and their commits. */
import { join } from 'node:path'
import {
  type CommitInfo,
  type CommitSignature,
  type Revision,
  type SourceTree,
  StageError,
  withoutPassword,
} from '../model/index.ts'
import type { Git } from './git.ts'
import { checkLocalPath, localCopy, remoteCopy } from './git-copy.ts'
import { type Clock, openListing } from './git-listing.ts'
import { openMirror } from './git-mirror.ts'
import { resolveTarget, type TargetQuery, unknownTarget } from './git-revision.ts'
import type { RemoteGit } from './remote-git.ts'
import type { RepositoryAddress } from './repository-address.ts'
import type { Keyrings } from './signature.ts'
import { openTree, type TreeLimits } from './tree.ts'

export interface GitRepository {
  resolve(query: TargetQuery, notOlderThan: number): Promise<Revision>
  tree(revision: string, signal?: AbortSignal): Promise<SourceTree>
  commit(revision: string, signal?: AbortSignal): Promise<CommitInfo>
  /** `keys`: those that are trusted, ASCII-armoured. */
  signature(revision: string, keys: string[], signal?: AbortSignal): Promise<CommitSignature>
  refs(notOlderThan: number): Promise<{ branches: string[]; tags: string[] }>
  /** With the commits that they point to. */
  tags(notOlderThan: number): Promise<{ name: string; revision: string }[]>
  invalidate(): void
  close(): void
}

export interface GitRepositoryOptions {
  git: Git
  remote: RemoteGit
  address: RepositoryAddress
  directory: string
  clock: Clock
  intervalMs: number
  limits: TreeLimits
  ignoresSubmodules?(): boolean
  counters: { listings: number; fetches: number }
  keyrings: Keyrings
  /** Throws when the repository must not be reached. */
  check(): Promise<void>
}

const tagPrefix = 'refs/tags/'

export function openGitRepository(options: GitRepositoryOptions): GitRepository {
  const { git, remote, address, clock, intervalMs, limits, counters } = options
  const { url } = address
  const isLocal = address.transport === 'local'
  const onList = (): number => counters.listings++
  const check = isLocal ? () => checkLocalPath(url) : options.check
  const listing = openListing({ remote, url, clock, intervalMs, onList, check })
  const copyOptions = { git, remote, url, directory: join(options.directory), onFetch: () => counters.fetches++ }
  const copy = isLocal ? localCopy(copyOptions) : remoteCopy(copyOptions)
  const mirror = openMirror({ url, copy })
  const completed = new Map<string, string>()

  async function resolve(query: TargetQuery, notOlderThan: number): Promise<Revision> {
    const wanted = query.targetRevision || 'HEAD'
    if (!isRefName(wanted)) {
      const message = `targetRevision ${JSON.stringify(wanted)} is no name of a branch, tag or commit`
      throw new StageError('source', message, { retry: false })
    }
    if (/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(wanted)) return { revision: wanted, target: wanted }
    const listed = await listing.get(wanted.startsWith('refs/') ? { notOlderThan, ref: wanted } : { notOlderThan })
    const target = resolveTarget(listed, query)
    if (target.kind === 'commit') return { revision: target.oid, target: wanted }
    const oid = target.kind === 'abbreviation' ? await complete(target.text) : undefined
    if (!oid) throw unknownTarget(listed, withoutPassword(url), wanted)
    return { revision: oid, target: wanted }
  }

  /** A commit id never changes its meaning, so that it is looked up once. */
  async function complete(text: string): Promise<string | undefined> {
    const oid = completed.get(text) ?? (await mirror.complete(text))
    if (oid) completed.set(text, oid)
    return oid
  }

  /** Without them a commit is still worth telling. */
  async function tagsOf(oid: string): Promise<string[]> {
    const { refs } = await listing.get({ notOlderThan: 0 }).catch(() => ({ refs: new Map<string, string>() }))
    return [...refs].flatMap(([name, id]) =>
      id === oid && name.startsWith(tagPrefix) ? [name.slice(tagPrefix.length)] : [],
    )
  }

  return {
    resolve,
    async tree(revision, signal) {
      const { tree: root } = await mirror.commit(revision, signal)
      return openTree({ store: mirror, root, limits, ignoresSubmodules: options.ignoresSubmodules?.() ?? false })
    },
    async commit(revision, signal) {
      const { text, oid } = await mirror.commit(revision, signal)
      return { ...describeCommit(text), tags: await tagsOf(oid) }
    },
    async signature(revision, keys, signal) {
      const { oid } = await mirror.commit(revision, signal)
      return options.keyrings.verify(oid, { keys, environment: await copy.environment(oid) })
    },
    async refs(notOlderThan) {
      const names = [...(await listing.get({ notOlderThan })).refs.keys()]
      const below = (prefix: string) =>
        names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length))
      return { branches: below('refs/heads/'), tags: below('refs/tags/') }
    },
    async tags(notOlderThan) {
      const { refs } = await listing.get({ notOlderThan })
      return [...refs].flatMap(([name, revision]) =>
        name.startsWith(tagPrefix) ? [{ name: name.slice(tagPrefix.length), revision }] : [],
      )
    },
    invalidate: () => listing.invalidate(),
    close: () => mirror.close(),
  }
}

/** As far as it matters here: nothing that git could take for an option, a range or a pattern. Constraints pass. */
function isRefName(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  return !name.startsWith('-') && !name.includes('..') && !/[\u0000-\u001f\u007f:?[\\]/.test(name) && name.length <= 250
}

export function describeCommit(text: string): Omit<CommitInfo, 'tags'> {
  const end = text.indexOf('\n\n')
  const header = end < 0 ? text : text.slice(0, end)
  const author = /^author (.*) (\d+) ([+-]\d{4})$/m.exec(header)
  const message = end < 0 ? '' : text.slice(end + 2).trim()
  return {
    author: author?.[1] ?? '',
    date: new Date(Number(author?.[2] ?? 0) * 1000).toISOString().replace('.000Z', 'Z'),
    message,
  }
}
