/** What downloads from each host: alike connections to it are shared. */
import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { RepositoryConnection } from '../model/index.ts'
import { type Downloader, type DownloaderOptions, openDownloader } from './download.ts'

export interface Downloaders {
  /** Without credentials, proxies or certificates of anybody. */
  readonly usual: Downloader
  /** `origin`: an address at the host that the connection is for. */
  of(connection: RepositoryConnection, origin: string): Downloader
  /** The connection as another host is reached with it. */
  trusting(url: string, connection: RepositoryConnection): RepositoryConnection
  close(): Promise<void>
}

export function openDownloaders(
  options: Pick<DownloaderOptions, 'allowLocal' | 'authoritiesOf' | 'tracer'>,
): Downloaders {
  const usual = openDownloader(options)
  const known = new LRUCache<string, Downloader>({ max: 500, dispose: (one) => void one.close() })

  return {
    usual,
    of(connection, origin) {
      const { insecure, authorities, clientCertificate, proxy, noProxy } = connection
      if (!insecure && !authorities && !clientCertificate && !proxy) return usual
      const parts = [new URL(origin).origin, insecure, authorities, clientCertificate, proxy, noProxy]
      const key = createHash('sha256').update(JSON.stringify(parts)).digest('hex')
      const found = known.get(key) ?? openDownloader({ ...options, connection, origin })
      known.set(key, found)
      return found
    },
    trusting(url, { authorities: _of, ...connection }) {
      const authorities = options.authoritiesOf?.(url)
      return authorities ? { ...connection, authorities } : connection
    },
    async close() {
      known.clear()
      await usual.close()
    },
  }
}
