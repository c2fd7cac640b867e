/** Server-side apply: merges a configuration, removes what its applier left out, and says who owns what. */
import type { GroupVersionKind, Json, JsonObject, KubeObject } from '../object.ts'
import { StatusError } from '../status.ts'
import { check, faultText } from './check.ts'
import { Conflicts, conflictError } from './conflict.ts'
import { describe } from './describe.ts'
import { equalSets, isSubset } from './field-set.ts'
import { isLastApplied, lastAppliedSet, withLastApplied } from './last-applied.ts'
import { type ConvertVersion, exclude, objectJson, strip, trackUpdate, update } from './managed-fields.ts'
import {
  apiVersionOf,
  decodeManagers,
  encodeManagers,
  identityOf,
  type Manager,
  type Managers,
  timeText,
} from './managers.ts'
import { merge } from './merge.ts'
import { prune } from './prune.ts'
import { equal, isObject } from './shape.ts'
import type { Type } from './type.ts'
import { zeroValue } from './zero-value.ts'

export interface ApplyOptions {
  /** The stored object; absent when apply creates it. */
  live?: KubeObject
  /** The body of the request. */
  config: Json
  type: Type
  gvk: GroupVersionKind
  manager: string
  force?: boolean
  /** Such as `status`; absent for the main resource. */
  subresource?: string
  /** Fields that this endpoint does not write, such as [['status']]. */
  reset?: readonly (readonly string[])[]
  convert?: ConvertVersion
  now: Date
}

/**
 * The object that results, with its managedFields: not yet decoded into its kind's form, defaulted or checked.
 * Throws a StatusError: 400 for a configuration of another kind or with managedFields, 500 for one that does not fit
 * the type, 409 when fields of others would change and `force` is not set.
 */
export function applyPatch(options: ApplyOptions): KubeObject {
  const config = checkConfig(options)
  const live = options.live ?? emptyObject(options)
  const managers = () => ownersOf(live, options)
  try {
    return applyTo(live, config, managers(), options)
  } catch (error) {
    if (!(error instanceof Conflicts)) {
      throw error
    }
    const allowed = options.manager === 'kubectl' ? lastAppliedSet(live, options.type, options.gvk) : undefined
    if (!allowed) {
      throw conflictError(error)
    }
    const rest = error.without(allowed)
    if (rest) {
      throw conflictError(rest)
    }
    return applyTo(live, config, managers(), { ...options, force: true })
  }
}

function checkConfig({ config, type, gvk }: ApplyOptions): KubeObject {
  const object = (isObject(config) ? config : {}) as unknown as KubeObject
  if (object.apiVersion !== apiVersionOf(gvk) || object.kind !== gvk.kind) {
    throw badRequest(`invalid object type: ${kindText(object.apiVersion, object.kind)}`)
  }
  if (object.metadata?.managedFields !== undefined && object.metadata.managedFields !== null) {
    throw badRequest('metadata.managedFields must be nil')
  }
  const faults = check(config, type)
  if (faults.length > 0) {
    const { namespace, name } = object.metadata ?? {}
    const named = `${namespace ?? ''}/${name ?? ''}; ${kindText(object.apiVersion, object.kind)}`
    throw new StatusError({
      message: `failed to create typed patch object (${named}): ${faultText(faults)}`,
      code: 500,
    })
  }
  return object
}

function badRequest(message: string): StatusError {
  return new StatusError({ message, reason: 'BadRequest', code: 400 })
}

/** As Go prints a GroupVersionKind. */
function kindText(apiVersion: string | undefined, kind: string | undefined): string {
  const [version = '', group = ''] = (apiVersion ?? '').split('/').reverse()
  return `${group}/${version}, Kind=${kind ?? ''}`
}

function emptyObject({ type, gvk }: ApplyOptions): KubeObject {
  const zero = type.custom ? {} : zeroValue(type)
  return { ...zero, apiVersion: apiVersionOf(gvk), kind: gvk.kind, metadata: {} }
}

/** An object without managers gets one for all it holds, so that applying cannot take it unseen. */
function ownersOf(live: KubeObject, options: ApplyOptions): Managers {
  const managers = decodeManagers(live.metadata.managedFields, options.type)
  if (managers.size > 0 || !options.live) {
    return managers
  }
  const { subresource: _, live: __, ...rest } = options
  const after = { ...live, metadata: { ...live.metadata, managedFields: undefined } } as unknown as KubeObject
  const all = trackUpdate({ ...rest, ...subresourceOf(options), after, manager: 'before-first-apply' })
  return decodeManagers(all)
}

function subresourceOf({ subresource }: ApplyOptions): { subresource?: string } {
  return subresource ? { subresource } : {}
}

function applyTo(live: KubeObject, config: KubeObject, managers: Managers, options: ApplyOptions): KubeObject {
  const { type, gvk, reset } = options
  const manager: Manager = {
    name: options.manager,
    operation: 'Apply',
    apiVersion: apiVersionOf(gvk),
    ...subresourceOf(options),
  }
  const identity = identityOf(manager)
  const before = objectJson(live)
  const desired = config as unknown as JsonObject
  const last = managers.get(identity)
  const described = exclude(describe(desired, type), reset)
  const applied = last && equalSets(described, last.set) ? last.set : described
  const merged = merge(before, desired, type) as JsonObject
  if (applied) {
    managers.set(identity, { ...last, ...manager, set: applied })
  } else {
    managers.delete(identity)
  }
  const result = isSubset(last?.set, applied) ? merged : prune({ merged, managers, last: last?.set, type })
  const object = result as unknown as KubeObject
  update(managers, { before: live, after: object, ...versionOptions(options) }, identity, (conflicts) => {
    if (!options.force) {
      throw new Conflicts([...conflicts].map(([other, set]) => ({ manager: managers.get(other) as Manager, set })))
    }
  })
  settle(managers, identity, { manager, unchanged: equal(before, result), options })
  return finish(object, config, managers, options)
}

function versionOptions({ type, gvk, reset, convert }: ApplyOptions) {
  return { type, gvk, ...(reset && { reset }), ...(convert && { convert }) }
}

interface Settling {
  manager: Manager
  unchanged: boolean
  options: ApplyOptions
}

/** A manager that changed nothing keeps its time, and has none when it is new. */
function settle(managers: Managers, identity: string, { unchanged, options }: Settling): void {
  const owned = managers.get(identity)
  const set = strip(owned?.set)
  if (!owned || !set) {
    managers.delete(identity)
    return
  }
  managers.set(identity, { ...owned, set, ...(!unchanged && { time: timeText(options.now) }) })
}

function finish(object: KubeObject, config: KubeObject, managers: Managers, options: ApplyOptions): KubeObject {
  const entries = encodeManagers(managers)
  const metadata = { ...object.metadata, ...(entries && { managedFields: entries }) }
  const result = { ...object, metadata }
  return options.manager === 'kubectl' && isLastApplied(result) ? withLastApplied(result, config) : result
}
