/** Changing and deleting single objects of an Application. */
import { routes } from '../../contract/index.ts'
import { maskSecretsAnd } from '../../diff/mask-secret.ts'
import type { DeleteOptions, PatchOptions } from '../../kube/kube-client.ts'
import { isConflict, KubeError } from '../../kube/kube-error.ts'
import { describeKey, isSecret, messageOf, stringifyJson } from '../../model/index.ts'
import { ApiError } from '../api-error.ts'
import { audit } from '../audit/audit.ts'
import type { Call } from '../call.ts'
import { parseGivenJson } from '../given-json.ts'
import { type Handler, handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { questionOf } from './find-application.ts'
import { type FoundResource, findResource, rightFor, versionOf } from './find-resource.ts'

const fieldManager = 'argocd-server'

export function applicationObjectWriteHandlers(services: Services): Handler[] {
  const { controlPlane } = services
  const objectOf = ({ application }: FoundResource) => questionOf(application, 'get', controlPlane.namespace).object

  return [
    handler(routes.applications.patchResource, async (call) => {
      const type = patchType(call.query.patchType)
      const named = { ...call.query, ...call.params }
      const found = await findResource(call as Call, { named, action: (key) => rightFor('update', key) }, services)
      const patched = await patchLive(found, { patch: parsedPatch(call.body), type })
      const { group, kind, name } = found.key
      const change = { reason: 'ResourceUpdated', did: `patched resource ${group}/${kind} '${name}'` } as const
      const sides = { before: found.live, after: patched }
      await audit(call, { ...change, object: objectOf(found), subject: found.application, ...sides }, services)
      const [masked] = maskSecretsAnd(services.stages.settings.diff.maskedAnnotations, patched)
      return { manifest: stringifyJson(masked) }
    }),
    handler(routes.applications.deleteResource, async (call) => {
      const named = { ...call.query, ...call.params }
      const found = await findResource(call as Call, { named, action: (key) => rightFor('delete', key) }, services)
      const { key, cluster, live } = found
      const preconditions = { uid: live.metadata.uid ?? '' }
      const target = { ...key, version: versionOf(key, cluster) }
      await cluster.client.delete(target, { ...deletion(call.query), preconditions })
      const did = `deleted resource ${key.group}/${key.kind} '${key.name}'`
      const subject = found.application
      await audit(call, { reason: 'ResourceDeleted', did, object: objectOf(found), subject }, services)
      return {}
    }),
  ]
}

const patchTypes: Record<string, PatchOptions['type']> = {
  merge: 'merge',
  json: 'json',
  strategic: 'strategic',
  'application/merge-patch+json': 'merge',
  'application/json-patch+json': 'json',
  'application/strategic-merge-patch+json': 'strategic',
}

function patchType(text = 'merge'): PatchOptions['type'] {
  const type = Object.hasOwn(patchTypes, text) ? patchTypes[text] : undefined
  if (type) return type
  throw new ApiError('InvalidArgument', `Patch type '${text}' is not supported: use merge, json or strategic`)
}

function parsedPatch(text: string): unknown {
  try {
    return parseGivenJson(text)
  } catch (error) {
    throw new ApiError('InvalidArgument', `the patch is not JSON: ${messageOf(error)}`)
  }
}

async function patchLive(
  { key, cluster, live }: FoundResource,
  { patch, type }: { patch: unknown; type: PatchOptions['type'] },
) {
  const target = { ...key, version: versionOf(key, cluster) }
  try {
    return await cluster.client.patch(target, patch, { type, fieldManager })
  } catch (error) {
    if (isConflict(error))
      throw new ApiError('Aborted', `${describeKey(key)} has been changed meanwhile: look at it anew`)
    // What a server refuses it repeats, and the patch of a Secret is as secret as the Secret.
    if (!isSecret(live) || !(error instanceof KubeError)) throw error
    throw new ApiError('InvalidArgument', `the cluster refuses to patch ${describeKey(key)}: ${error.reason}`)
  }
}

function deletion({ force, orphan }: { force?: boolean; orphan?: boolean }): DeleteOptions {
  if (orphan) return { propagationPolicy: 'Orphan' }
  return force ? { propagationPolicy: 'Background', gracePeriodSeconds: 0 } : { propagationPolicy: 'Foreground' }
}
