/** A desired object with its ignored fields as they are live. Pure. */
import {
  annotation,
  clientSideManagers,
  fieldManager,
  type KubeObject,
  type ManagedFieldsEntry,
} from '../../model/index.ts'
import { type FieldsV1, hasKey, isLeaf, isMap, ownedField, ownedItems, ownedMembers } from '../field-path.ts'
import { type Places, placesBelow } from './json-path.ts'
import { pairLists } from './pair-lists.ts'

export interface Ignored {
  /** Of the wanted object. */
  wanted: Places | undefined
  /** Of the live one. */
  live: Places | undefined
}

/** A place in both objects, with what the managers own there. */
export interface Spot {
  wanted: unknown
  live: unknown
  ignored: Ignored
  /** Field sets of our own manager, and of those whose fields a sync takes over. */
  ours: FieldsV1[]
  others: FieldsV1[]
  /** False within a map that we own as a whole, and in lists that are not merged item by item. */
  granular: boolean
}

/** What becomes of an ignored field; undefined leaves it out. */
export type Keep = (spot: Spot) => unknown

/**
 * `wanted` with every field that is ignored in it or in `live` replaced by what `keep` makes of it. The same object when
 * that changes nothing. Items of lists are paired by their keys, as managedFields tell them, else by `name`, else by
 * their place among those that are not ignored as a whole.
 */
export function settle(
  wanted: KubeObject,
  live: KubeObject,
  { ignored, keep }: { ignored: Ignored; keep: Keep },
): KubeObject {
  const entries = live.metadata.managedFields ?? []
  const setsOf = (chosen: ManagedFieldsEntry[]) =>
    chosen.map(({ fieldsV1 }) => fieldsV1).filter((set) => set !== undefined)
  const ours = setsOf(entries.filter(isTakenOver))
  const others = setsOf(entries.filter((entry) => !isTakenOver(entry)))
  const settled = settleSpot({ wanted, live, ignored, ours, others, granular: true }, keep) as KubeObject
  return settled === wanted ? wanted : withIdentity(settled, wanted)
}

/** No rule is about what names an object, and to which application it belongs. */
function withIdentity(settled: KubeObject, { apiVersion, kind, metadata }: KubeObject): KubeObject {
  const { name, namespace, annotations = {} } = metadata
  const marks = [annotation.trackingId, annotation.installationId].filter((mark) => annotations[mark] !== undefined)
  const kept = Object.fromEntries(marks.map((mark) => [mark, annotations[mark] ?? '']))
  const named = { ...settled.metadata, name, ...(namespace !== undefined && { namespace }) }
  if (marks.length > 0) named.annotations = { ...named.annotations, ...kept }
  return { ...settled, apiVersion, kind, metadata: named }
}

/** Our own, and what was applied client-side before: a sync makes that our own. */
function isTakenOver({ manager, operation, subresource }: ManagedFieldsEntry): boolean {
  if (subresource) return false
  return operation === 'Apply' ? manager === fieldManager : clientSideManagers.includes(manager)
}

function settleSpot(spot: Spot, keep: Keep): unknown {
  const { wanted, ignored } = spot
  if (ignored.wanted === true || ignored.live === true) {
    return keep({ ...spot, ignored: { wanted: true, live: true } })
  }
  if (!ignored.wanted && !ignored.live) return wanted
  return intoBoth(spot, (below) => settleSpot(below, keep))
}

/** Applies a step to each field or item of both sides; where one side has none, it counts as empty. */
function intoBoth(spot: Spot, step: (spot: Spot) => unknown): unknown {
  const { wanted, live } = spot
  if (isMap(wanted ?? live) && isMap(live ?? wanted)) return intoMaps(spot, step)
  if (Array.isArray(wanted ?? live) && Array.isArray(live ?? wanted)) return intoLists(spot, step)
  return wanted
}

function intoMaps(spot: Spot, step: (spot: Spot) => unknown): unknown {
  const wanted = (spot.wanted ?? {}) as Record<string, unknown>
  const live = (spot.live ?? {}) as Record<string, unknown>
  const result: Record<string, unknown> = {}
  let same = true
  for (const name of new Set([...Object.keys(wanted), ...Object.keys(live)])) {
    const value = step(
      below(spot, { step: name, wanted: wanted[name], live: live[name], owned: (set) => ownedField(set, name) }),
    )
    if (value !== undefined) result[name] = value
    if (value !== wanted[name]) same = false
  }
  if (same) return spot.wanted
  const isMade = Object.keys(result).length === 0 && (spot.wanted === undefined || spot.live === undefined)
  return isMade ? undefined : result
}

interface Below {
  step?: string
  wanted: unknown
  live: unknown
  ignored?: Ignored
  owned(set: FieldsV1): FieldsV1 | undefined
  keyed?: boolean
}

function below(spot: Spot, { step, wanted, live, ignored, owned, keyed = true }: Below): Spot {
  const under = (sets: FieldsV1[]) => sets.map(owned).filter((set) => set !== undefined)
  return {
    wanted,
    live,
    ignored: ignored ?? {
      wanted: placesBelow(spot.ignored.wanted, step ?? ''),
      live: placesBelow(spot.ignored.live, step ?? ''),
    },
    ours: under(spot.ours),
    others: under(spot.others),
    granular: keyed && isGranular(spot),
  }
}

function isGranular({ granular, ours }: Spot): boolean {
  return granular && !ours.some(isLeaf)
}

function intoLists(spot: Spot, step: (spot: Spot) => unknown): unknown {
  const lists = { wanted: (spot.wanted ?? []) as unknown[], live: (spot.live ?? []) as unknown[] }
  const sets = [...spot.ours, ...spot.others]
  const keyed = sets.some((set) => ownedItems(set)) || sets.some((set) => ownedMembers(set))
  const result = pairLists(lists, { ignored: spot.ignored, sets, keyed }).flatMap(({ wanted, live, ignored }) => {
    const item = live ?? wanted
    const value = step(below(spot, { wanted, live, ignored, keyed, owned: (set) => ownedItem(set, item) }))
    if (value === undefined) return []
    // An item that is declared again needs what it is known by.
    return [wanted === undefined && isMap(value) ? { ...keyOf(item, sets), ...value } : value]
  })
  const { wanted } = lists
  if (result.length === wanted.length && result.every((item, index) => item === wanted[index])) return spot.wanted
  return result.length === 0 && (spot.wanted === undefined || spot.live === undefined) ? undefined : result
}

function keyOf(item: unknown, sets: FieldsV1[]): Record<string, unknown> | undefined {
  return sets.flatMap((set) => ownedItems(set) ?? []).find(({ key }) => hasKey(item, key))?.key
}

function ownedItem(set: FieldsV1, item: unknown): FieldsV1 | undefined {
  if (ownedMembers(set)?.includes(item)) return {}
  return ownedItems(set)?.find(({ key }) => hasKey(item, key))?.owned
}

/** For comparing: the live value of what is wanted, and what a sync would remove. Then nothing of it differs. */
export function liveValue(spot: Spot): unknown {
  const { wanted, live, ours } = spot
  if (live === undefined) return undefined
  if (wanted === undefined) return spot.granular ? ownedPart(live, ours) : live
  if (typeof live !== 'object' || !isGranular(spot)) return live
  return intoBoth(spot, liveValue)
}

/** For replacing: everything that is there. */
export function wholeLiveValue({ live }: Spot): unknown {
  return live
}

/**
 * For applying: what is ours alone stays declared with its live value, or it would be removed. What another manager owns
 * is left out, so that it is that manager's alone: no later change of it is undone, and none conflicts with us.
 */
export function heldValue(spot: Spot): unknown {
  const { live, ours, others, granular } = spot
  if (live === undefined || !granular) return live
  if (ours.length === 0) return undefined
  if (ours.some(isLeaf)) return others.length > 0 ? undefined : live
  return intoBoth({ ...spot, wanted: undefined }, heldValue)
}

function ownedPart(live: unknown, ours: FieldsV1[]): unknown {
  if (ours.length === 0) return undefined
  if (ours.some(isLeaf)) return live
  const ignored = { wanted: true, live: true } as const
  const spot = { wanted: undefined, live, ignored, ours, others: [], granular: true }
  return intoBoth(spot, (inner) => ownedPart(inner.live, inner.ours))
}
