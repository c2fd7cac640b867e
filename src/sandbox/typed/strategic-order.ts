/** The order of a merged list: as the patch gives it, with the items only the server has kept in their places. */
import type { Json } from '../object.ts'
import { isObject } from './shape.ts'

export interface ItemOrder {
  /** The items of the patch, or of its $setElementOrder. */
  order: readonly Json[]
  /** The list as it was. */
  live: readonly Json[]
  /** The merge key; empty for scalars. */
  key: string
}

export function orderItems(merged: readonly Json[], { order, live, key }: ItemOrder): Json[] {
  const inOrder = positions(order, key)
  const inLive = positions(live, key)
  const position = (index: Map<Json, number>, item: Json) => index.get(nameOf(item, key)) ?? -1
  const mine = merged.filter((item) => position(inOrder, item) >= 0)
  const servers = merged.filter((item) => position(inOrder, item) < 0)
  mine.sort((a, b) => position(inOrder, a) - position(inOrder, b))
  servers.sort((a, b) => position(inLive, a) - position(inLive, b))
  const result: Json[] = []
  let at = 0
  for (const server of servers) {
    while (at < mine.length && !precedes(position(inLive, server), position(inLive, mine[at] as Json))) {
      result.push(mine[at++] as Json)
    }
    result.push(server)
  }
  return [...result, ...mine.slice(at)]
}

/** Both were there, one before the other; an item that was not there goes first. */
function precedes(server: number, mine: number): boolean {
  return server >= 0 && mine >= 0 && server < mine
}

function positions(items: readonly Json[], key: string): Map<Json, number> {
  const index = new Map<Json, number>()
  items.forEach((item, at) => {
    const name = nameOf(item, key)
    if (!index.has(name)) {
      index.set(name, at)
    }
  })
  return index
}

function nameOf(item: Json, key: string): Json {
  return key === '' ? item : isObject(item) ? (item[key] ?? null) : null
}
