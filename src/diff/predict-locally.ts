/**
 * What an apply would make of an object, told without a server: for files, and where asking is not wanted. It knows no
 * schema, so it takes what the server has filled in as it is, and tells lists with keys by managedFields or by names.
 */
import type { KubeObject, ManagedFieldsEntry } from '../model/index.ts'
import { isOurs } from './blame.ts'
import { type FieldsV1, hasKey, isEmpty, isLeaf, isMap, ownedField, ownedItems, ownedMembers } from './field-path.ts'
import { isSameDuration, isSameQuantity } from './quantity.ts'
import { sameJson } from './same-json.ts'

interface Owners {
  ours: FieldsV1[]
  others: FieldsV1[]
}

export function predictLocally(desired: KubeObject, live: KubeObject): KubeObject {
  const entries = live.metadata.managedFields ?? []
  const sets = (chosen: ManagedFieldsEntry[]) =>
    chosen.map(({ fieldsV1 }) => fieldsV1).filter((set) => set !== undefined)
  const owners = {
    ours: sets(entries.filter(isOurs)),
    others: sets(entries.filter((entry) => !isOurs(entry) && entry.subresource !== 'status')),
  }
  return merged({ wanted: desired, live, owners, field: '' }) as KubeObject
}

interface Spot {
  wanted: unknown
  live: unknown
  owners: Owners
  /** The name of the nearest field. */
  field: string
}

function merged(spot: Spot): unknown {
  const { wanted, live, field } = spot
  if (wanted === undefined) return live
  if (live === undefined) return wanted === null || isEmpty(wanted) ? undefined : wanted
  if (isMap(wanted) && isMap(live)) return mergedMaps(wanted, live, spot)
  if (Array.isArray(wanted) && Array.isArray(live)) return mergedLists(wanted, live, spot)
  return isSameQuantity(wanted, live, field) || isSameDuration(wanted, live) ? live : wanted
}

function under({ ours, others }: Owners, step: (set: FieldsV1) => FieldsV1 | undefined): Owners {
  const inner = (sets: FieldsV1[]) => sets.map(step).filter((set) => set !== undefined)
  return { ours: inner(ours), others: inner(others) }
}

/** Applied by us before, and by nobody else: no longer declared, it goes. */
function isDropped({ ours, others }: Owners): boolean {
  return ours.length > 0 && others.length === 0
}

function mergedMaps(wanted: Record<string, unknown>, live: Record<string, unknown>, { owners, field }: Spot): unknown {
  const result: Record<string, unknown> = {}
  const isWhole = owners.ours.length > 0 && owners.ours.every(isLeaf) && field !== 'metadata'
  for (const name of new Set([...Object.keys(live), ...Object.keys(wanted)])) {
    const inner = under(owners, (set) => ownedField(set, name))
    const value =
      name in wanted
        ? merged({ wanted: wanted[name], live: live[name], owners: inner, field: quantityField(field, name) })
        : undeclared(live[name], inner, isWhole)
    if (value !== undefined) result[name] = value
  }
  return result
}

/** `limits` says that whatever is below it is a quantity, whatever its name. */
function quantityField(parent: string, name: string): string {
  return ['limits', 'requests', 'capacity', 'hard'].includes(parent) ? parent : name
}

function undeclared(live: unknown, owners: Owners, isWhole: boolean): unknown {
  if (isWhole || (isDropped(owners) && owners.ours.some(isLeaf))) return undefined
  if (!isMap(live) || owners.ours.length === 0) return live
  const rest = mergedMaps({}, live, { wanted: undefined, live, owners, field: '' })
  return isEmpty(rest) ? undefined : rest
}

function mergedLists(wanted: unknown[], live: unknown[], spot: Spot): unknown {
  const { ours, others } = spot.owners
  const sets = [...ours, ...others]
  const key = sets.flatMap((set) => ownedItems(set) ?? [])[0]?.key
  const isSet = sets.some((set) => ownedMembers(set))
  if (key) return mergedItems(wanted, live, { spot, sameItem: sameKey(Object.keys(key), key) })
  if (isSet) return mergedItems(wanted, live, { spot, sameItem: (a, b) => sameJson(a, b) })
  if (ours.length === 0 && haveNames(wanted) && haveNames(live)) {
    return mergedItems(wanted, live, { spot, sameItem: sameKey(['name'], {}) })
  }
  // Item by item, so that what the server has filled in does not count.
  if (wanted.length !== live.length) return wanted
  const owners = { ours: [], others: [] }
  return wanted.map((item, index) => merged({ wanted: item, live: live[index], owners, field: spot.field }))
}

function haveNames(list: unknown[]): boolean {
  const names = list.map((item) => (isMap(item) ? item.name : undefined))
  return names.every((name) => typeof name === 'string') && new Set(names).size === names.length
}

type SameItem = (a: unknown, b: unknown) => boolean

/** An item may leave out a part of its key that the server fills in. */
function sameKey(names: string[], usual: Record<string, unknown>): SameItem {
  const keyPart = (item: unknown, name: string) => (isMap(item) ? (item[name] ?? usual[name]) : undefined)
  return (a, b) => names.every((name) => keyPart(a, name) === keyPart(b, name))
}

function mergedItems(
  wanted: unknown[],
  live: unknown[],
  { spot, sameItem }: { spot: Spot; sameItem: SameItem },
): unknown {
  const find = (list: unknown[], item: unknown) => list.find((other) => sameItem(other, item))
  const ownersOf = (item: unknown) => under(spot.owners, (set) => ownedItemOf(set, item))
  const kept = live.filter((item) => find(wanted, item) !== undefined || !isDropped(ownersOf(item)))
  const mergedItem = (item: unknown, there: unknown) =>
    merged({ wanted: item, live: there, owners: ownersOf(there), field: spot.field })
  const common = kept.filter((item) => find(wanted, item) !== undefined)
  const known = wanted.filter((item) => find(live, item) !== undefined)
  // In another order, the declared one counts.
  const inOrder = common.every((item, index) => sameItem(item, known[index]))
  const added = wanted.filter((item) => find(live, item) === undefined)
  if (inOrder) return [...kept.map((item) => mergedItem(find(wanted, item), item)), ...added]
  const others = kept.filter((item) => find(wanted, item) === undefined)
  return [...wanted.map((item) => mergedItem(item, find(live, item))), ...others]
}

function ownedItemOf(set: FieldsV1, item: unknown): FieldsV1 | undefined {
  if (ownedMembers(set)?.some((member) => sameJson(member, item))) return {}
  return ownedItems(set)?.find(({ key }) => hasKey(item, key))?.owned
}
