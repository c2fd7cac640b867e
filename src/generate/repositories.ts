/** The Git repositories that generators read. Pure. */
import { type Dict, isDict } from '../template/index.ts'

/** Those within others among them; an address that is made by a template is none that is known. */
export function repositoriesOf(entries: Dict[]): string[] {
  return entries.flatMap((entry) =>
    Object.values(entry).flatMap((spec) => {
      if (!isDict(spec)) return []
      const inner = Array.isArray(spec.generators) ? repositoriesOf(spec.generators.filter(isDict)) : []
      return typeof spec.repoURL === 'string' ? [spec.repoURL, ...inner] : inner
    }),
  )
}
