/** Every place that desired state is read from: finds the revision that a source means, and opens its files. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { LRUCache } from 'lru-cache'
import {
  type ApplicationSource,
  type CommitInfo,
  type CommitSignature,
  type Revision,
  type SourceTree,
  StageError,
} from '../model/index.ts'
import { abortable } from './abortable.ts'
import { type ChartRepository, openChartRepository } from './chart-repository.ts'
import { openDownloader } from './download.ts'
import { openGit } from './git.ts'
import type { Clock } from './git-listing.ts'
import { type GitRepository, openGitRepository } from './git-repository.ts'
import { openHelmIndex } from './helm-index.ts'
import { openOciRegistry } from './oci-registry.ts'
import { openPublicKeys, type ReadPublicKeys } from './public-keys.ts'
import { checkReachable, parseAddress, type RepositoryAddress, withoutPassword } from './repository-address.ts'
import { openKeyrings } from './signature.ts'
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
  /** Who has signed the commit, as far as `keys` (ASCII-armoured) tell. Undefined for sources without commits. */
  signature(
    source: ApplicationSource,
    revision: string,
    options: { keys: string[]; signal?: AbortSignal },
  ): Promise<CommitSignature | undefined>
  /** Throws a StageError when the address is none that may be read from. */
  check(repoURL: string): Promise<void>
  refs(repoURL: string, options?: ResolveOptions): Promise<RepositoryRefs>
  /** The charts of a Helm repository on an HTTP server. */
  charts(repoURL: string): Promise<ChartVersions[]>
  /** The tags of one repository of an OCI registry, such as `oci://HOST/PATH`. */
  ociTags(repoURL: string): Promise<string[]>
  /** The keys in an ASCII-armoured text, as GnuPG reads them. */
  publicKeys: ReadPublicKeys
  /** A file that a source refers to by its address, not older than the poll interval. */
  download(url: string, signal?: AbortSignal): Promise<Buffer>
  /** What is known of the repository is old: somebody pushed to it. */
  invalidate(repoURL: string): void
  /** Requests made so far. */
  readonly counters: { listings: number; fetches: number }
  close(): Promise<void>
}

export interface RepositoryRefs {
  branches: string[]
  tags: string[]
}

export interface ChartVersions {
  name: string
  versions: string[]
}

const downloadLimit = 10 * 1024 * 1024

export function openSources(options: SourcesOptions): Sources {
  const { cacheDir, allowLocal, pollIntervalMs: intervalMs = 120_000, gitTimeLimitMs = 30_000, clock } = options
  const limits = options.limits ?? defaultTreeLimits
  const git = openGit({ home: join(cacheDir, 'home'), allowLocal, timeLimitMs: gitTimeLimitMs })
  const downloader = openDownloader({ allowLocal })
  const gitRepositories = new Map<string, GitRepository>()
  const chartRepositories = new Map<string, ChartRepository>()
  const downloads = new LRUCache<string, { at: number; content: Promise<Buffer> }>({ max: 200 })
  const counters = { listings: 0, fetches: 0 }
  const keyrings = openKeyrings(join(cacheDir, 'keyrings'))

  async function gitRepository(source: ApplicationSource): Promise<GitRepository> {
    const address = parseAddress(source.repoURL ?? '')
    if (address.transport === 'oci') {
      const message = `${address.url} is an OCI address: give chart, which is all that is read from registries`
      throw new StageError('source', message, { retry: false })
    }
    const check = (): Promise<void> => checkReachable(address, allowLocal)
    const key = keyOf(address.url)
    const known = gitRepositories.get(key)
    if (known) return known
    await check()
    const directory = join(cacheDir, 'git', createHash('sha256').update(key).digest('hex').slice(0, 32))
    const opened = openGitRepository({ git, address, directory, clock, intervalMs, limits, counters, keyrings, check })
    // Somebody else may have come as far meanwhile; the first stays.
    const repository = gitRepositories.get(key) ?? opened
    gitRepositories.set(key, repository)
    return repository
  }

  async function chartRepository(repoURL: string): Promise<ChartRepository> {
    const isHttp = /^https?:\/\//i.test(repoURL)
    // Argo CD writes registries without a scheme; helm itself with oci://.
    const registry = repoURL.replace(/^oci:\/\//i, '')
    const address: RepositoryAddress = parseAddress(isHttp ? repoURL : `oci://${registry}`)
    const key = keyOf(repoURL)
    const known = chartRepositories.get(key)
    if (known) return known
    await checkReachable(address, allowLocal)
    const origin = isHttp ? openHelmIndex(repoURL, downloader) : openOciRegistry(registry, downloader)
    const directory = join(cacheDir, 'charts')
    const opened = openChartRepository({ url: repoURL, origin, directory, clock, intervalMs, limits, counters })
    const repository = chartRepositories.get(key) ?? opened
    chartRepositories.set(key, repository)
    return repository
  }

  return {
    counters,
    async resolve(source, { refresh = false, notOlderThan = 0, signal } = {}) {
      const { repoURL, chart, targetRevision = '', tagPrefix = '' } = source
      const since = refresh ? clock.now() : notOlderThan
      const resolving =
        chart === undefined
          ? (await gitRepository(source)).resolve({ targetRevision, tagPrefix }, since)
          : (await chartRepository(repoURL ?? '')).resolve(chart, targetRevision, since)
      return abortable(resolving, signal)
    },
    async tree(source, revision, signal) {
      if (source.chart === undefined) return (await gitRepository(source)).tree(revision, signal)
      return (await chartRepository(source.repoURL ?? '')).tree(source.chart, revision, signal)
    },
    async commit(source, revision, signal) {
      return source.chart === undefined ? (await gitRepository(source)).commit(revision, signal) : undefined
    },
    async signature(source, revision, { keys, signal }) {
      return source.chart === undefined ? (await gitRepository(source)).signature(revision, keys, signal) : undefined
    },
    async check(repoURL) {
      const isAddress = /^[a-z][a-z0-9+.-]*:\/\/|^\/|@/i.test(repoURL)
      // A registry may be written without a scheme.
      await checkReachable(parseAddress(isAddress ? repoURL : `oci://${repoURL}`), allowLocal)
    },
    async refs(repoURL, { refresh = false, notOlderThan = 0, signal } = {}) {
      const repository = await gitRepository({ repoURL })
      return abortable(repository.refs(refresh ? clock.now() : notOlderThan), signal)
    },
    async charts(repoURL) {
      await checkReachable(parseAddress(repoURL), allowLocal)
      counters.listings++
      return openHelmIndex(repoURL, downloader).charts()
    },
    async ociTags(repoURL) {
      const path = repoURL.replace(/^oci:\/\//i, '').replace(/\/+$/, '')
      await checkReachable(parseAddress(`oci://${path}`), allowLocal)
      counters.listings++
      const slash = path.lastIndexOf('/')
      if (slash < 0) {
        const message = `${withoutPassword(repoURL)} names a registry and no repository of it: write oci://HOST/PATH`
        throw new StageError('source', message, { retry: false })
      }
      return openOciRegistry(path.slice(0, slash), downloader).versions(path.slice(slash + 1))
    },
    publicKeys: openPublicKeys(join(cacheDir, 'keyrings')),
    async download(url, signal) {
      const known = downloads.get(url)
      if (known && clock.now() - known.at < intervalMs) return abortable(known.content, signal)
      const content = downloader.get(url, { limit: downloadLimit }).then(({ status, body }) => {
        if (status === 200) return body
        throw new StageError('source', `${url} answers ${status}: check the address`, { retry: status >= 500 })
      })
      content.catch(() => downloads.delete(url))
      downloads.set(url, { at: clock.now(), content })
      return abortable(content, signal)
    },
    invalidate(repoURL) {
      gitRepositories.get(keyOf(repoURL))?.invalidate()
      chartRepositories.get(keyOf(repoURL))?.invalidate()
    },
    async close() {
      for (const repository of gitRepositories.values()) repository.close()
      gitRepositories.clear()
      await downloader.close()
    },
  }
}

function keyOf(url: string): string {
  return url.replace(/\/+$/, '')
}
