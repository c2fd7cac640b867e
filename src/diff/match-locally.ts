/** The comparison that needs no request: is it certain that applying the desired object would change nothing? */

import type { KubeObject } from '../model/index.ts'
import { type FieldsV1, hasKey, isEmpty, isLeaf, isMap, ownedField, ownedItems, ownedMembers } from './field-path.ts'
import { sameJson } from './same-json.ts'

/**
 * True when every desired field is in the live object with the same value, and our field manager owns nothing that is
 * no longer desired. It knows no schema: `owned`, the fieldsV1 of our manager's Apply entry, tells which lists have
 * keys, which are sets, and which maps and lists are taken as a whole. False means "ask the server", never "changed".
 */
export function matchesLocally(desired: KubeObject, live: KubeObject, owned: FieldsV1 | undefined): boolean {
  if (!owned || desired.apiVersion !== live.apiVersion || desired.kind !== live.kind) return false
  const { apiVersion: _version, kind: _kind, metadata, ...fields } = desired
  const { name: _name, namespace: _namespace, ...meta } = metadata
  const { 'f:metadata': ownedMeta, ...ownedRest } = owned
  return (
    matchesMap(meta, live.metadata as unknown as Record<string, unknown>, (ownedMeta ?? { '.': {} }) as FieldsV1) &&
    matchesMap(fields, live, ownedRest)
  )
}

function matches(desired: unknown, live: unknown, owned: FieldsV1 | undefined): boolean {
  // Applied before and dropped by the server, as it does with most empty maps and lists.
  if (owned && isLeaf(owned) && live === undefined && isEmpty(desired)) return true
  // What we do not own yet, or own as a whole, has to be the same to the last detail.
  if (owned === undefined || isLeaf(owned)) return sameJson(desired, live)
  if (isMap(desired)) return isMap(live) && matchesMap(desired, live, owned)
  if (Array.isArray(desired)) return Array.isArray(live) && matchesList(desired, live, owned)
  return false
}

function matchesMap(desired: Record<string, unknown>, live: Record<string, unknown>, owned: FieldsV1): boolean {
  for (const name of Object.keys(owned)) {
    if (name === '.') continue
    if (!name.startsWith('f:') || !(name.slice(2) in desired)) return false
  }
  return Object.entries(desired).every(([name, value]) => matches(value, live[name], ownedField(owned, name)))
}

function matchesList(desired: unknown[], live: unknown[], owned: FieldsV1): boolean {
  const items = ownedItems(owned)
  if (items) return matchesItems(desired, live, items)
  const members = ownedMembers(owned)
  return members !== undefined && matchesMembers(desired, live, members)
}

type OwnedItem = { key: Record<string, unknown>; owned: FieldsV1 }

/** A desired item may leave out a part of its key that the server fills in, such as a port's protocol. */
function matchesItems(desired: unknown[], live: unknown[], items: OwnedItem[]): boolean {
  if (desired.length !== items.length) return false
  const used = new Set<OwnedItem>()
  let place = -1
  for (const wanted of desired) {
    const candidates = items.filter((item) => isMap(wanted) && agreesWithKey(wanted, item.key))
    const [item] = candidates
    if (!item || candidates.length > 1 || used.has(item)) return false
    used.add(item)
    const places = live.flatMap((value, index) => (hasKey(value, item.key) ? [index] : []))
    const [found] = places
    // The order is part of the value: applying another order moves the items.
    if (found === undefined || places.length > 1 || found < place) return false
    place = found
    if (!matches(wanted, live[found], item.owned)) return false
  }
  return true
}

function agreesWithKey(item: Record<string, unknown>, key: Record<string, unknown>): boolean {
  return Object.entries(key).every(([name, value]) => item[name] === undefined || item[name] === value)
}

function matchesMembers(desired: unknown[], live: unknown[], members: unknown[]): boolean {
  if (desired.length !== members.length || new Set(desired).size !== desired.length) return false
  let place = -1
  for (const wanted of desired) {
    const found = live.indexOf(wanted)
    if (!members.includes(wanted) || found < place || found < 0) return false
    place = found
  }
  return true
}
