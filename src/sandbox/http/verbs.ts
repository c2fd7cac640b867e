/** The verbs: each reads its own options and body and calls the lifecycle. */

import { authorizeVerb } from '../access/authorize.ts'
import { answerReview, isReview } from '../access/reviews.ts'
import { requestToken } from '../access/token-request.ts'
import { groupVersion } from '../discovery/resource.ts'
import { bindPod } from '../lifecycle/binding.ts'
import type { Call, Cluster } from '../lifecycle/cluster.ts'
import { createObject } from '../lifecycle/create.ts'
import { disruptionRefusal } from '../lifecycle/eviction.ts'
import { trackAs } from '../lifecycle/ownership.ts'
import { getObject, type ListOptions, listObjects } from '../lifecycle/read.ts'
import { deleteObject } from '../lifecycle/remove.ts'
import { strategyOf } from '../lifecycle/strategy.ts'
import { checkName, updateObject } from '../lifecycle/update.ts'
import type { KubeObject } from '../object.ts'
import { tooLargeRevision } from '../refusal.ts'
import { parseFieldSelector } from '../store/field-selector.ts'
import { parseLabelSelector } from '../store/label-selector.ts'
import type { Answer } from './answer.ts'
import { bodyStrategy, readDeleteBody, readObject } from './body.ts'
import { patchObject } from './patch.ts'
import { podLog, upgradeNeeded } from './pod-streams.ts'
import { type DeleteBody, deleteOptions, type ListQuery, listQuery, writeOptions } from './query.ts'
import type { ApiRequest } from './request.ts'
import type { ResourceRoute } from './route.ts'
import { getScale, patchScale, putScale } from './scale.ts'

export type Verb = (cluster: Cluster, call: Call, request: ApiRequest, route: ResourceRoute) => Answer

function selectors(cluster: Cluster, call: Call, query: ListQuery) {
  const { selectableFields } = strategyOf(cluster.store, call.resource).kind
  return {
    labels: parseLabelSelector(query.labelSelector),
    fields: parseFieldSelector(query.fieldSelector, {
      apiVersion: groupVersion(call.resource),
      fields: selectableFields,
    }),
  }
}

function scope(call: Call): string | undefined {
  return call.namespace === '' ? undefined : call.namespace
}

function list(cluster: Cluster, call: Call, request: ApiRequest, route: ResourceRoute): Answer {
  const query = listQuery(request.query, route.isWatchPath)
  const { resource } = call
  const { labels, fields } = selectors(cluster, call, query)
  if (!query.isWatch) {
    const options: ListOptions = { ...query, namespace: scope(call), labels, fields }
    return { kind: 'list', resource, ...listObjects(cluster, resource, options) }
  }
  if (route.name !== '') fields.push(...parseFieldSelector(`metadata.name=${route.name}`, { apiVersion: '' }))
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
  const asked = request.query.get('resourceVersion') ?? ''
  if (Number(asked) > cluster.store.revision) throw tooLargeRevision(asked, cluster.store.revision)
  return { kind: 'object', code: 200, object: getObject(cluster, call.resource, call), resource: call.resource }
}

function create(cluster: Cluster, call: Call, request: ApiRequest): Answer {
  const options = writeOptions(request.query, 'CreateOptions')
  call.dryRun = options.dryRun
  const body = readObject(cluster, call, request, options)
  const object = isReview(call) ? answerReview(cluster, call, body) : createObject(cluster, call, body)
  return { kind: 'object', code: 201, object, resource: call.resource }
}

/** A few kinds come into being by a PUT to where they are not. */
function createByUpdate(cluster: Cluster, call: Call, body: KubeObject): Answer {
  checkName(call, body)
  authorizeVerb(cluster, call, 'create')
  delete body.metadata.resourceVersion
  return { kind: 'object', code: 201, object: createObject(cluster, call, body), resource: call.resource }
}

function update(cluster: Cluster, call: Call, request: ApiRequest): Answer {
  const options = writeOptions(request.query, 'UpdateOptions')
  call.dryRun = options.dryRun
  const body = readObject(cluster, call, request, options)
  const { kind } = strategyOf(cluster.store, call.resource)
  const exists = cluster.store.bucket(call.resource.bucket).get(call.namespace, call.name) !== undefined
  if (!exists && kind.createsOnUpdate) return createByUpdate(cluster, call, body)
  const versionRequired = kind.needsResourceVersion === true
  const object = updateObject(cluster, call, { next: () => body, versionRequired, isPut: true })
  return { kind: 'object', code: 200, object, resource: call.resource }
}

function patch(cluster: Cluster, call: Call, request: ApiRequest): Answer {
  const { code, object } = patchObject(cluster, call, request)
  return { kind: 'object', code, object, resource: call.resource }
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
  const chosen = listObjects(cluster, resource, {
    ...query,
    namespace: scope(call),
    ...selectors(cluster, call, query),
  })
  for (const { metadata } of chosen.items) {
    const { namespace = '', name = '' } = metadata
    deleteObject(cluster, { ...call, dryRun, namespace, name }, options)
  }
  return { kind: 'list', resource, ...chosen }
}

function successStatus(code: number): KubeObject {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code }
}

function bind(cluster: Cluster, call: Call, request: ApiRequest): Answer {
  const body = readObject(cluster, call, request, writeOptions(request.query, 'CreateOptions'))
  bindPod(cluster, call, (body.target as { name?: string } | undefined)?.name ?? '')
  return { kind: 'object', code: 201, object: successStatus(201) }
}

/** An eviction is a delete that a disruption budget may refuse. */
function evict(cluster: Cluster, call: Call, request: ApiRequest): Answer {
  const body = readObject(cluster, call, request, writeOptions(request.query, 'CreateOptions'))
  const refused = disruptionRefusal(cluster, call)
  if (refused) throw refused
  deleteObject(cluster, call, (body.deleteOptions ?? {}) as DeleteBody)
  return { kind: 'object', code: 201, object: successStatus(201) }
}

function token(cluster: Cluster, call: Call, request: ApiRequest): Answer {
  const options = writeOptions(request.query, 'CreateOptions')
  const body = readObject(cluster, call, request, options)
  const spec = (body.spec ?? {}) as { expirationSeconds?: number | null }
  body.spec = { ...spec, expirationSeconds: spec.expirationSeconds ?? 3600 }
  trackAs(bodyStrategy(cluster, call), cluster, call, { after: body })
  return { kind: 'object', code: 201, object: requestToken(cluster, call, body) }
}

export const collectionVerbs: Record<string, Verb> = { GET: list, POST: create, DELETE: removeCollection }
export const objectVerbs: Record<string, Verb> = { GET: get, PUT: update, PATCH: patch, DELETE: remove }
export const subresourceVerbs: Record<string, Record<string, Verb>> = {
  status: { GET: get, PUT: update, PATCH: patch },
  token: { POST: token },
  scale: { GET: getScale, PUT: putScale, PATCH: patchScale },
  binding: { POST: bind },
  eviction: { POST: evict },
  finalize: { PUT: update },
  log: { GET: podLog },
  exec: { GET: upgradeNeeded, POST: upgradeNeeded },
  attach: { GET: upgradeNeeded, POST: upgradeNeeded },
}
