/** Every place that desired state is read from: finds the revision that a source means, and opens its files. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { deepEqual } from 'fast-equals'
import {
  type ApplicationSource,
  type FoundConnection,
  type RepositoryConnection,
  StageError,
  withoutPassword,
} from '../model/index.ts'
import { noTracer, type Tracer } from '../trace/index.ts'
import { abortable } from './abortable.ts'
import { commitToBranch } from './branch-writer.ts'
import { startCacheSweep } from './cache-sweep.ts'
import { testConnection } from './connection-test.ts'
import { openDownloaders } from './downloaders.ts'
import { openFilesByAddress } from './files-by-address.ts'
import { type GitLimits, openGit } from './git.ts'
import type { Clock } from './git-listing.ts'
import { type GitRepository, openGitRepository } from './git-repository.ts'
import { openGithubTokens } from './github-app.ts'
import { openHelmIndex } from './helm-index.ts'
import { OpenRepositories } from './open-repositories.ts'
import type { KnownVersion, ProjectSources, ResolveOptions } from './project-sources.ts'
import { openPublicKeys, type ReadPublicKeys } from './public-keys.ts'
import { type ReferredSources, referredSources } from './referred-sources.ts'
import { isOci, registryOf, splitArtifact } from './registry-address.ts'
import { openRemoteGit } from './remote-git.ts'
import { checkReachable, parseAddress, withoutUserinfo } from './repository-address.ts'
import { openKeyrings } from './signature.ts'
import { defaultTreeLimits, type TreeLimits } from './tree.ts'
import { type Find, openVersionedSources, type ReachedRepository } from './versioned-sources.ts'

export interface SourcesOptions {
  /** A directory of our own; everything in it can be fetched again. */
  cacheDir: string
  /** Admits repositories on the local disk and on loopback addresses. */
  allowLocal: boolean
  /** How long what a repository advertised is taken for its state. */
  pollIntervalMs?: number
  gitTimeLimitMs?: number
  gitLimits?: Partial<GitLimits>
  limits?: TreeLimits
  /** Whether submodules are empty directories; else whatever needs one is refused. */
  ignoresSubmodules?(): boolean
  clock: Clock
  tracer?: Tracer
  /** How a repository is reached for a project; without it, as the user of this machine would reach it. */
  connectionOf?(repoURL: string, project: string): FoundConnection
  /** The same for what its sources refer to elsewhere, without having been asked about. */
  referredConnectionOf?(repoURL: string, project: string): FoundConnection
  /** Whether files of the host may be read for a project although its address is private; without it, of all hosts. */
  admitsHost?(host: string, project: string): boolean
  /** PEM of those that are trusted for an address, in the place of the system's. */
  authoritiesOf?(url: string): string | undefined
}

/** By itself with the credentials that are for all projects. */
export interface Sources extends ProjectSources {
  forProject(project: string): ProjectSources
  /** What sources of the project refer to elsewhere: remote bases, dependencies of charts, files by their address. */
  referredBy(project: string): ReferredSources
  /** Throws a StageError when the address is none that may be read from. */
  check(repoURL: string): Promise<void>
  /** Connects now, with these credentials and no others. Throws a StageError that says what is wrong. */
  test(repoURL: string, connection: RepositoryConnection): Promise<void>
  /** The keys in an ASCII-armoured text, as GnuPG reads them. */
  publicKeys: ReadPublicKeys
  /** What is known of the repository is old: somebody pushed to it. */
  invalidate(repoURL: string): void
  /** Requests made so far. */
  readonly counters: { listings: number; fetches: number }
  close(): Promise<void>
}

/** The machine's own way, for who has no settings to look into. */
const unregistered: FoundConnection = { connection: {}, scope: '' }

export function openSources(options: SourcesOptions): Sources {
  const { cacheDir, allowLocal, pollIntervalMs: intervalMs = 120_000, gitTimeLimitMs = 30_000, clock } = options
  const { connectionOf = () => unregistered, authoritiesOf, tracer = noTracer } = options
  const { referredConnectionOf = connectionOf, admitsHost = () => true } = options
  const limits = options.limits ?? defaultTreeLimits
  const git = openGit({
    home: join(cacheDir, 'home'),
    allowLocal,
    timeLimitMs: gitTimeLimitMs,
    ...(options.gitLimits && { limits: options.gitLimits }),
  })
  const downloaders = openDownloaders({ allowLocal, tracer, ...(authoritiesOf && { authoritiesOf }) })
  const gitRepositories = new OpenRepositories<GitRepository>(clock, (repository) => repository.close())
  const files = openFilesByAddress({ downloaders, admitsHost, clock, intervalMs })
  const mirrorsInUse = () => new Set(gitRepositories.keys().map(mirrorName))
  const sweep = startCacheSweep({ cacheDir, mirrorsInUse })
  const counters = { listings: 0, fetches: 0 }
  const keyrings = openKeyrings(join(cacheDir, 'keyrings'))
  // GitHub's API is another host than that of the repository, with an authority of its own.
  const githubTokens = openGithubTokens({
    clock,
    downloader: (connection, url) => downloaders.of(downloaders.trusting(url, connection), url),
  })

  const charts = openVersionedSources({ cacheDir, allowLocal, clock, intervalMs, limits, counters, downloaders, reach })

  function reach(repoURL: string, find: Find): ReachedRepository {
    const { connection, scope } = find(repoURL)
    return { ...withUserinfo(repoURL, connection), key: `${keyOf(repoURL)}\n${scope}`, scope }
  }

  async function gitRepository(repoURL: string, find: Find): Promise<GitRepository> {
    const { url, connection, key } = reach(repoURL, find)
    const known = gitRepositories.get(key)
    if (known) {
      // What was refused may be granted now, and the other way round.
      if (!deepEqual(known.connection, connection)) known.repository.invalidate()
      known.connection = connection
      return known.repository
    }
    const address = parseAddress(url)
    const check = (): Promise<void> => checkReachable(address, allowLocal)
    await check()
    const directory = join(cacheDir, 'git', mirrorName(key))
    const reached = { connection }
    const connectionNow = () => entry.connection
    const remote = openRemoteGit({ git, address, githubTokens, allowLocal, tracer, connection: connectionNow })
    const repository = openGitRepository({
      git,
      remote,
      address,
      directory,
      clock,
      intervalMs,
      limits,
      ...(options.ignoresSubmodules && { ignoresSubmodules: options.ignoresSubmodules }),
      counters,
      keyrings,
      check,
    })
    // Somebody else may have come as far meanwhile; the first stays.
    const entry = gitRepositories.get(key) ?? Object.assign(reached, { repository })
    gitRepositories.set(key, entry)
    return entry.repository
  }

  const forProject = (project: string) => reading((repoURL) => connectionOf(repoURL, project))

  function referredBy(project: string): ReferredSources {
    const find = (repoURL: string) => referredConnectionOf(repoURL, project)
    return referredSources(reading(find), { find, download: (url, signal) => files.read(url, project, signal) })
  }

  function reading(find: Find): ProjectSources {
    const gitOf = ({ repoURL = '' }: ApplicationSource) => gitRepository(repoURL, find)
    const hasCommits = ({ chart, repoURL = '' }: ApplicationSource) => chart === undefined && !isOci(repoURL)
    const since = ({ refresh = false, notOlderThan = 0 }: ResolveOptions) => (refresh ? clock.now() : notOlderThan)

    return {
      async resolve(source, asked = {}) {
        const { targetRevision = '', tagPrefix = '' } = source
        const [repository, name] = (await charts.versioned(source, find)) ?? []
        const resolving =
          repository && name !== undefined
            ? repository.resolve(name, targetRevision, since(asked))
            : (await gitOf(source)).resolve({ targetRevision, tagPrefix }, since(asked))
        return abortable(resolving, asked.signal)
      },
      async tree(source, revision, signal) {
        const [repository, name] = (await charts.versioned(source, find)) ?? []
        if (repository && name !== undefined) return repository.tree(name, revision, signal)
        return (await gitOf(source)).tree(revision, signal)
      },
      async commit(source, revision, signal) {
        return hasCommits(source) ? (await gitOf(source)).commit(revision, signal) : undefined
      },
      async signature(source, revision, { keys, signal }) {
        return hasCommits(source) ? (await gitOf(source)).signature(revision, keys, signal) : undefined
      },
      async versions(source, asked = {}) {
        const [repository, name] = (await charts.versioned(source, find)) ?? []
        const listing =
          repository && name !== undefined
            ? repository.versions(name, since(asked)).then((names) => names.map((one) => versionOf(one, source)))
            : (await gitOf(source)).tags(since(asked))
        return abortable(listing, asked.signal)
      },
      async refs(repoURL, asked = {}) {
        const repository = await gitRepository(repoURL, find)
        return abortable(repository.refs(since(asked)), asked.signal)
      },
      async charts(repoURL) {
        const { url, connection } = reach(repoURL, find)
        await checkReachable(parseAddress(url), allowLocal)
        counters.listings++
        return openHelmIndex(url, { downloader: downloaders.of(connection, url), connection }).charts()
      },
      async ociTags(repoURL) {
        const { url, connection } = reach(repoURL, find)
        await checkReachable(parseAddress(`oci://${registryOf(url)}`), allowLocal)
        counters.listings++
        const { parent, name } = splitArtifact(url)
        return charts.registry(parent, connection).versions(name)
      },
      async write(repoURL, change, other) {
        const { url, connection } = other ? withUserinfo(repoURL, other) : reach(repoURL, find)
        const address = parseAddress(url)
        await checkReachable(address, allowLocal)
        if (address.transport === 'oci') throw fault(`${withoutPassword(repoURL)} is no Git repository`)
        const remote = openRemoteGit({ git, address, githubTokens, allowLocal, tracer, connection: () => connection })
        const commit = await commitToBranch({ git, remote, address, directory: join(cacheDir, 'written') }, change)
        if (commit.isNew) invalidate(repoURL)
        return commit
      },
    }
  }

  function invalidate(repoURL: string): void {
    const start = `${keyOf(repoURL)}\n`
    for (const known of [gitRepositories, charts.open]) {
      for (const [key, repository] of known) if (key.startsWith(start)) repository.invalidate()
    }
  }

  async function check(repoURL: string): Promise<void> {
    const isAddress = /^[a-z][a-z0-9+.-]*:\/\/|^\/|@/i.test(repoURL)
    // A registry may be written without a scheme.
    await checkReachable(parseAddress(isAddress ? repoURL : `oci://${repoURL}`), allowLocal)
  }

  return {
    ...forProject(''),
    counters,
    forProject,
    referredBy,
    check,
    async test(repoURL, connection) {
      await check(repoURL)
      const { url, connection: whole } = withUserinfo(repoURL, connection)
      await testConnection(url, whole, { git, githubTokens, allowLocal, downloaderFor: downloaders.of })
    },
    publicKeys: openPublicKeys(join(cacheDir, 'keyrings')),
    invalidate,
    async close() {
      gitRepositories.close()
      await sweep.close()
      await downloaders.close()
    },
  }
}

/** What stands in the address itself counts where nothing else is given, and goes no further than here. */
function withUserinfo(
  repoURL: string,
  connection: RepositoryConnection,
): { url: string; connection: RepositoryConnection } {
  const { url, userinfo } = withoutUserinfo(repoURL)
  const { password, bearerToken, githubApp } = connection
  if (!userinfo || password || bearerToken || githubApp) return { url, connection }
  const username = connection.username || userinfo.username
  return { url, connection: { ...connection, username, password: userinfo.password } }
}

/** Of a chart, a version is its own revision. */
function versionOf(name: string, { chart }: ApplicationSource): KnownVersion {
  return chart === undefined ? { name } : { name, revision: name }
}

function mirrorName(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 32)
}

function keyOf(url: string): string {
  return url.replace(/\/+$/, '')
}

function fault(message: string): StageError {
  return new StageError('source', message, { retry: false })
}
