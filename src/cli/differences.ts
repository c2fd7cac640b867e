/** What a sync would change, asked of the server itself, in words. */
import { fieldDrifts, normalise } from '../diff/index.ts'
import type { KubeClient } from '../kube/kube-client.ts'
import {
  defaultTracking,
  describeKey,
  type FieldAuthor,
  type FieldDrift,
  groupOf,
  type KubeObject,
  keyOf,
  messageOf,
  type ResourceKey,
  trackLike,
  versionOf,
} from '../model/index.ts'
import { isHook, predict } from '../sync/index.ts'

export interface ResourceDifference extends ResourceKey {
  difference: 'missing' | 'changed' | 'extra' | 'refused'
  fields: FieldDrift[]
  /** What the server said when it would not apply the object. */
  message?: string
}

export interface DifferencesRequest {
  client: KubeClient
  objects: readonly KubeObject[]
  /** Where objects go that name no namespace. */
  namespace: string
  /** The application whose objects they are: its marks are left out of it. */
  instance?: string
  concurrency?: number
}

/** In the order of the objects; what would not change is left out. */
export async function differences(request: DifferencesRequest): Promise<ResourceDifference[]> {
  const resources = await request.client.apiResources()
  const placed = request.objects
    .filter((object) => !isHook(object))
    .map((object) => {
      const namespaced = resources.find(groupOf(object.apiVersion), object.kind)?.namespaced ?? true
      return inNamespace(normalise(object), namespaced ? request.namespace : undefined)
    })
  const found: (ResourceDifference | undefined)[] = new Array(placed.length)
  const waiting = placed.entries()
  const lane = async () => {
    for (const [index, object] of waiting) found[index] = await difference(object, request)
  }
  await Promise.all(Array.from({ length: request.concurrency ?? 8 }, lane))
  return found.filter((entry) => entry !== undefined)
}

function inNamespace(object: KubeObject, namespace: string | undefined): KubeObject {
  const { namespace: own, ...metadata } = object.metadata
  if (namespace === undefined) return { ...object, metadata }
  return { ...object, metadata: { ...metadata, namespace: own || namespace } }
}

async function difference(
  object: KubeObject,
  { client, instance }: DifferencesRequest,
): Promise<ResourceDifference | undefined> {
  const key = keyOf(object)
  try {
    const live = await client.get({ ...key, version: versionOf(object.apiVersion) })
    if (!live) return { ...key, difference: 'missing', fields: [] }
    // How objects are tracked is a matter of the installation; its marks are no difference.
    const desired = instance ? trackLike(object, live, instance, defaultTracking) : object
    const fields = fieldDrifts({ desired, live, predicted: await predict(client, desired) })
    return fields.length > 0 ? { ...key, difference: 'changed', fields } : undefined
  } catch (error) {
    return { ...key, difference: 'refused', fields: [], message: messageOf(error) }
  }
}

const words: Record<ResourceDifference['difference'], string> = {
  missing: 'would be created',
  changed: 'would be changed',
  extra: 'would be pruned',
  refused: 'would be refused',
}

export function describeDifference({ difference, fields, message, ...key }: ResourceDifference): string {
  const lines = fields.map(({ path, desired, live, author }) => {
    const who = author ? `    last set by ${authorText(author)}\n` : ''
    return `  ${path}\n    - ${valueText(live)}\n    + ${valueText(desired)}\n${who}`
  })
  return `${describeKey(key)} ${words[difference]}${message ? `: ${message}` : ''}\n${lines.join('')}`
}

function authorText({ manager, operation, subresource, time }: FieldAuthor): string {
  const how = [operation, subresource && `of ${subresource}`].filter(Boolean).join(' ')
  return `${manager} (${how})${time ? ` at ${time}` : ''}`
}

function valueText(value: unknown): string {
  return value === undefined ? '(absent)' : JSON.stringify(value)
}
