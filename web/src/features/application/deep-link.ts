/** What the address of the page says is open; also as links made for Argo CD say it. Pure. */

import { parseResourceParameter, resourceParameter } from '../../lib/paths.ts'
import type { SearchState } from '../../lib/search-state.ts'

export const views = ['tree', 'list', 'network', 'pods', 'changes', 'versions', 'timeline', 'history'] as const
export type View = (typeof views)[number]

export interface Shown {
  view: View
  /** The object whose panel is open. */
  resource: string | undefined
  isSyncOpen: boolean
  isOperationOpen: boolean
  isEditorOpen: boolean
  showsConditions: boolean
}

export function shownBy({ get }: Pick<SearchState, 'get'>): Shown {
  const view = views.find((one) => one === get('view'))
  return {
    view: view ?? (get('rollback') === undefined ? 'tree' : 'history'),
    resource: resourceOf(get('resource')) ?? resourceOf(withoutContainer(get('node'))),
    isSyncOpen: get('deploy') !== undefined,
    isOperationOpen: get('operation') === 'true',
    isEditorOpen: get('edit') === 'true',
    showsConditions: get('conditions') === 'true',
  }
}

function resourceOf(text: string | undefined): string | undefined {
  const address = parseResourceParameter(text)
  return address && resourceParameter(address)
}

/** Argo CD says with a number at the end which container is meant. */
function withoutContainer(text: string | undefined): string | undefined {
  const parts = text?.split('/') ?? []
  return parts.length > 4 && /^\d+$/.test(parts.at(-1) ?? '') ? parts.slice(0, -1).join('/') : text
}

/** Argo CD keeps its filters in `resource`, such as `kind:Pod,sync:OutOfSync`; undefined where it is none. */
export function argoFilters(text: string | undefined): Record<string, string[]> | undefined {
  if (!text || resourceOf(text)) return undefined
  const filters: Record<string, string[]> = {}
  for (const part of text.split(',')) {
    const [name = '', value = ''] = part.split(':')
    if (!['kind', 'sync', 'health', 'name'].includes(name) || value === '') continue
    filters[name] = [...(filters[name] ?? []), value]
  }
  return Object.keys(filters).length > 0 ? filters : undefined
}
