/** Statuses are written when they differ, and only then. */
import { deepEqual } from 'fast-equals'
import type { KubeObject } from '../object.ts'
import type { ControllerClient, ResourceName } from './controller.ts'

/** Returns the object as stored afterwards. */
export function writeStatus<T extends KubeObject & { status?: unknown }>(
  client: ControllerClient,
  resource: ResourceName,
  { object, status }: { object: T; status: T['status'] },
): T {
  if (deepEqual(object.status ?? {}, status)) return object
  return client.updateStatus(resource, { ...object, status }) as T
}
