/** One object that somebody names, if it is part of the application. */
import { describeKey, type ResourceKey } from '../../model/index.ts'
import type { Stages } from '../../reconcile/stages.ts'
import { ApiError } from '../api-error.ts'
import { type TreeRequest, treeObjects } from './tree/application-tree.ts'

/** Throws InvalidArgument, in the same words whether there is no such object or only not here. */
export async function treeObject(
  request: TreeRequest,
  wanted: Partial<ResourceKey> & { uid?: string },
  stages: Stages,
) {
  const { nodes, orphaned, cluster } = treeObjects(request, stages)
  const { group = '', kind = '', namespace = '', name = '', uid } = wanted
  const found = [...nodes, ...orphaned].find(({ live }) =>
    uid === undefined
      ? live.key.group === group && live.key.kind === kind && live.key.namespace === namespace && live.key.name === name
      : live.uid === uid && live.key.name === name && live.key.namespace === namespace,
  )
  if (found) return { cluster, live: found.live }
  const what = describeKey({ group, kind: kind || 'object', namespace, name })
  throw new ApiError('InvalidArgument', `${what} is not part of the application ${request.application.metadata.name}`)
}
