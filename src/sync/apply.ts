/** Writes one object to a cluster. */
import { type Clock, systemClock } from '../kube/clock.ts'
import type { DeleteOptions, KubeClient, Target } from '../kube/kube-client.ts'
import { isNotFound, KubeError } from '../kube/kube-error.ts'
import { fieldManager, type KubeObject, keyOf, versionOf } from '../model/index.ts'
import { migrate } from './migrate.ts'
import type { WriteMethod } from './step.ts'

export interface WriteContext {
  dryRun?: boolean
  signal?: AbortSignal
  clock?: Clock
}

type WriteSettings = WriteMethod & WriteContext

export function targetOf(object: KubeObject): Target {
  return { ...keyOf(object), version: versionOf(object.apiVersion) }
}

/** The server's answer to "what would applying this make of the live object?". Stores nothing. */
export function predict(client: KubeClient, desired: KubeObject, signal?: AbortSignal): Promise<KubeObject> {
  return client.apply(desired, { dryRun: true, force: true, fieldManager, fieldValidation: 'Ignore', signal })
}

/** Resolves with the object as the server has stored it. */
export async function write(client: KubeClient, object: KubeObject, settings: WriteSettings): Promise<KubeObject> {
  try {
    return settings.replace ? await replace(client, object, settings) : await apply(client, object, settings)
  } catch (error) {
    if (!settings.force || settings.dryRun || !isUnchangeable(error, object)) throw error
    return recreate(client, object, settings)
  }
}

async function apply(client: KubeClient, object: KubeObject, settings: WriteSettings): Promise<KubeObject> {
  const options = { ...writeOptions(settings), force: true }
  const applied = await client.apply(object, options)
  // The answer names every manager, so that asking beforehand is not necessary.
  const { migrate: managers, dryRun, signal } = settings
  const migrated = managers.length > 0 && !dryRun && (await migrate(client, applied, { managers, signal }))
  return migrated ? client.apply(object, options) : applied
}

/** PUT, or POST where there is nothing to replace. */
async function replace(client: KubeClient, object: KubeObject, settings: WriteSettings): Promise<KubeObject> {
  const live = await client.get(targetOf(object), settings.signal)
  if (!live) return client.create(object, writeOptions(settings))
  if (settings.force && !settings.dryRun && mayRecreate(object)) return recreate(client, object, settings)
  const { resourceVersion } = live.metadata
  return client.replace({ ...object, metadata: { ...object.metadata, resourceVersion } }, writeOptions(settings))
}

function writeOptions({ validate, dryRun, signal }: WriteSettings) {
  const fieldValidation: 'Strict' | 'Ignore' = validate ? 'Strict' : 'Ignore'
  return { fieldManager, fieldValidation, dryRun, signal }
}

/** Deleting one of these would delete everything in it. */
function mayRecreate({ kind }: KubeObject): boolean {
  return kind !== 'Namespace' && kind !== 'CustomResourceDefinition'
}

/** Refused for good, such as a change of an immutable field. */
export function isUnchangeable(error: unknown, object: KubeObject): boolean {
  return error instanceof KubeError && (error.code === 422 || error.code === 409) && mayRecreate(object)
}

async function recreate(client: KubeClient, object: KubeObject, settings: WriteSettings): Promise<KubeObject> {
  const target = targetOf(object)
  const live = await client.get(target, settings.signal)
  if (live) {
    await remove(client, target, { uid: live.metadata.uid, propagationPolicy: 'Foreground', ...settings })
    await untilGone(client, live, settings)
  }
  return client.apply(object, { ...writeOptions(settings), force: true })
}

async function untilGone(client: KubeClient, live: KubeObject, { clock = systemClock, signal }: WriteContext) {
  for (let wait = 50; ; wait = Math.min(wait * 2, 1000)) {
    const now = await client.get(targetOf(live), signal)
    if (now?.metadata.uid !== live.metadata.uid) return
    await clock.sleep(wait, signal)
  }
}

export interface Removal extends Pick<DeleteOptions, 'propagationPolicy'>, WriteContext {
  /** Only the object with this uid is deleted; another of its name stays. */
  uid: string | undefined
}

/** Resolves when the server has accepted; an object that is gone, or another one by now, counts as deleted. */
export async function remove(client: KubeClient, target: Target, removal: Removal): Promise<void> {
  const { uid, propagationPolicy, dryRun, signal } = removal
  try {
    await client.delete(target, { propagationPolicy, preconditions: uid ? { uid } : undefined, dryRun, signal })
  } catch (error) {
    const isAnother = uid !== undefined && error instanceof KubeError && error.reason === 'Conflict'
    if (!isNotFound(error) && !isAnother) throw error
  }
}
