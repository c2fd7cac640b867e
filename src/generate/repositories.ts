/** The Git repositories that generators read. Pure. */
import { type Dict, isDict } from '../template/index.ts'

export interface ReadRepository {
  repoURL: string
  /** Empty: its default branch. */
  revision: string
}

/** Those of generators within others among them. */
export function repositoriesOf(entries: Dict[]): ReadRepository[] {
  return entries.flatMap((entry) =>
    Object.values(entry).flatMap((spec) => {
      if (!isDict(spec)) return []
      const inner = Array.isArray(spec.generators) ? repositoriesOf(spec.generators.filter(isDict)) : []
      const { repoURL, revision } = spec
      if (typeof repoURL !== 'string') return inner
      return [{ repoURL, revision: typeof revision === 'string' ? revision : '' }, ...inner]
    }),
  )
}
