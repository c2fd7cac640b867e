/** Files that sources refer to by their address: read without credentials, and remembered for a while. */
import { StageError } from '../model/index.ts'
import { abortable } from './abortable.ts'
import type { Downloaders } from './downloaders.ts'
import { openDownloads } from './downloads.ts'
import type { Clock } from './git-listing.ts'

export interface FilesByAddress {
  /** Not older than the poll interval. Throws a StageError that says why it cannot be read. */
  read(url: string, project: string, signal?: AbortSignal): Promise<Buffer>
}

export interface FilesByAddressOptions {
  downloaders: Downloaders
  /** Whether files of the host may be read for a project although its address is private. */
  admitsHost(host: string, project: string): boolean
  clock: Clock
  intervalMs: number
}

const mostBytes = 10 * 1024 * 1024

export function openFilesByAddress({
  downloaders,
  admitsHost,
  clock,
  intervalMs,
}: FilesByAddressOptions): FilesByAddress {
  const downloads = openDownloads()
  return {
    async read(url, project, signal) {
      // What one project is admitted to, another need not be.
      const key = `${project} ${url}`
      const known = downloads.get(key)
      if (known && clock.now() - known.at < intervalMs) return abortable(known.content, signal)
      const admitsPrivate = (host: string) => admitsHost(host, project)
      const content = downloaders.usual.get(url, { limit: mostBytes, admitsPrivate }).then(({ status, body }) => {
        if (status === 200) return body
        throw new StageError('source', `${url} answers ${status}: check the address`, { retry: status >= 500 })
      })
      downloads.keep(key, { at: clock.now(), content })
      return abortable(content, signal)
    },
  }
}
