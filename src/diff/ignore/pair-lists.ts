/** Which item of one list is which of the other, where items may be ignored as a whole. */
import { stringifyJson } from '../../model/index.ts'
import { type FieldsV1, isMap, ownedItems, ownedMembers } from '../field-path.ts'
import { type Places, placesBelow } from './json-path.ts'
import type { Ignored } from './settle.ts'

interface Item {
  value: unknown
  ignored: Places | undefined
}

interface ItemPair {
  wanted: unknown
  live: unknown
  ignored: Ignored
}

interface Pairing {
  ignored: Ignored
  sets: FieldsV1[]
  /** The server merges the list item by item: what only one side has is nobody else's business. */
  keyed: boolean
}

/** In the order of the wanted list; ignored items that only the live list has keep their place in lists owned as a whole. */
export function pairLists(lists: { wanted: unknown[]; live: unknown[] }, pairing: Pairing): ItemPair[] {
  const wanted = items(lists.wanted, pairing.ignored.wanted)
  const live = items(lists.live, pairing.ignored.live)
  const nameOf = nameFor(lists, pairing.sets)
  if (nameOf) return byName({ wanted, live }, nameOf, pairing.keyed)
  return byPlace(wanted, live)
}

function items(values: unknown[], places: Places | undefined): Item[] {
  return values.map((value, index) => ({ value, ignored: placesBelow(places, index) }))
}

function pair(wanted: Item | undefined, live: Item | undefined): ItemPair {
  return { wanted: wanted?.value, live: live?.value, ignored: { wanted: wanted?.ignored, live: live?.ignored } }
}

/** What tells items apart; undefined when only their place does. */
function nameFor(
  lists: { wanted: unknown[]; live: unknown[] },
  sets: FieldsV1[],
): ((item: unknown) => string) | undefined {
  if (sets.some((set) => ownedMembers(set))) return (item) => stringifyJson(item)
  const key = sets.flatMap((set) => ownedItems(set) ?? [])[0]?.key
  const all = [...lists.wanted, ...lists.live]
  const nameOf = key
    ? (item: unknown) => stringifyJson(Object.keys(key).map((name) => (isMap(item) ? (item[name] ?? key[name]) : null)))
    : (item: unknown) => (isMap(item) ? String(item.name) : '')
  if (!key && !all.every((item) => isMap(item) && typeof item.name === 'string')) return undefined
  const isUnique = (list: unknown[]) => new Set(list.map(nameOf)).size === list.length
  return isUnique(lists.wanted) && isUnique(lists.live) ? nameOf : undefined
}

function byName(
  { wanted, live }: { wanted: Item[]; live: Item[] },
  nameOf: (item: unknown) => string,
  keyed: boolean,
): ItemPair[] {
  const there = new Map(live.map((item) => [nameOf(item.value), item]))
  const wantedNames = new Set(wanted.map(({ value }) => nameOf(value)))
  const pairs = wanted.map((item) => pair(item, there.get(nameOf(item.value))))
  const extra = live.filter(({ value, ignored }) => ignored !== undefined && !wantedNames.has(nameOf(value)))
  if (keyed) return [...pairs, ...extra.map((item) => pair(undefined, item))]
  for (const item of extra) if (item.ignored === true) pairs.splice(live.indexOf(item), 0, pair(undefined, item))
  return pairs
}

function byPlace(wanted: Item[], live: Item[]): ItemPair[] {
  const counted = wanted.filter(({ ignored }) => ignored !== true)
  const pairs: ItemPair[] = []
  for (const item of live) {
    if (item.ignored === true) pairs.push(pair(undefined, item))
    else {
      const next = counted.shift()
      if (next) pairs.push(pair(next, item))
    }
  }
  return [...pairs, ...counted.map((item) => pair(item, undefined))]
}
