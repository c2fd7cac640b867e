/** The ways in which an application can be looked at, each with an address; and what narrows down the one that is open. */
import { useMemo } from 'react'
import { Link, useLocation, useSearchParams } from 'wouter'
import { withSearch } from '../../lib/paths.ts'
import { changed, useSearchState } from '../../lib/search-state.ts'
import { classes } from '../../ui/classes.ts'
import { type View, views } from './deep-link.ts'
import { useTexts } from './texts.ts'
import { facetsOf } from './tree/filter.ts'
import { FilterBar, filterIn } from './tree/filter-bar.tsx'
import type { GraphNode } from './tree/graph.ts'
import styles from './view-links.module.css'

export interface ViewLinksProps {
  view: View
  root: GraphNode | undefined
  orphans: GraphNode | undefined
}

const filtered: View[] = ['tree', 'list']

export function ViewLinks({ view, root, orphans }: ViewLinksProps) {
  const t = useTexts()
  const [path] = useLocation()
  const [params] = useSearchParams()
  const facets = useMemo(() => root && facetsOf(root), [root])
  return (
    <div className={styles.bar}>
      <nav className={styles.views} aria-label={t.viewsLabel}>
        {views.map((one) => (
          <Link
            key={one}
            className={classes(styles.view, one === view && styles.here)}
            aria-current={one === view ? 'page' : undefined}
            href={withSearch(
              path,
              Object.fromEntries(changed(params, { view: one === 'tree' ? undefined : one, rollback: undefined })),
            )}
          >
            {t.views[one]}
          </Link>
        ))}
      </nav>
      {facets && filtered.includes(view) && <FilterBar facets={facets} orphans={orphans?.children.length ?? 0} />}
    </div>
  )
}

export function useFilter() {
  const search = useSearchState()
  return filterIn(search)
}
