/** Writes one object to a cluster. */
import type { KubeClient } from '../kube/kube-client.ts'
import { fieldManager, type KubeObject, keyOf, versionOf } from '../model/index.ts'
import { migrate } from './migrate.ts'
import type { PruneStep, WriteMethod } from './step.ts'

export interface WriteContext {
  dryRun?: boolean
  signal?: AbortSignal
}

/** The server's answer to "what would applying this make of the live object?". Stores nothing. */
export function predict(client: KubeClient, desired: KubeObject, signal?: AbortSignal): Promise<KubeObject> {
  return client.apply(desired, {
    dryRun: true,
    force: true,
    fieldManager,
    fieldValidation: 'Ignore',
    ...(signal && { signal }),
  })
}

/** Resolves with the object as the server has stored it. */
export async function write(
  client: KubeClient,
  object: KubeObject,
  options: WriteMethod & WriteContext,
): Promise<KubeObject> {
  try {
    return options.replace ? await replace(client, object, options) : await apply(client, object, options)
  } catch (error) {
    if (!options.force || options.dryRun || !isUnchangeable(error)) throw error
    return recreate(client, object, options)
  }
}

function writeOptions({ validate, dryRun, signal }: WriteMethod & WriteContext) {
  const fieldValidation: 'Strict' | 'Ignore' = validate ? 'Strict' : 'Ignore'
  return { fieldManager, fieldValidation, ...(dryRun && { dryRun }), ...(signal && { signal }) }
}

async function apply(client: KubeClient, object: KubeObject, options: WriteMethod & WriteContext): Promise<KubeObject> {
  const applied = await client.apply(object, { ...writeOptions(options), force: true })
  // The answer carries every manager, so that asking beforehand is not necessary.
  const migrated = options.migrate && !options.dryRun && (await migrate(client, applied, options.signal))
  return migrated ? client.apply(object, { ...writeOptions(options), force: true }) : applied
}

/** PUT, or POST where there is nothing to replace. */
async function replace(client: KubeClient, object: KubeObject, options: WriteMethod & WriteContext): Promise<KubeObject> {
  const live = await client.get(targetOf(object), options.signal)
  if (!live) return client.create(object, writeOptions(options))
  // These two are other objects' home; deleting them would delete everything in them.
  const mayRecreate = object.kind !== 'Namespace' && object.kind !== 'CustomResourceDefinition'
  if (options.force && mayRecreate && !options.dryRun) return recreate(client, object, options)
  const { resourceVersion } = live.metadata
  const metadata = { ...object.metadata, ...(resourceVersion && { resourceVersion }) }
  return client.replace({ ...object, metadata }, writeOptions(options))
}

async function recreate(client: KubeClient, object: KubeObject, options: WriteMethod & WriteContext): Promise<KubeObject> {
  const target = targetOf(object)
  const live = await client.get(target, options.signal)
  if (live) await remove(client, live, { propagationPolicy: 'Background', ...options })
  await gone(client, live, options.signal)
  return client.apply(object, { ...writeOptions(options), force: true })
}
