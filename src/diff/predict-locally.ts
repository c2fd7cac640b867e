/**
 * What an apply would make of an object, told without a server: for files, and where asking is not wanted. It knows no
 * schema, so it takes what the server has filled in as it is, and tells lists with keys by managedFields or by names.
 */
import { groupOf, type KubeObject, type ManagedFieldsEntry } from '../model/index.ts'
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
    others: sets(entries.filter((entry) => !isOurs(entry))),
  }
  const builtIn = isBuiltIn(groupOf(desired.apiVersion))
  const omitsZeroes = owners.ours.length === 0 && builtIn
  return merged({ wanted: desired, live, owners, field: '', holder: '', omitsZeroes, builtIn }) as KubeObject
}

interface Spot {
  wanted: unknown
  live: unknown
  owners: Owners
  /** The name of the nearest field, and that of the map around it. */
  field: string
  holder: string
  /** Servers store no false, 0 and empty text of built-in kinds, and who applied them is not on record. */
  omitsZeroes: boolean
  builtIn: boolean
}

/** Maps that built-in kinds take as a whole. Declared empty they say so by nothing else: no field of theirs is owned. */
const wholeMaps = ['nodeSelector', 'selector', 'podSelector', 'namespaceSelector', 'objectSelector', 'labelSelector']

function merged(spot: Spot): unknown {
  const { wanted, live, field } = spot
  if (wanted === undefined) return live
  if (live === undefined) return isOmitted(spot) ? undefined : wanted
  if (isNothing(wanted) && isNothing(live)) return live
  if (spot.builtIn && isEmpty(wanted) && isMap(live) && wholeMaps.includes(field)) return wanted
  if (isMap(wanted) && isMap(live)) return mergedMaps(wanted, live, spot)
  if (Array.isArray(wanted) && Array.isArray(live)) return mergedLists(wanted, live, spot)
  return isSameQuantity(wanted, live, field) || isSameDuration(wanted, live) ? live : wanted
}

function isNothing(value: unknown): boolean {
  return value === null || isEmpty(value)
}

/** Maps of texts, which keep empty ones. */
const textMaps = [
  'data',
  'stringData',
  'labels',
  'annotations',
  'matchLabels',
  'nodeSelector',
  'selector',
  'parameters',
]

/** Declared and not there, because the server leaves it out. What we have applied and is not there, it has left out. */
function isOmitted({ wanted, owners, holder, omitsZeroes }: Spot): boolean {
  if (isNothing(wanted)) return true
  if (wanted !== false && wanted !== 0 && wanted !== '') return false
  return owners.ours.length > 0 || (omitsZeroes && !textMaps.includes(holder))
}

function under({ ours, others }: Owners, step: (set: FieldsV1) => FieldsV1 | undefined): Owners {
  const inner = (sets: FieldsV1[]) => sets.map(step).filter((set) => set !== undefined)
  return { ours: inner(ours), others: inner(others) }
}

/** Applied by us before, and by nobody else: no longer declared, it goes. */
function isDropped({ ours, others }: Owners): boolean {
  return ours.length > 0 && others.length === 0
}

/** What servers fill in within maps that they take as a whole. */
const defaultsInWholes: Record<string, unknown> = {
  apiVersion: 'v1',
  divisor: '0',
  matchPolicy: 'Equivalent',
  namespaceSelector: {},
  objectSelector: {},
}

function mergedMaps(wanted: Record<string, unknown>, live: Record<string, unknown>, spot: Spot): unknown {
  const { owners, field, omitsZeroes, builtIn } = spot
  const result: Record<string, unknown> = {}
  // A map that is merged field by field and was declared empty looks the same as one that is owned as a whole.
  const isMerged = ['metadata', 'labels', 'annotations'].includes(field) || isEmpty(wanted)
  const isWhole = owners.ours.length > 0 && owners.ours.every(isLeaf) && !isMerged
  for (const name of new Set([...Object.keys(live), ...Object.keys(wanted)])) {
    const inner = under(owners, (set) => ownedField(set, name))
    const inside = { owners: inner, field: quantityField(field, name), holder: field, omitsZeroes, builtIn }
    const isDefault = isWhole && name in defaultsInWholes && sameJson(live[name], defaultsInWholes[name])
    const value =
      name in wanted || isDefault
        ? merged({ ...inside, wanted: wanted[name], live: live[name] })
        : undeclared({ ...inside, wanted: undefined, live: live[name] }, isWhole)
    if (value !== undefined) result[name] = value
  }
  return result
}

/** `limits` says that whatever is below it is a quantity, whatever its name. */
function quantityField(parent: string, name: string): string {
  return ['limits', 'requests', 'capacity', 'hard'].includes(parent) ? parent : name
}

function undeclared(spot: Spot, isWhole: boolean): unknown {
  const { live, owners } = spot
  if (isWhole || (isDropped(owners) && owners.ours.some(isLeaf))) return undefined
  if (!isMap(live) || owners.ours.length === 0) return live
  const rest = mergedMaps({}, live, spot)
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
  return wanted.map((item, index) => merged({ ...spot, wanted: item, live: live[index], owners }))
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
    merged({ ...spot, wanted: item, live: there, owners: ownersOf(there) })
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

const builtInGroups = ['', 'apps', 'batch', 'autoscaling', 'policy']
const builtInPrefixes = [
  'admissionregistration',
  'apiextensions',
  'apiregistration',
  'certificates',
  'coordination',
  'discovery',
  'flowcontrol.apiserver',
  'networking',
  'node',
  'rbac.authorization',
  'resource',
  'scheduling',
  'storage',
]

function isBuiltIn(group: string): boolean {
  return builtInGroups.includes(group) || builtInPrefixes.some((prefix) => group === `${prefix}.k8s.io`)
}
