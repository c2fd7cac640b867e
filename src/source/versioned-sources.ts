/** Charts of Helm repositories and of registries, and artifacts: sources of which there are versions with names. */
import { join } from 'node:path'
import { deepEqual } from 'fast-equals'
import {
  type ApplicationSource,
  type FoundConnection,
  type RepositoryConnection,
  StageError,
  withoutPassword,
} from '../model/index.ts'
import {
  type ChartOrigin,
  type ChartRepository,
  type ChartRepositoryOptions,
  openChartRepository,
  openUnpackedCharts,
} from './chart-repository.ts'
import type { Downloaders } from './downloaders.ts'
import { openHelmIndex } from './helm-index.ts'
import { registryOrigin } from './oci-client.ts'
import { openOciRegistry } from './oci-registry.ts'
import { OpenRepositories } from './open-repositories.ts'
import { isHttp, isOci, registryOf, splitArtifact } from './registry-address.ts'
import { checkReachable, parseAddress } from './repository-address.ts'

export type Find = (repoURL: string) => FoundConnection

/** A repository with the connection that counts for it now. */
export interface ReachedRepository {
  url: string
  connection: RepositoryConnection
  /** The same for whoever may share what was read. */
  key: string
  scope: string
}

export interface VersionedSourcesOptions
  extends Pick<ChartRepositoryOptions, 'clock' | 'intervalMs' | 'limits' | 'counters'> {
  cacheDir: string
  allowLocal: boolean
  downloaders: Downloaders
  reach(repoURL: string, find: Find): ReachedRepository
}

export interface VersionedSources {
  /** Where the source is a chart or an artifact: its repository, and its name there. */
  versioned(source: ApplicationSource, find: Find): Promise<[ChartRepository, string] | undefined>
  registry(path: string, connection: RepositoryConnection): ChartOrigin
  readonly open: Iterable<[key: string, repository: ChartRepository]>
}

interface Opening {
  /** Told apart from others at the same address. */
  kind: string
  origin(reached: { url: string; connection: RepositoryConnection }): ChartRepositoryOptions['origin']
}

export function openVersionedSources(options: VersionedSourcesOptions): VersionedSources {
  const { cacheDir, allowLocal, downloaders, reach, clock, intervalMs, limits, counters } = options
  const repositories = new OpenRepositories<ChartRepository>(clock, () => {})
  const unpacked = openUnpackedCharts()
  const directory = join(cacheDir, 'charts')

  async function repositoryAt(repoURL: string, find: Find, { kind, origin }: Opening): Promise<ChartRepository> {
    const { url, connection, key: place, scope } = reach(repoURL, find)
    const key = `${place}\n${kind}`
    const known = repositories.get(key)
    if (known && deepEqual(known.connection, connection)) return known.repository
    if (connection.unsupported) {
      const message = `${withoutPassword(repoURL)}: ${connection.unsupported}`
      throw new StageError('source', message, { retry: false })
    }
    // Argo CD writes registries without a scheme; helm itself with oci://.
    await checkReachable(parseAddress(isHttp(url) ? url : `oci://${registryOf(url)}`), allowLocal)
    const about = { url, scope, origin: origin({ url, connection }), directory, unpacked }
    const repository = openChartRepository({ ...about, clock, intervalMs, limits, counters })
    repositories.set(key, { repository, connection })
    return repository
  }

  function registry(path: string, connection: RepositoryConnection, artifacts = false): ChartOrigin {
    const [host = ''] = path.split('/')
    const downloader = downloaders.of(connection, registryOrigin(host, connection))
    return openOciRegistry(path, { downloader, connection, artifacts })
  }

  function chartRepository(source: ApplicationSource, find: Find): Promise<ChartRepository> {
    const passCredentials = source.helm?.passCredentials === true
    return repositoryAt(source.repoURL ?? '', find, {
      kind: passCredentials ? 'credentials are passed' : '',
      origin: ({ url, connection }) =>
        isHttp(url)
          ? openHelmIndex(url, { downloader: downloaders.of(connection, url), connection, passCredentials })
          : registry(registryOf(url), connection),
    })
  }

  function artifactRepository(repoURL: string, find: Find): Promise<ChartRepository> {
    return repositoryAt(repoURL, find, {
      kind: 'artifacts',
      origin: ({ url, connection }) => registry(splitArtifact(url).parent, connection, true),
    })
  }

  return {
    async versioned(source, find) {
      const { repoURL = '', chart } = source
      if (chart !== undefined) return [await chartRepository(source, find), chart]
      return isOci(repoURL) ? [await artifactRepository(repoURL, find), splitArtifact(repoURL).name] : undefined
    },
    registry: (path, connection) => registry(path, connection),
    open: repositories,
  }
}
