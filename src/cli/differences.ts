/** What a sync would change, asked of the server itself. */
import { type ComparisonRules, compareObject, normalise } from '../diff/index.ts'
import type { KubeClient } from '../kube/kube-client.ts'
import {
  defaultTracking,
  groupOf,
  type KubeObject,
  keyOf,
  messageOf,
  type ObjectComparison,
  trackLike,
  versionOf,
  withoutSecretValues,
} from '../model/index.ts'
import { isHook, predict } from '../sync/index.ts'

export interface DifferencesRequest {
  client: KubeClient
  objects: readonly KubeObject[]
  /** Where objects go that name no namespace. */
  namespace: string
  rules: ComparisonRules
  /** The application whose objects they are: its marks are left out of it. */
  instance?: string
  /** The same objects have been in sync: what is missing since then was removed by somebody. */
  wasSynced?: boolean
  concurrency?: number
}

/** In the order of the objects. */
export async function differences(request: DifferencesRequest): Promise<ObjectComparison[]> {
  const resources = await request.client.apiResources()
  const placed = request.objects
    .filter((object) => !isHook(object))
    .map((object) => {
      const namespaced = resources.find(groupOf(object.apiVersion), object.kind)?.namespaced ?? true
      return inNamespace(normalise(object), namespaced ? request.namespace : undefined)
    })
  const found: ObjectComparison[] = new Array(placed.length)
  const waiting = placed.entries()
  const lane = async () => {
    for (const [index, object] of waiting) found[index] = await comparison(object, request)
  }
  await Promise.all(Array.from({ length: request.concurrency ?? 8 }, lane))
  return found
}

function inNamespace(object: KubeObject, namespace: string | undefined): KubeObject {
  const { namespace: own, ...metadata } = object.metadata
  if (namespace === undefined) return { ...object, metadata }
  return { ...object, metadata: { ...metadata, namespace: own || namespace } }
}

async function comparison(object: KubeObject, request: DifferencesRequest): Promise<ObjectComparison> {
  const { client, rules, instance, wasSynced = false } = request
  const key = keyOf(object)
  try {
    const live = await client.get({ ...key, version: versionOf(object.apiVersion) })
    // How objects are tracked is a matter of the installation; its marks are no difference.
    const desired = instance && live ? trackLike(object, live, instance, defaultTracking) : object
    const server = { predict: (wanted: KubeObject) => predict(client, wanted), read: async () => live }
    const input = { desired, live, rules: rules.ignore.rulesFor(key), options: rules.options, server, wasSynced }
    return await compareObject(input)
  } catch (error) {
    const message = withoutSecretValues(messageOf(error), object)
    return { ...key, verdict: 'refused', fields: [], ignored: [], undeclared: [], message }
  }
}
