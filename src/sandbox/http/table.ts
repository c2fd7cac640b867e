/** Tables: what `kubectl get` prints, as rows of cells made by the server. */
import type { Resource } from '../discovery/resource.ts'
import type { TableColumn } from '../kinds/kind.ts'
import { plainColumns } from '../kinds/table.ts'
import type { ListMeta } from '../lifecycle/read.ts'
import { strategyOf } from '../lifecycle/strategy.ts'
import type { KubeObject } from '../object.ts'
import { badRequest } from '../refusal.ts'
import type { Store } from '../store/store.ts'

export interface TableOptions {
  now: Date
  /** Metadata: each row holds the object's metadata; Object: all of it; None: nothing. */
  include: 'Metadata' | 'Object' | 'None'
}

/** Reads the query's includeObject. */
export function includeObject(text: string | null): TableOptions['include'] {
  if (text === null || text === '') return 'Metadata'
  if (text === 'None' || text === 'Metadata' || text === 'Object') return text
  const fault = `includeObject: Invalid value: ${JSON.stringify(text)}: must be 'Metadata', 'Object', 'None', or empty`
  throw badRequest(`Unable to convert to Table as requested: ${fault}`)
}

function columnsOf(store: Store, resource: Resource): TableColumn[] {
  return strategyOf(store, resource).kind.columns ?? plainColumns
}

function rowObject(object: KubeObject, { include }: TableOptions): unknown {
  if (include === 'None') return null
  if (include === 'Object') return object
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata }
}

/** `columns` may be left out of the later events of a watch. */
export function tableOf(
  store: Store,
  resource: Resource,
  objects: readonly KubeObject[],
  options: TableOptions & { metadata: ListMeta; withoutColumns?: boolean },
): Record<string, unknown> {
  const columns = columnsOf(store, resource)
  const columnDefinitions = columns.map(({ cell: _cell, ...definition }) => definition)
  const rows = objects.map((object) => ({
    cells: columns.map(({ cell }) => cell(object, options.now)),
    object: rowObject(object, options),
  }))
  const { metadata } = options
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: options.withoutColumns ? null : columnDefinitions,
    rows,
  }
}
