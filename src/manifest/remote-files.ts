/** What a source refers to elsewhere (remote bases, chart dependencies, value files by address), fetched by the caller's means. */
import { createHash } from 'node:crypto'
import { type ApplicationSource, type SourceTree, StageError } from '../model/index.ts'

/** The `ReferredSources` that rendering needs; without it, everything remote is refused. */
export interface Remote {
  resolve(source: ApplicationSource, options: { signal?: AbortSignal }): Promise<{ revision: string }>
  tree(source: ApplicationSource, revision: string, signal?: AbortSignal): Promise<SourceTree>
  download(url: string, signal?: AbortSignal): Promise<Buffer>
  /** With whose credentials a repository is read now. */
  scopeOf(repoURL: string): string
}

/** The same for every project, with what its credentials open. */
export interface Remotes {
  referredBy(project: string): Remote
}

/** What was fetched, and a digest that tells whether it would be the same again. */
export interface RemoteObservation {
  /** A source, or the address of a file. */
  what: ApplicationSource | string
  digest: string
  /** Of a source, with whose credentials it was read: who may not use them any more is not served what they opened. */
  scope?: string
}

export interface RemoteFiles {
  open(source: ApplicationSource): Promise<SourceTree>
  download(url: string): Promise<Buffer>
  readonly observations: RemoteObservation[]
}

export function openRemoteFiles(remote: Remote | undefined, signal: AbortSignal | undefined): RemoteFiles {
  const observations: RemoteObservation[] = []
  const allowed = (what: string): Remote => {
    if (remote) return remote
    const message = `${what} is remote, and fetching for sources is turned off: copy it into the repository`
    throw new StageError('manifest', message, { retry: false })
  }
  return {
    observations,
    async open(source) {
      const { resolve, tree, scopeOf } = allowed(source.repoURL ?? '')
      const scope = scopeOf(source.repoURL ?? '')
      const { revision } = await resolve(source, signal ? { signal } : {})
      observations.push({ what: source, digest: revision, scope })
      return tree(source, revision, signal)
    },
    async download(url) {
      const content = await allowed(url).download(url, signal)
      observations.push({ what: url, digest: digestOf(content) })
      return content
    },
  }
}

/**
 * Whether everything fetched would be the same now; `unlessDown`: what cannot be asked for is taken to be. Listings and
 * files are only asked for again after some time.
 */
export async function remoteStillHolds(
  observations: RemoteObservation[],
  remote: Remote | undefined,
  { unlessDown }: { unlessDown: boolean },
): Promise<boolean> {
  for (const { what, digest, scope } of observations) {
    if (!remote) return false
    if (typeof what !== 'string' && remote.scopeOf(what.repoURL ?? '') !== scope) return false
    try {
      const now =
        typeof what === 'string' ? digestOf(await remote.download(what)) : (await remote.resolve(what, {})).revision
      if (now !== digest) return false
    } catch {
      if (!unlessDown) return false
    }
  }
  return true
}

function digestOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}
