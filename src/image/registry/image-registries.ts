/** Every registry that images come from. What was asked with the same credentials is asked once for all applications. */
import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { type RepositoryConnection, StageError } from '../../model/index.ts'
import { openDownloaders } from '../../source/downloaders.ts'
import { openOciClient, registryOrigin } from '../../source/oci-client.ts'
import { checkReachable, parseAddress } from '../../source/repository-address.ts'
import { noTracer, type Tracer } from '../../trace/index.ts'
import type { ImageReference } from '../reference.ts'
import { openCourtesy } from './courtesy.ts'
import { type ImageRepository, openImageRepository } from './image-repository.ts'

export interface ImageRegistries {
  /** Throws a StageError where the registry must not be reached. */
  repository(image: ImageReference, connection: RepositoryConnection): Promise<ImageRepository>
  close(): Promise<void>
}

export interface ImageRegistriesOptions {
  /** Admits registries on this machine. */
  allowLocal: boolean
  authoritiesOf?(url: string): string | undefined
  clock: { now(): number }
  tracer?: Tracer
}

export function openImageRegistries(options: ImageRegistriesOptions): ImageRegistries {
  const { allowLocal, authoritiesOf, clock, tracer = noTracer } = options
  const downloaders = openDownloaders({ allowLocal, tracer, ...(authoritiesOf && { authoritiesOf }) })
  const courtesy = openCourtesy({ clock })
  const repositories = new LRUCache<string, ImageRepository>({ max: 2000 })

  return {
    async repository(image, connection) {
      if (connection.unsupported) throw new StageError('source', connection.unsupported, { retry: false })
      const host = hostOf(image)
      await checkReachable(parseAddress(`oci://${host}/${image.repository}`), allowLocal)
      // Nobody learns what others may read.
      const key = hashOf([host, image.repository, connection])
      const known = repositories.get(key)
      if (known) return known
      const downloader = downloaders.of(connection, registryOrigin(host, connection))
      const client = openOciClient({ host, downloader, connection, checked: 'the name of the image' })
      const opened = openImageRepository({
        client,
        courtesy,
        account: hashOf(connection),
        name: image.repository,
        clock,
      })
      repositories.set(key, opened)
      return opened
    },
    close: () => downloaders.close(),
  }
}

/** Credentials are in none of the keys. */
function hashOf(value: object): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}

/** Docker Hub answers at another name than the one that images carry. */
function hostOf({ registry }: ImageReference): string {
  return registry === 'docker.io' ? 'registry-1.docker.io' : registry
}
