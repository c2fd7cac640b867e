/** The verbs: each reads its own options and body and calls the lifecycle. */
import { answerReview, isReview } from '../access/reviews.ts'
import { requestToken } from '../access/token-request.ts'
import type { Call, Cluster } from '../lifecycle/cluster.ts'
import { createObject } from '../lifecycle/create.ts'
import { getObject, type ListOptions, listObjects } from '../lifecycle/read.ts'
import { deleteObject } from '../lifecycle/remove.ts'
import { updateObject } from '../lifecycle/update.ts'
import type { KubeObject } from '../object.ts'
import { parseFieldSelector } from '../store/field-selector.ts'
import { parseLabelSelector } from '../store/label-selector.ts'
import type { Answer } from './answer.ts'
import { readDeleteBody, readObject } from './body.ts'
import { patchObject } from './patch.ts'
import { deleteOptions, type ListQuery, listQuery, writeOptions } from './query.ts'
import type { ApiRequest } from './request.ts'
import type { ResourceRoute } from './route.ts'

export type Verb = (cluster: Cluster, call: Call, request: ApiRequest, route: ResourceRoute) => Answer

function selectors(call: Call, query: ListQuery) {
  return {
    labels: parseLabelSelector(query.labelSelector),
    fields: parseFieldSelector(query.fieldSelector, call.resource),
  }
}

function scope(call: Call): string | undefined {
  return call.namespace === '' ? undefined : call.namespace
}

function list(cluster: Cluster, call: Call, request: ApiRequest, route: ResourceRoute): Answer {
  const query = listQuery(request.query, route.isWatchPath)
  const { resource } = call
  const { labels, fields } = selectors(call, query)
  if (!query.isWatch) {
    const options: ListOptions = { ...query, namespace: scope(call), labels, fields }
    return { kind: 'list', resource, ...listObjects(cluster, resource, options) }
  }
  if (route.name !== '') fields.push({ field: 'metadata.name', equal: true, value: route.name })
  const watch = {
    resource,
    namespace: scope(call),
    labels,
    fields,
    resourceVersion: query.resourceVersion,
    timeoutSeconds: query.timeoutSeconds ?? 1800 + Math.random() * 1800,
    bookmarks: query.allowWatchBookmarks,
    sendInitialEvents: query.sendInitialEvents,
  }
  return { kind: 'watch', watch }
}

function get(cluster: Cluster, call: Call, request: ApiRequest): Answer {
  const { resourceVersion } = listQuery(
    new URLSearchParams({ resourceVersion: request.query.get('resourceVersion') ?? '' }),
  )
  void resourceVersion
  return { kind: 'object', code: 200, object: getObject(cluster, call.resource, call), resource: call.resource }
}

function create(cluster: Cluster, call: Call, request: ApiRequest): Answer {
  const options = writeOptions(request.query, 'CreateOptions')
  call.dryRun = options.dryRun
  const body = readObject(cluster, call, request, options)
  const object = isReview(call) ? answerReview(cluster, call, body) : createObject(cluster, call, body)
  return { kind: 'object', code: 201, object, resource: call.resource, warnings: call.warnings }
}

function update(cluster: Cluster, call: Call, request: ApiRequest): Answer {
  const options = writeOptions(request.query, 'UpdateOptions')
  call.dryRun = options.dryRun
  const body = readObject(cluster, call, request, options)
  const versionRequired = call.resource.custom !== undefined || call.resource.name === 'leases'
  const object = updateObject(cluster, call, { next: () => body, versionRequired, isPut: true })
  return { kind: 'object', code: 200, object, resource: call.resource, warnings: call.warnings }
}

function patch(cluster: Cluster, call: Call, request: ApiRequest): Answer {
  const { code, object } = patchObject(cluster, call, request)
  return { kind: 'object', code, object, resource: call.resource, warnings: call.warnings }
}

function success(call: Call, object: KubeObject): KubeObject {
  const { group, name } = call.resource
  const details = { name: call.name, ...(group && { group }), kind: name, uid: object.metadata.uid }
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details }
}

/** Kinds whose storage answers a delete with the object that it removed. */
const answersWithObject = new Set([
  'serviceaccounts',
  'pods',
  'services',
  'persistentvolumeclaims',
  'persistentvolumes',
  'resourcequotas',
  'podtemplates',
])

function remove(cluster: Cluster, call: Call, request: ApiRequest): Answer {
  const { dryRun, ...options } = deleteOptions(request.query, readDeleteBody(request))
  call.dryRun = dryRun
  const { object, gone } = deleteObject(cluster, call, options)
  const asObject = !gone || answersWithObject.has(call.resource.bucket)
  return { kind: 'object', code: 200, object: asObject ? object : success(call, object), resource: call.resource }
}

function removeCollection(cluster: Cluster, call: Call, request: ApiRequest): Answer {
  const query = listQuery(request.query)
  const { dryRun, ...options } = deleteOptions(request.query, readDeleteBody(request))
  const { resource } = call
  const chosen = listObjects(cluster, resource, { ...query, namespace: scope(call), ...selectors(call, query) })
  for (const { metadata } of chosen.items) {
    const { namespace = '', name = '' } = metadata
    deleteObject(cluster, { ...call, dryRun, namespace, name }, options)
  }
  return { kind: 'list', resource, ...chosen }
}

function token(cluster: Cluster, call: Call, request: ApiRequest): Answer {
  const options = writeOptions(request.query, 'CreateOptions')
  return { kind: 'object', code: 201, object: requestToken(cluster, call, readObject(cluster, call, request, options)) }
}

export const collectionVerbs: Record<string, Verb> = { GET: list, POST: create, DELETE: removeCollection }
export const objectVerbs: Record<string, Verb> = { GET: get, PUT: update, PATCH: patch, DELETE: remove }
export const subresourceVerbs: Record<string, Record<string, Verb>> = {
  status: { GET: get, PUT: update, PATCH: patch },
  token: { POST: token },
}
