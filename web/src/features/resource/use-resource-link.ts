/** Leads from one object of the tree to another, and keeps the tab that is open. */
import type { ResourceNode } from '../../lib/api.ts'
import { resourceParameter } from '../../lib/paths.ts'
import { changed, useSearchState } from '../../lib/search-state.ts'

export function useResourceLink() {
  const search = useSearchState()
  return (node: Partial<ResourceNode>) => {
    const resource = resourceParameter(node)
    return {
      href: `?${changed(new URLSearchParams(window.location.search), { resource })}`,
      open: () => search.set({ resource }),
    }
  }
}
