/** /openapi/v2 and /openapi/v3: what kubectl explains and validates by. */
import { asDefinition } from '../crd/definition.ts'
import { openApiIndex, openApiV2, openApiV3 } from '../crd/openapi/document.ts'
import type { Cluster } from '../lifecycle/cluster.ts'
import { definitionsBucket } from '../lifecycle/strategy.ts'
import { type Answer, json, pageNotFound } from './answer.ts'
import { notAcceptable, parseAccept } from './negotiate.ts'
import { type ApiRequest, header } from './request.ts'

const contentType = 'text/plain; charset=utf-8'

/** The documents of `path`; undefined for a path that is none of theirs. */
export function openApiAnswer(cluster: Cluster, request: ApiRequest, path: string): Answer | undefined {
  const [, root, version, ...rest] = path.split('/')
  if (root !== 'openapi' || (version !== 'v2' && version !== 'v3')) return undefined
  const definitions = cluster.store.bucket(definitionsBucket).list().map(asDefinition)
  if (version === 'v2') return rest.length === 0 ? whole(request, () => openApiV2(definitions)) : pageNotFound()
  if (rest.length === 0) return { ...json(openApiIndex(definitions)), contentType } as Answer
  const document = openApiV3(rest.join('/'), definitions)
  if (!document) return pageNotFound()
  const named = request.query.has('hash')
  return json(document.body, {
    etag: `"${document.hash}"`,
    vary: 'Accept',
    'cache-control': named ? 'public, immutable' : 'no-cache, private',
  })
}

/** Only JSON is spoken; a client that wants nothing but protobuf is told so. */
function whole(request: ApiRequest, document: () => object): Answer {
  const ranges = parseAccept(header(request, 'accept')).map(({ type }) => type)
  const accepted = ['application/json', 'application/*', '*/*']
  if (ranges.length > 0 && !ranges.some((type) => accepted.includes(type))) throw notAcceptable()
  return json(document())
}
