/** PATCH: which kind of patch it is, and the update it amounts to. */
import type { Call, Cluster } from '../lifecycle/cluster.ts'
import { updateObject } from '../lifecycle/update.ts'
import type { JsonObject, KubeObject } from '../object.ts'
import { StatusError } from '../status.ts'
import { writeOptions } from './query.ts'
import { type ApiRequest, mediaType } from './request.ts'

function mergePatch(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch
  const base = typeof target === 'object' && target !== null && !Array.isArray(target) ? target : {}
  const result: JsonObject = { ...(base as JsonObject) }
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key]
    else result[key] = mergePatch(result[key], value) as JsonObject
  }
  return result
}

export function patchObject(cluster: Cluster, call: Call, request: ApiRequest): { code: number; object: KubeObject } {
  const type = mediaType(request)
  const options = writeOptions(request.query, 'PatchOptions', type === 'application/apply-patch+yaml')
  call.dryRun = options.dryRun
  if (type !== 'application/merge-patch+json') {
    throw new StatusError({
      message: '415: Unsupported Media Type',
      reason: 'UnsupportedMediaType',
      details: {},
      code: 415,
    })
  }
  const patch: unknown = JSON.parse(request.body)
  const object = updateObject(cluster, call, {
    next: (old) => structuredClone(mergePatch(old, patch)) as KubeObject,
  })
  return { code: 200, object }
}
