/** The bodies of writes: their media types, and what is made of them. */
import type { Call } from '../lifecycle/cluster.ts'
import type { KubeObject } from '../object.ts'
import { badRequest, unsupportedMediaType } from '../refusal.ts'
import type { DeleteBody, WriteOptions } from './query.ts'
import { type ApiRequest, mediaType } from './request.ts'

export const bodyLimit = 3 * 1024 * 1024

const accepted = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf']

/** The object in a POST or PUT. */
export function readObject(_call: Call, request: ApiRequest, _options: WriteOptions): KubeObject {
  const type = mediaType(request) || 'application/json'
  if (type !== 'application/json' && type !== 'application/yaml') throw unsupportedMediaType(accepted)
  const object = JSON.parse(request.body) as KubeObject
  object.metadata ??= {}
  return object
}

export function readDeleteBody(request: ApiRequest): DeleteBody | undefined {
  if (request.body === '') return undefined
  const body = JSON.parse(request.body) as DeleteBody
  if (body.kind !== undefined && body.kind !== 'DeleteOptions') {
    throw badRequest(
      `no kind "${body.kind}" is registered for version "${body.apiVersion}" in scheme "k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:27"`,
    )
  }
  return body
}
