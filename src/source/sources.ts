/** Every place that desired state is read from: finds the revision that a source means, and opens its files. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { type ApplicationSource, type CommitInfo, type Revision, type SourceTree, StageError } from '../model/index.ts'
import { openGit } from './git.ts'
import type { Clock } from './git-listing.ts'
import { type GitRepository, openGitRepository } from './git-repository.ts'
import { checkReachable, parseAddress } from './repository-address.ts'
import { defaultTreeLimits, type TreeLimits } from './tree.ts'

export interface SourcesOptions {
  /** A directory of our own; everything in it can be fetched again. */
  cacheDir: string
  /** Admits repositories on the local disk and on loopback addresses. */
  allowLocal: boolean
  /** How long what a repository advertised is taken for its state. */
  pollIntervalMs?: number
  gitTimeLimitMs?: number
  limits?: TreeLimits
  clock: Clock
}

export interface ResolveOptions {
  /** Asks the repository even if it was asked just now. */
  refresh?: boolean
  /** Asks the repository if it was last asked before this time of the clock; cheaper than `refresh` for many at once. */
  notOlderThan?: number
  signal?: AbortSignal
}

export interface Sources {
  resolve(source: ApplicationSource, options?: ResolveOptions): Promise<Revision>
  tree(source: ApplicationSource, revision: string, signal?: AbortSignal): Promise<SourceTree>
  /** Undefined for sources without commits, such as charts. */
  commit(source: ApplicationSource, revision: string, signal?: AbortSignal): Promise<CommitInfo | undefined>
  /** What is known of the repository is old: somebody pushed to it. */
  invalidate(repoURL: string): void
  /** Requests made so far. */
  readonly counters: { listings: number; fetches: number }
  close(): Promise<void>
}

export function openSources(options: SourcesOptions): Sources {
  const { cacheDir, allowLocal, pollIntervalMs = 120_000, gitTimeLimitMs = 30_000, clock } = options
  const limits = options.limits ?? defaultTreeLimits
  const git = openGit({ home: join(cacheDir, 'home'), allowLocal, timeLimitMs: gitTimeLimitMs })
  const repositories = new Map<string, GitRepository>()
  const counters = { listings: 0, fetches: 0 }

  async function repositoryOf(source: ApplicationSource): Promise<GitRepository> {
    const address = parseAddress(source.repoURL ?? '')
    const key = keyOfRepository(address.url)
    const known = repositories.get(key)
    if (known) return known
    await checkReachable(address, allowLocal)
    if (source.chart !== undefined || address.transport === 'oci') {
      throw new StageError('source', `${address.url}: charts are not supported here`, { retry: false })
    }
    const directory = join(cacheDir, 'git', createHash('sha256').update(key).digest('hex').slice(0, 32))
    const opened = openGitRepository({ git, address, directory, clock, intervalMs: pollIntervalMs, limits, counters })
    // Two may have come here at once; the first stays.
    const repository = repositories.get(key) ?? opened
    repositories.set(key, repository)
    return repository
  }

  return {
    counters,
    async resolve(source, { refresh = false, notOlderThan = 0, signal } = {}) {
      const repository = await repositoryOf(source)
      const query = { targetRevision: source.targetRevision ?? '', tagPrefix: source.tagPrefix ?? '' }
      return abortable(repository.resolve(query, refresh ? clock.now() : notOlderThan), signal)
    },
    async tree(source, revision, signal) {
      return (await repositoryOf(source)).tree(revision, signal)
    },
    async commit(source, revision, signal) {
      return (await repositoryOf(source)).commit(revision, signal)
    },
    invalidate(repoURL) {
      repositories.get(keyOfRepository(repoURL))?.invalidate()
    },
    async close() {
      for (const repository of repositories.values()) repository.close()
      repositories.clear()
    },
  }
}

function keyOfRepository(url: string): string {
  return url.replace(/\/+$/, '')
}

/** What is awaited is shared with others and goes on without the one who gave up. */
async function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work
  const { promise, reject } = aborting(signal)
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', reject)
  }
}

function aborting(signal: AbortSignal): { promise: Promise<never>; reject: () => void } {
  let reject: () => void = () => {}
  const promise = new Promise<never>((_, onReject) => {
    reject = () => onReject(new StageError('source', 'reading the repository was cancelled', { retry: true }))
  })
  promise.catch(() => {})
  if (signal.aborted) reject()
  else signal.addEventListener('abort', reject, { once: true })
  return { promise, reject }
}
