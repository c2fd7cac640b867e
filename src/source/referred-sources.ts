/** What a source refers to elsewhere, read with no more credentials than its project may use for it. */
import { type FoundConnection, StageError } from '../model/index.ts'
import type { ProjectSources } from './project-sources.ts'

export interface ReferredSources extends Pick<ProjectSources, 'resolve' | 'tree'> {
  /** A file by its address, not older than the poll interval; never with credentials. */
  download(url: string, signal?: AbortSignal): Promise<Buffer>
  /** With whose credentials it is read now. */
  scopeOf(repoURL: string): string
}

export function referredSources(
  { resolve, tree }: ProjectSources,
  { find, download }: Pick<ReferredSources, 'download'> & { find(repoURL: string): FoundConnection },
): ReferredSources {
  async function told<T>(repoURL: string, reading: Promise<T>): Promise<T> {
    try {
      return await reading
    } catch (error) {
      const { withheld } = find(repoURL)
      if (withheld === undefined || !(error instanceof StageError)) throw error
      const message = `${error.message} (its credentials were not used: ${withheld})`
      throw new StageError(error.stage, message, { retry: error.retry, cause: error })
    }
  }

  return {
    resolve: (source, options) => told(source.repoURL, resolve(source, options)),
    tree: (source, revision, signal) => told(source.repoURL, tree(source, revision, signal)),
    download,
    scopeOf: (repoURL) => find(repoURL).scope,
  }
}
