/** The bodies of writes: their media types, and what is made of them. */
import { groupVersion } from '../discovery/resource.ts'
import type { Call, Cluster } from '../lifecycle/cluster.ts'
import { decodeBody } from '../lifecycle/decode.ts'
import { type Strategy, strategyOf } from '../lifecycle/strategy.ts'
import type { KubeObject } from '../object.ts'
import { badRequest, unsupportedMediaType } from '../refusal.ts'
import { parseBody } from '../typed/body.ts'
import { builtinType } from '../typed/builtin-type.ts'
import { anyType } from '../typed/type.ts'
import type { DeleteBody, WriteOptions } from './query.ts'
import { type ApiRequest, mediaType } from './request.ts'

export const bodyLimit = 3 * 1024 * 1024

const accepted = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf']

/** What a request's body is read as: the resource's own kind, or that of the subresource where it has another. */
export function bodyStrategy(cluster: Cluster, call: Call): Strategy {
  const own = strategyOf(cluster.store, call.resource)
  const entry = call.resource.subresources.get(call.subresource)
  if (!entry || entry.kind === own.gvk.kind) return own
  const { group = '', version = own.gvk.version, kind } = entry
  const gvk = { group, version, kind }
  return { gvk, kind: {}, type: builtinType(gvk) ?? anyType }
}

/** The object in a POST or PUT. */
export function readObject(cluster: Cluster, call: Call, request: ApiRequest, options: WriteOptions): KubeObject {
  const type = mediaType(request) || 'application/json'
  if (type !== 'application/json' && type !== 'application/yaml') throw unsupportedMediaType(accepted)
  const strategy = bodyStrategy(cluster, call)
  const { value, duplicates } = parseBody(request.body, type, strategy.gvk.kind)
  const fieldValidation = options.fieldValidation || 'Warn'
  const { object, warnings } = decodeBody(strategy, value, { fieldValidation, duplicates })
  call.warnings.push(...warnings)
  object.apiVersion = groupVersion(strategy.gvk)
  object.kind = strategy.gvk.kind
  return object
}

export function readDeleteBody(request: ApiRequest): DeleteBody | undefined {
  if (request.body === '') return undefined
  const body = parseBody(request.body, mediaType(request) || 'application/json').value as DeleteBody
  if (body.kind !== undefined && body.kind !== 'DeleteOptions') {
    throw badRequest(
      `no kind "${body.kind}" is registered for version "${body.apiVersion}" in scheme "k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:27"`,
    )
  }
  return body
}
