/** Asks about an object whose namespace is still to be made: the server judges it as if it were for another namespace. */
import { LRUCache } from 'lru-cache'
import type { KubeClient } from '../kube/kube-client.ts'
import { KubeError } from '../kube/kube-error.ts'
import { contentHash } from '../model/content-hash.ts'
import { annotation, fieldManager, groupOf, type KubeObject } from '../model/index.ts'
import { isPlain } from './plain.ts'

/** Every cluster has it, and it cannot be deleted. */
const standInNamespace = 'default'

const passed = new LRUCache<string, true>({ max: 10_000, ttl: 600_000 })

/**
 * Throws the server's refusal where that is about the object itself. Whatever depends on the namespace (permissions,
 * quotas, admission) stays unknown. An object that has passed is remembered for a while, whatever its namespace.
 */
export async function askElsewhere(
  client: KubeClient,
  object: KubeObject,
  { validate, signal }: { validate: boolean; signal: AbortSignal },
): Promise<void> {
  if (isPlain(object)) return
  const form = movedTo(standInNamespace, object)
  const name = `${client.server} ${validate} ${contentHash(form)}`
  if (passed.has(name)) return
  try {
    const fieldValidation = validate ? 'Strict' : 'Ignore'
    await client.create(form, { dryRun: true, fieldManager, fieldValidation, signal })
  } catch (error) {
    if (!isBesideThePoint(error)) throw error
  }
  if (isBuiltIn(object)) passed.set(name, true)
}

function movedTo(namespace: string, { metadata, ...object }: KubeObject): KubeObject {
  const { [annotation.trackingId]: _id, ...annotations } = metadata.annotations ?? {}
  return { ...object, metadata: { ...metadata, namespace, annotations } } as KubeObject
}

/** What is right for another kind is so only until its definition changes. */
function isBuiltIn({ apiVersion }: KubeObject): boolean {
  const group = groupOf(apiVersion)
  return !group.includes('.') || group.endsWith('.k8s.io')
}

/** A name that is taken there, or what only that namespace and its policies say. */
function isBesideThePoint(error: unknown): boolean {
  if (!(error instanceof KubeError)) return false
  const { code, message } = error
  return code === 409 || code === 403 || code === 404 || /admission webhook|failed calling webhook/.test(message)
}
