/** Asks whether applying would change anything: some API servers store a new version of an object even if nothing would. */
import { deepEqual } from 'fast-equals'
import { contentHash } from '../model/content-hash.ts'
import { fieldManager, type KubeObject } from '../model/index.ts'
import { write } from './apply.ts'
import { migratedManagedFields } from './migrate.ts'
import type { RunContext } from './run-context.ts'
import type { ApplyStep } from './step.ts'

/** True when the server has said so. A refusal counts as a change: the write itself then tells what is wrong. */
export async function changesNothing(context: RunContext, step: ApplyStep): Promise<boolean> {
  const { client, stop: signal } = context
  if (!step.inSync || step.method.replace) return false
  const live = await context.live.read(step.target, signal)
  if (!live) return false
  try {
    const predicted = await write(client, step.object, { ...step.method, dryRun: true, signal })
    return isSame(live, predicted) && !migratedManagedFields(predicted.metadata.managedFields, step.method.migrate)
  } catch {
    signal.throwIfAborted()
    return false
  }
}

/** Which version of the API shows an object does not matter; what our manager owns does. */
function isSame(live: KubeObject, predicted: KubeObject): boolean {
  const { apiVersion } = live
  return contentHash(live) === contentHash({ ...predicted, apiVersion }) && deepEqual(owned(live), owned(predicted))
}

function owned({ metadata }: KubeObject) {
  return metadata.managedFields?.find(
    ({ manager, operation, subresource }) => manager === fieldManager && operation === 'Apply' && !subresource,
  )?.fieldsV1
}
