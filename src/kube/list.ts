/** Lists page by page, so that a huge collection is never in memory as one text. */
import type { KubeObject } from '../model/index.ts'
import type { ApiResource, ListOptions, ListPage } from './kube-client.ts'
import { Expired } from './kube-error.ts'
import { apiVersionOf, resourcePath } from './resource-path.ts'
import type { Transport } from './transport.ts'

const pageSize = 500

const metadataList = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json'

interface ListAnswer {
  metadata?: { resourceVersion?: string; continue?: string }
  items?: KubeObject[] | null
}

/** Throws Expired when the server forgot the snapshot between two pages. */
export async function* listPages(
  transport: Transport,
  resource: ApiResource,
  options: ListOptions = {},
): AsyncGenerator<ListPage> {
  const { namespace, limit = pageSize, signal, attempts } = options
  const path = resourcePath(resource, { namespace })
  const accept = options.metadataOnly ? metadataList : undefined
  for (let token = ''; ; ) {
    const query = selectors(options)
    if (limit > 0) query.set('limit', String(limit))
    if (token) query.set('continue', token)
    const call = { verb: 'list', method: 'GET', path, query, accept, signal, attempts } as const
    const { metadata = {}, items } = (await transport.json(call)) as ListAnswer
    if (metadata.resourceVersion === undefined) throw new Expired(`the list of ${resource.resource} has no version`)
    const complete = (items ?? []).map((item) => withKind(item, resource))
    yield { resourceVersion: metadata.resourceVersion, items: complete, last: !metadata.continue }
    if (!metadata.continue) return
    token = metadata.continue
  }
}

export function selectors({ labelSelector, fieldSelector }: ListOptions): URLSearchParams {
  const query = new URLSearchParams()
  if (labelSelector) query.set('labelSelector', labelSelector)
  if (fieldSelector) query.set('fieldSelector', fieldSelector)
  return query
}

/** Items of a list, and objects reduced to their metadata, do not say what kind they are. */
export function withKind(object: KubeObject, resource: ApiResource): KubeObject {
  if (object.kind === resource.kind && object.apiVersion) return object
  return { ...object, apiVersion: apiVersionOf(resource), kind: resource.kind }
}
