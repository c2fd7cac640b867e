/** The managers of an object: metadata.managedFields read into sets, and written back in order. */
import type { GroupVersionKind, ManagedFieldsEntry } from '../object.ts'
import { type FieldSet, fromFieldsV1, toFieldsV1 } from './field-set.ts'
import { fitSet } from './fit-set.ts'
import type { Type } from './type.ts'

/** One manager: an applier is known by its name, an updater also by the version it writes. */
export interface Manager {
  name: string
  operation: 'Apply' | 'Update'
  apiVersion: string
  subresource?: string
}

export interface Owned extends Manager {
  /** As RFC 3339, whole seconds; absent when the manager took over fields without a change. */
  time?: string
  set: FieldSet
}

/** Managers by their identity. */
export type Managers = Map<string, Owned>

/**
 * Reads the managedFields of a stored object, which the server itself wrote; with `type`, as its definition is now.
 */
export function decodeManagers(entries: readonly ManagedFieldsEntry[] | undefined, type?: Type): Managers {
  const managers: Managers = new Map()
  for (const entry of entries ?? []) {
    const set = entry.fieldsV1 as unknown as FieldSet
    put(managers, entry, type?.custom ? fitSet(set, type) : set)
  }
  return managers
}

/** Reads the managedFields that a client sent; throws an Error when they are malformed. */
export function parseManagers(entries: readonly ManagedFieldsEntry[]): Managers {
  const managers: Managers = new Map()
  for (const entry of entries) {
    const set = fromFieldsV1(entry.fieldsV1 ?? {})
    if (set) {
      put(managers, entry, set)
    }
  }
  return managers
}

function put(managers: Managers, entry: ManagedFieldsEntry, set: FieldSet): void {
  const { manager, operation, apiVersion, time, subresource } = entry
  const owned: Owned = {
    name: manager,
    operation,
    apiVersion,
    ...(time !== undefined && { time }),
    ...(subresource !== undefined && { subresource }),
    set,
  }
  managers.set(identityOf(owned), owned)
}

/** metadata.managedFields: appliers first, then by time and name. Undefined when there is none. */
export function encodeManagers(managers: Managers): ManagedFieldsEntry[] | undefined {
  if (managers.size === 0) {
    return undefined
  }
  const owned = [...managers.values()].sort(
    (a, b) =>
      text(a.operation, b.operation) ||
      seconds(a) - seconds(b) ||
      text(a.name, b.name) ||
      text(a.apiVersion, b.apiVersion) ||
      text(a.subresource ?? '', b.subresource ?? ''),
  )
  return owned.map(({ name, operation, apiVersion, time, subresource, set }) => ({
    manager: name,
    operation,
    apiVersion,
    ...(time !== undefined && { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: toFieldsV1(set),
    ...(subresource !== undefined && { subresource }),
  }))
}

function text(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The time of a manager in seconds since 1970; 0 when it has none. */
export function seconds({ time }: Owned): number {
  return time === undefined ? 0 : Math.floor(Date.parse(time) / 1000)
}

/** An applier keeps its identity across versions. */
export function identityOf({ name, operation, apiVersion, subresource }: Manager): string {
  return JSON.stringify([name, operation, operation === 'Apply' ? '' : apiVersion, subresource ?? ''])
}

export function apiVersionOf({ group, version }: GroupVersionKind): string {
  return group === '' ? version : `${group}/${version}`
}

export function timeText(now: Date): string {
  return `${now.toISOString().slice(0, 19)}Z`
}
