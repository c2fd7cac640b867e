/** Get and list: which objects, as of which revision, and where the next page begins. */
import type { Resource } from '../discovery/resource.ts'
import type { KubeObject } from '../object.ts'
import { badRequest, expired, notFound, tooLargeRevision } from '../refusal.ts'
import { type Bucket, keyOf } from '../store/bucket.ts'
import { decodeContinue, encodeContinue } from '../store/continue-token.ts'
import { type FieldRequirement, fieldsMatch } from '../store/field-selector.ts'
import { labelsMatch, type Requirement } from '../store/label-selector.ts'
import type { Cluster } from './cluster.ts'
import { presented } from './convert.ts'

export interface ListOptions {
  /** Absent: all namespaces. */
  namespace?: string
  labels: Requirement[]
  fields: FieldRequirement[]
  limit: number
  continue: string
  resourceVersion: string
  resourceVersionMatch: string
}

export interface ListMeta {
  resourceVersion: string
  continue?: string
  remainingItemCount?: number
}

export interface ObjectList {
  metadata: ListMeta
  items: readonly KubeObject[]
}

export function getObject(cluster: Cluster, resource: Resource, at: { namespace: string; name: string }): KubeObject {
  const found = cluster.store.bucket(resource.bucket).get(at.namespace, at.name)
  if (!found) throw notFound(resource, at.name)
  return presented(cluster, resource, found)
}

export function matches(object: KubeObject, labels: Requirement[], fields: FieldRequirement[]): boolean {
  return labelsMatch(labels, object.metadata.labels) && fieldsMatch(fields, object)
}

const inconsistent =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.'

/** The revision that a list shall show, and the key after which it begins. */
function startOf(cluster: Cluster, bucket: Bucket, options: ListOptions): { revision: number; after: string } {
  const { revision: current } = cluster.store
  if (options.continue !== '') {
    if (options.resourceVersion !== '' && options.resourceVersion !== '0') {
      throw badRequest('specifying resource version is not allowed when using continue')
    }
    const { revision, after } = decodeContinue(options.continue)
    if (revision < 0) return { revision: current, after }
    if (revision < bucket.compacted) throw continueExpired(after)
    return { revision, after }
  }
  const asked = Number(options.resourceVersion || 0)
  if (asked > current) throw tooLargeRevision(options.resourceVersion, current)
  if (options.resourceVersionMatch !== 'Exact') return { revision: current, after: '' }
  if (asked < bucket.compacted) throw expired('The resourceVersion for the provided list is too old.')
  return { revision: asked, after: '' }
}

function continueExpired(after: string) {
  const error = expired(inconsistent)
  error.status.metadata = { continue: encodeContinue({ revision: -1, after }) }
  return error
}

export function listObjects(cluster: Cluster, resource: Resource, options: ListOptions): ObjectList {
  const bucket = cluster.store.bucket(resource.bucket)
  const { revision, after } = startOf(cluster, bucket, options)
  const all =
    revision === cluster.store.revision ? bucket.list(options.namespace) : bucket.listAt(revision, options.namespace)
  const keyFor = options.namespace ? (object: KubeObject) => object.metadata.name ?? '' : keyOf
  const rest = after === '' ? all : all.filter((object) => keyFor(object) > after)
  const selects = options.labels.length + options.fields.length > 0
  const chosen = selects
    ? rest.filter((object) => matches(presented(cluster, resource, object), options.labels, options.fields))
    : rest
  const metadata: ListMeta = { resourceVersion: String(revision) }
  if (options.limit <= 0 || chosen.length <= options.limit) return { metadata, items: chosen }
  const items = chosen.slice(0, options.limit)
  const last = items.at(-1)
  metadata.continue = encodeContinue({ revision, after: last ? keyFor(last) : '' })
  if (!selects) metadata.remainingItemCount = chosen.length - items.length
  return { metadata, items }
}
