/** The scale subresource: read, put, patched and applied as a Scale, written as the object it stands for. */

import { customScale, withCustomScale } from '../crd/scale.ts'
import { groupVersion } from '../discovery/resource.ts'
import { scaleOf, withScale } from '../kinds/scale.ts'
import type { Call, Cluster } from '../lifecycle/cluster.ts'
import { copyOf } from '../lifecycle/copy.ts'
import { decodePatch } from '../lifecycle/decode.ts'
import { getObject } from '../lifecycle/read.ts'
import { type Strategy, strategyOf } from '../lifecycle/strategy.ts'
import { updateObject } from '../lifecycle/update.ts'
import type { KubeObject } from '../object.ts'
import { applyPatch } from '../typed/apply.ts'
import { parseApply } from '../typed/body.ts'
import { builtinType } from '../typed/builtin-type.ts'
import { normalize } from '../typed/decode.ts'
import { trackUpdate } from '../typed/managed-fields.ts'
import { managersWithScale, type ReplicasPath, scaleManagers } from '../typed/scale-managers.ts'
import { anyType } from '../typed/type.ts'
import type { Answer } from './answer.ts'
import { readObject } from './body.ts'
import { isApply, patchedValue } from './patch.ts'
import { writeOptions } from './query.ts'
import type { ApiRequest } from './request.ts'

const gvk = { group: 'autoscaling', version: 'v1', kind: 'Scale' }

function scaleStrategy(): Strategy {
  return { gvk, kind: {}, type: builtinType(gvk) ?? anyType }
}

/** How one kind turns into a Scale and back. */
interface Scaling {
  read(object: KubeObject): KubeObject
  write(object: KubeObject, scale: KubeObject): KubeObject
  replicas: ReplicasPath
}

function scalingOf(cluster: Cluster, { resource }: Call): Scaling {
  const apiVersion = groupVersion(resource)
  const custom = strategyOf(cluster.store, resource).custom?.version.subresources?.scale
  if (!custom) return { read: scaleOf, write: withScale, replicas: { apiVersion, path: ['spec', 'replicas'] } }
  return {
    read: (object) => customScale(object, custom),
    write: (object, scale) => withCustomScale(object, custom, scale),
    replicas: { apiVersion, path: custom.specReplicasPath.replace(/^\./, '').split('.') },
  }
}

function answer(scale: KubeObject): Answer {
  const { managedFields: _, ...metadata } = scale.metadata
  return { kind: 'object', code: 200, object: { ...scale, metadata } }
}

export function getScale(cluster: Cluster, call: Call): Answer {
  return answer(scalingOf(cluster, call).read(getObject(cluster, call.resource, call)))
}

/** Makes the new Scale of the present one, managedFields included. */
type NextScale = (present: KubeObject) => KubeObject

function writeScale(cluster: Cluster, call: Call, next: NextScale): Answer {
  const { read, write, replicas } = scalingOf(cluster, call)
  const object = updateObject(cluster, call, {
    isApplied: true,
    next(old) {
      const present = read(old)
      const managers = scaleManagers(old.metadata.managedFields, replicas)
      if (managers) present.metadata.managedFields = managers
      const scale = next(present)
      const written = write(old, scale)
      const { resourceVersion, managedFields } = scale.metadata
      const owners = managersWithScale(old.metadata.managedFields, managedFields, replicas)
      written.metadata = {
        ...copyOf(old.metadata),
        resourceVersion,
        ...(owners && { managedFields: owners }),
      }
      return written
    },
  })
  return answer(read(object))
}

function tracked(call: Call, before: KubeObject, after: KubeObject): KubeObject {
  const { type } = scaleStrategy()
  const { manager, now } = call
  const managedFields = trackUpdate({ before, after, type, gvk, manager, subresource: 'scale', now })
  const { managedFields: _, ...metadata } = after.metadata
  return { ...after, metadata: { ...metadata, ...(managedFields && { managedFields }) } }
}

export function putScale(cluster: Cluster, call: Call, request: ApiRequest): Answer {
  const options = writeOptions(request.query, 'UpdateOptions')
  call.dryRun = options.dryRun
  const body = readObject(cluster, call, request, options)
  return writeScale(cluster, call, (present) => tracked(call, present, body))
}

export function patchScale(cluster: Cluster, call: Call, request: ApiRequest): Answer {
  const isApplied = isApply(request)
  const options = writeOptions(request.query, 'PatchOptions', isApplied)
  call.dryRun = options.dryRun
  const strategy = scaleStrategy()
  const { type } = strategy
  const fieldValidation = options.fieldValidation || 'Warn'
  if (!isApplied) {
    return writeScale(cluster, call, (present) => {
      const { value, shown } = patchedValue(present, request, type)
      const { object, warnings } = decodePatch(strategy, value, { fieldValidation, shown })
      call.warnings.push(...warnings)
      return tracked(call, present, object)
    })
  }
  const { value: config } = parseApply(request.body)
  const { manager, now } = call
  const force = options.force === true
  return writeScale(cluster, call, (live) =>
    normalize(applyPatch({ live, config, type, gvk, manager, force, subresource: 'scale', now }), type),
  )
}
