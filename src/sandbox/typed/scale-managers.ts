/** Ownership of the replica count, carried between an object and its scale subresource. */
import type { ManagedFieldsEntry } from '../object.ts'
import { difference, type FieldSet, intersection } from './field-set.ts'
import { pathsSet } from './managed-fields.ts'
import { decodeManagers, encodeManagers, identityOf, type Managers } from './managers.ts'

const scaleVersion = 'autoscaling/v1'
const replicasInScale = pathsSet([['spec', 'replicas']])

/** Where the object's kind holds its replicas, such as ['spec', 'replicas'], in the given version. */
export interface ReplicasPath {
  apiVersion: string
  path: readonly string[]
}

/** The managedFields of the scale: those managers of the object that own its replicas. */
export function scaleManagers(
  entries: readonly ManagedFieldsEntry[] | undefined,
  { path }: ReplicasPath,
): ManagedFieldsEntry[] | undefined {
  const replicas = pathsSet([path])
  const managers: Managers = new Map()
  for (const owned of decodeManagers(entries).values()) {
    if (intersection(owned.set, replicas)) {
      const inScale = { ...owned, apiVersion: scaleVersion, set: replicasInScale }
      managers.set(identityOf(inScale), inScale)
    }
  }
  return encodeManagers(managers)
}

/**
 * The managedFields of the object after its scale was written. Who no longer owns the replicas there loses them here;
 * who has come to own them gets an entry of its own, without a time.
 */
export function managersWithScale(
  entries: readonly ManagedFieldsEntry[] | undefined,
  scaleEntries: readonly ManagedFieldsEntry[] | undefined,
  { apiVersion, path }: ReplicasPath,
): ManagedFieldsEntry[] | undefined {
  const replicas = pathsSet([path])
  const left = decodeManagers(scaleEntries)
  const managers: Managers = new Map()
  for (const [identity, owned] of decodeManagers(entries)) {
    const inScale = identityOf({ ...owned, apiVersion: scaleVersion })
    const owns = intersection(owned.set, replicas) !== undefined
    const set: FieldSet | undefined = owns && !left.delete(inScale) ? difference(owned.set, replicas) : owned.set
    if (set) {
      managers.set(identity, { ...owned, set })
    }
  }
  for (const owned of left.values()) {
    if (intersection(owned.set, replicasInScale)) {
      const { time: _, ...manager } = owned
      const inObject = { ...manager, apiVersion, set: replicas }
      managers.set(identityOf(inObject), inObject)
    }
  }
  return encodeManagers(managers)
}
