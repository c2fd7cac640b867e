/** Who owns which fields: metadata.managedFields as sets, and what an update does to them. */
import type { GroupVersionKind, Json, JsonObject, KubeObject, ManagedFieldsEntry } from '../object.ts'
import { type Comparison, compare } from './compare.ts'
import { difference, type FieldSet, intersection, recursiveDifference, union } from './field-set.ts'
import { ItemError } from './list-item.ts'
import {
  apiVersionOf,
  decodeManagers,
  encodeManagers,
  identityOf,
  type Manager,
  type Managers,
  type Owned,
  parseManagers,
  seconds,
  timeText,
} from './managers.ts'
import { equal } from './shape.ts'
import type { Type } from './type.ts'
import { zeroValue } from './zero-value.ts'

/** The object in another version of its API and the type it has there; undefined when that version is not served. */
export type ConvertVersion = (object: KubeObject, apiVersion: string) => { object: KubeObject; type: Type } | undefined

export interface TrackOptions {
  /** The stored object; absent on create. */
  before?: KubeObject
  /** The object as the client wants it, decoded and defaulted, before the server sets or keeps anything itself. */
  after: KubeObject
  type: Type
  gvk: GroupVersionKind
  /** The field manager; an empty one is called `unknown`. */
  manager: string
  /** Such as `status`; absent for the main resource. */
  subresource?: string
  /** Fields that this endpoint does not write, such as [['status']]. */
  reset?: readonly (readonly string[])[]
  convert?: ConvertVersion
  now: Date
}

const maximumUpdaters = 10

const stripped = pathsSet([
  ['apiVersion'],
  ['kind'],
  ['metadata'],
  ['metadata', 'name'],
  ['metadata', 'namespace'],
  ['metadata', 'creationTimestamp'],
  ['metadata', 'selfLink'],
  ['metadata', 'uid'],
  ['metadata', 'clusterName'],
  ['metadata', 'generation'],
  ['metadata', 'managedFields'],
  ['metadata', 'resourceVersion'],
])

/** metadata.managedFields after a create, an update or a patch that is not an apply; undefined when nobody owns any. */
export function trackUpdate(options: TrackOptions): ManagedFieldsEntry[] | undefined {
  try {
    return track(options)
  } catch (error) {
    if (error instanceof ItemError) {
      // What has a list item without a name cannot be tracked; the server then leaves everything as it was.
      return options.before?.metadata.managedFields
    }
    throw error
  }
}

function track(options: TrackOptions): ManagedFieldsEntry[] | undefined {
  const { before, after } = options
  const managers = sentOrStored(options)
  if (managers.size === 0 && before?.metadata.uid !== undefined) {
    return undefined
  }
  const old = before ?? (zeroValue(options.type) as unknown as KubeObject)
  const changes = update(managers, { ...options, before: old, after })
  const taken = strip(exclude(union(changes.modified, changes.added), options.reset))
  if (taken) {
    take(managers, options, taken)
  }
  capUpdaters(managers)
  return encodeManagers(managers)
}

/** A client may write managedFields itself, and empty them with [{}]; a subresource never takes them from the request. */
function sentOrStored({ before, after, type, subresource }: TrackOptions): Managers {
  const stored = () => decodeManagers(before?.metadata.managedFields, type)
  const sent = after.metadata.managedFields
  if (
    subresource ||
    sent === undefined ||
    equal(sent as unknown as Json, before?.metadata.managedFields as unknown as Json)
  ) {
    return stored()
  }
  if (sent.length === 1 && Object.keys(sent[0] ?? {}).length === 0) {
    return new Map()
  }
  try {
    const managers = parseManagers(sent)
    return managers.size > 0 ? managers : stored()
  } catch {
    return stored()
  }
}

function take(managers: Managers, options: TrackOptions, taken: FieldSet): void {
  const manager: Manager = {
    name: options.manager || 'unknown',
    operation: 'Update',
    apiVersion: apiVersionOf(options.gvk),
    ...(options.subresource && { subresource: options.subresource }),
  }
  const identity = identityOf(manager)
  const set = union(taken, managers.get(identity)?.set) as FieldSet
  managers.set(identity, { ...manager, time: timeText(options.now), set })
}

export interface UpdateOptions {
  before: KubeObject
  after: KubeObject
  type: Type
  gvk: GroupVersionKind
  reset?: readonly (readonly string[])[]
  convert?: ConvertVersion
}

/**
 * Takes from each manager but `applier` what changed or went away; what they lose to a change is first shown to
 * `onConflict`, which may throw. Returns the changes in the version of the request.
 */
export function update(
  managers: Managers,
  options: UpdateOptions,
  applier?: string,
  onConflict?: (conflicts: Map<string, FieldSet>) => void,
): Comparison {
  const changes = filtered(compare(objectJson(options.before), objectJson(options.after), options.type), options.reset)
  const versions = new Map([[apiVersionOf(options.gvk), changes]])
  const losses: [string, Comparison][] = []
  const conflicts = new Map<string, FieldSet>()
  for (const [identity, owned] of managers) {
    if (identity === applier) {
      continue
    }
    const theirs = versions.get(owned.apiVersion) ?? changesIn(owned.apiVersion, options)
    if (!theirs) {
      managers.delete(identity)
      continue
    }
    versions.set(owned.apiVersion, theirs)
    const conflict = intersection(owned.set, union(theirs.modified, theirs.added))
    if (conflict) {
      conflicts.set(identity, conflict)
    }
    losses.push([identity, theirs])
  }
  if (conflicts.size > 0) {
    onConflict?.(conflicts)
  }
  for (const [identity, { modified, added, removed }] of losses) {
    const owned = managers.get(identity) as Owned
    const set = difference(difference(difference(owned.set, modified), added), removed)
    if (!set) {
      managers.delete(identity)
    } else if (set !== owned.set) {
      managers.set(identity, { ...owned, set })
    }
  }
  return changes
}

function changesIn(apiVersion: string, options: UpdateOptions): Comparison | undefined {
  if (!options.convert) {
    return filtered(compare(objectJson(options.before), objectJson(options.after), options.type), options.reset)
  }
  const before = options.convert(options.before, apiVersion)
  const after = options.convert(options.after, apiVersion)
  return (
    before && after && filtered(compare(objectJson(before.object), objectJson(after.object), after.type), options.reset)
  )
}

function filtered(changes: Comparison, reset: readonly (readonly string[])[] | undefined): Comparison {
  if (!reset || reset.length === 0) {
    return changes
  }
  return {
    added: exclude(changes.added, reset),
    modified: exclude(changes.modified, reset),
    removed: exclude(changes.removed, reset),
  }
}

/** The set without the fields at `paths` and all below them. */
export function exclude(
  set: FieldSet | undefined,
  paths: readonly (readonly string[])[] | undefined,
): FieldSet | undefined {
  return paths && paths.length > 0 ? recursiveDifference(set, pathsSet(paths)) : set
}

/** The set without the fields that nobody owns: names, versions and what the server sets. */
export function strip(set: FieldSet | undefined): FieldSet | undefined {
  return difference(set, stripped)
}

/** The set of the fields at the paths, given as the names on the way. */
export function pathsSet(paths: readonly (readonly string[])[]): FieldSet {
  let set: FieldSet | undefined
  for (const path of paths) {
    let one: FieldSet = {}
    for (const name of [...path].reverse()) {
      one = { [`f:${name}`]: one }
    }
    set = union(set, one)
  }
  return set ?? {}
}

/** The oldest updaters of a version are put together once there are more than ten. */
function capUpdaters(managers: Managers): void {
  const updaters = [...managers].filter(([, { operation }]) => operation === 'Update')
  let excess = updaters.length - maximumUpdaters
  if (excess <= 0) {
    return
  }
  updaters.sort(([aId, a], [bId, b]) => seconds(a) - seconds(b) || (aId < bId ? -1 : 1))
  const first = new Map<string, string>()
  for (const [identity, owned] of updaters) {
    const earlier = first.get(owned.apiVersion)
    if (earlier === undefined) {
      first.set(owned.apiVersion, identity)
      continue
    }
    if (excess-- <= 0) {
      return
    }
    const bucket: Manager = { name: 'ancient-changes', operation: 'Update', apiVersion: owned.apiVersion }
    const old = managers.get(identityOf(bucket)) ?? managers.get(earlier)
    managers.delete(earlier)
    managers.delete(identity)
    const { time } = owned
    const set = union(old?.set, owned.set) as FieldSet
    managers.set(identityOf(bucket), { ...bucket, ...(time !== undefined && { time }), set })
  }
}

/** The object without its managedFields, which are no part of any comparison. */
export function objectJson(object: KubeObject): JsonObject {
  const { managedFields: _, ...metadata } = object.metadata ?? {}
  return { ...object, metadata } as unknown as JsonObject
}
