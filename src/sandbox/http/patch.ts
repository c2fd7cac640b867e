/** PATCH: which kind of patch it is, and the update or creation that it amounts to. */

import { authorizeVerb } from '../access/authorize.ts'
import { invalid } from '../invalid.ts'
import { immutable } from '../kinds/fault.ts'
import type { Call, Cluster } from '../lifecycle/cluster.ts'
import { copyOf } from '../lifecycle/copy.ts'
import { createObject } from '../lifecycle/create.ts'
import { decodePatch } from '../lifecycle/decode.ts'
import { resetOf, versionsOf } from '../lifecycle/ownership.ts'
import { type Strategy, strategyOf } from '../lifecycle/strategy.ts'
import { checkName, updateObject } from '../lifecycle/update.ts'
import type { Json, JsonObject, KubeObject } from '../object.ts'
import { badRequest, unsupportedMediaType } from '../refusal.ts'
import { StatusError } from '../status.ts'
import { applyPatch } from '../typed/apply.ts'
import { parseApply, parsePatch } from '../typed/body.ts'
import { normalize } from '../typed/decode.ts'
import { goFormat } from '../typed/go-text.ts'
import { toSortedJson } from '../typed/json.ts'
import { patchJson } from '../typed/patch-json.ts'
import { patchMerge } from '../typed/patch-merge.ts'
import { patchStrategic } from '../typed/patch-strategic.ts'
import { type WriteOptions, writeOptions } from './query.ts'
import { type ApiRequest, mediaType } from './request.ts'

const types = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
}

function checkType(call: Call, type: string): void {
  if (!Object.values(types).includes(type)) {
    const message = '415: Unsupported Media Type'
    throw new StatusError({ message, reason: 'UnsupportedMediaType', details: {}, code: 415 })
  }
  if (call.resource.custom && type === types.strategic) {
    throw unsupportedMediaType([types.json, types.merge, types.apply])
  }
}

/** The patched value, and how a refusal shows it. */
export function patchedValue(
  target: KubeObject,
  request: ApiRequest,
  type: Strategy['type'],
): { value: Json; shown: string } {
  const mime = mediaType(request)
  const patch = parsePatch(request.body, mime)
  const document = target as unknown as JsonObject
  if (mime === types.strategic) {
    return { value: patchStrategic(document, patch as JsonObject, type), shown: goFormat(patch) }
  }
  const value = mime === types.json ? patchJson(document, patch) : patchMerge(document, patch)
  return { value, shown: toSortedJson(value) }
}

interface Patched {
  code: number
  object: KubeObject
}

function patchStored(cluster: Cluster, call: Call, request: ApiRequest, options: WriteOptions): Patched {
  const strategy = strategyOf(cluster.store, call.resource)
  const fieldValidation = options.fieldValidation || 'Warn'
  const object = updateObject(cluster, call, {
    next(old) {
      const { value, shown } = patchedValue(old, request, strategy.type)
      const { object: decoded, warnings } = decodePatch(strategy, value, { fieldValidation, shown })
      call.warnings.push(...warnings)
      return copyOf(decoded)
    },
  })
  return { code: 200, object }
}

/** An apply that names a uid means an object that is there, so that creating it would change the uid. */
function checkNewUid(call: Call, { metadata }: KubeObject): void {
  if (!metadata.uid) return
  const fault = immutable('metadata.uid', metadata.uid)
  throw invalid(call.resource, call.name, [fault, fault])
}

function applied(cluster: Cluster, call: Call, request: ApiRequest, options: WriteOptions): Patched {
  const strategy = strategyOf(cluster.store, call.resource)
  const { type, gvk } = strategy
  const { value: config, duplicates } = parseApply(request.body)
  const fieldValidation = options.fieldValidation || 'Warn'
  if (fieldValidation === 'Strict' && duplicates.faults.length > 0) throw badRequest(duplicates.faults.join(', '))
  if (fieldValidation === 'Warn') call.warnings.push(...duplicates.warnings)
  function merged(live?: KubeObject): KubeObject {
    const convert = versionsOf(cluster, call)
    const result = applyPatch({
      ...(live && { live }),
      config,
      type,
      gvk,
      manager: options.fieldManager,
      force: options.force === true,
      ...(call.subresource !== '' && { subresource: call.subresource }),
      reset: resetOf(call, strategy),
      ...(convert && { convert }),
      now: call.now,
    })
    return copyOf(normalize(result, type))
  }
  const exists = cluster.store.bucket(call.resource.bucket).get(call.namespace, call.name) !== undefined
  if (exists || call.subresource !== '') {
    return { code: 200, object: updateObject(cluster, call, { next: merged, isApplied: true }) }
  }
  authorizeVerb(cluster, call, 'create')
  const object = merged()
  checkName(call, object)
  delete object.metadata.resourceVersion
  checkNewUid(call, object)
  return { code: 201, object: createObject(cluster, call, object, true) }
}

/** Whether the body of a PATCH is a configuration to apply. */
export function isApply(request: ApiRequest): boolean {
  return mediaType(request) === types.apply
}

export function patchObject(cluster: Cluster, call: Call, request: ApiRequest): Patched {
  const type = mediaType(request)
  checkType(call, type)
  const options = writeOptions(request.query, 'PatchOptions', type === types.apply)
  call.dryRun = options.dryRun
  return type === types.apply ? applied(cluster, call, request, options) : patchStored(cluster, call, request, options)
}
