/** Merges an applied configuration into a live value; what does not change is shared, not copied. */
import type { Json, JsonObject } from '../object.ts'
import { itemElement } from './list-item.ts'
import { equal, isEmpty, isMapLike, isObject, shapeOf } from './shape.ts'
import { anyType, memberType, type Type } from './type.ts'

/** `config` over `live`: its leaves win, what it does not mention stays, lists are ordered as it orders them. */
export function merge(live: Json | undefined, config: Json | undefined, type: Type): Json | undefined {
  if (config === undefined) {
    return live
  }
  if (live === undefined) {
    return config
  }
  if (type.shape === 'any' && live !== null && config !== null && shapeOf(live) !== shapeOf(config)) {
    return config
  }
  const walked = isMapLike(type, config ?? live) || type.shape === 'list'
  if (!walked || type.atomic || (isEmpty(live) && isEmpty(config))) {
    return equal(live, config) ? live : config
  }
  if (type.shape === 'list') {
    return mergeLists(Array.isArray(live) ? live : [], Array.isArray(config) ? config : [], type)
  }
  return mergeMaps(isObject(live) ? live : {}, isObject(config) ? config : {}, type)
}

function mergeMaps(live: JsonObject, config: JsonObject, type: Type): JsonObject {
  let result = live
  for (const key in config) {
    const merged = merge(live[key], config[key], memberType(type, key) ?? anyType)
    if (merged !== live[key]) {
      if (result === live) {
        result = { ...live }
      }
      result[key] = merged
    }
  }
  return result
}

/**
 * Items in `config` come in its order; live items that it does not name stay beside the neighbours they had, as long
 * as the shared items keep their order.
 */
function mergeLists(live: Json[], config: Json[], type: Type): Json[] {
  const itemType = type.element ?? anyType
  const liveElements = live.map((item) => itemElement(type, item))
  const configElements = config.map((item) => itemElement(type, item))
  const liveItems = uniqueItems(live, liveElements)
  const inConfig = new Set(configElements)
  const shared = configElements.filter((element) => liveItems.has(element))
  const taken = new Set<string>()
  const result: Json[] = []
  let nextShared = 0

  const take = (at: number) => {
    const element = configElements[at] as string
    taken.add(element)
    result.push(merge(liveItems.get(element), config[at], itemType) as Json)
    if (shared[nextShared] === element) {
      nextShared++
    }
  }

  let liveAt = 0
  let configAt = 0
  while (liveAt < live.length || configAt < config.length) {
    if (liveAt < live.length) {
      const element = liveElements[liveAt] as string
      if (!inConfig.has(element)) {
        result.push(live[liveAt++] as Json)
        continue
      }
      if (configAt < config.length && element === configElements[configAt]) {
        take(configAt++)
        liveAt++
        continue
      }
      // A shared item that another shared one must precede, or that has been taken already.
      if (
        taken.has(element) ||
        (configAt < config.length && nextShared < shared.length && shared[nextShared] !== element)
      ) {
        liveAt++
        continue
      }
    }
    if (configAt < config.length) {
      take(configAt++)
    }
  }
  return sameItems(result, live) ? live : result
}

/** Items by their element; of items that share one, none takes part in the merge: undefined stands for them. */
function uniqueItems(items: Json[], elements: string[]): Map<string, Json | undefined> {
  const index = new Map<string, Json | undefined>()
  elements.forEach((element, at) => {
    index.set(element, index.has(element) ? undefined : items[at])
  })
  return index
}

function sameItems(a: Json[], b: Json[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index])
}
