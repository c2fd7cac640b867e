/** Which fields differ between two values of one type. */
import type { Json, JsonObject } from '../object.ts'
import { type FieldSet, FieldSetBuilder } from './field-set.ts'
import { itemElement } from './list-item.ts'
import { equal, isEmpty, isMapLike, isObject, shapeOf } from './shape.ts'
import { anyType, memberType, type Type } from './type.ts'

export interface Comparison {
  added: FieldSet | undefined
  modified: FieldSet | undefined
  removed: FieldSet | undefined
}

/** What has to be added to, modified in and removed from `before` to make `after`; shared parts cost nothing. */
export function compare(before: Json | undefined, after: Json | undefined, type: Type): Comparison {
  const walk = new CompareWalk()
  walk.visit(before, after, type)
  return { added: walk.added.set, modified: walk.modified.set, removed: walk.removed.set }
}

class CompareWalk {
  readonly added = new FieldSetBuilder()
  readonly modified = new FieldSetBuilder()
  readonly removed = new FieldSetBuilder()
  readonly #path: string[] = []

  visit(before: Json | undefined, after: Json | undefined, type: Type): void {
    if (before === after) {
      return
    }
    if (type.shape === 'any' && before !== undefined && after !== undefined && before !== null && after !== null) {
      if (shapeOf(before) !== shapeOf(after)) {
        this.#reshape(before, after, type)
        return
      }
    }
    const value = after ?? before
    const walked = isMapLike(type, value) || type.shape === 'list'
    if (!walked || type.atomic || (isEmpty(before) && isEmpty(after))) {
      this.#leaf(before, after)
      return
    }
    if (type.shape === 'list') {
      this.#lists(Array.isArray(before) ? before : [], Array.isArray(after) ? after : [], type)
    } else {
      this.#maps(isObject(before) ? before : {}, isObject(after) ? after : {}, type)
    }
    this.#presence(before, after)
  }

  #presence(before: Json | undefined, after: Json | undefined): void {
    if (before === undefined) {
      this.added.add(this.#path, this.#path.length)
    } else if (after === undefined) {
      this.removed.add(this.#path, this.#path.length)
    }
  }

  #leaf(before: Json | undefined, after: Json | undefined): void {
    if (before === undefined || after === undefined) {
      this.#presence(before, after)
    } else if (!equal(before, after)) {
      this.modified.add(this.#path, this.#path.length)
    }
  }

  /** A value of no known type became another shape: whatever was or is below it counts too. */
  #reshape(before: Json, after: Json, type: Type): void {
    if (shapeOf(before) !== 'map' || shapeOf(after) !== 'map') {
      this.modified.add(this.#path, this.#path.length)
    }
    if (isObject(before)) {
      this.#maps(before, {}, type)
    }
    if (isObject(after)) {
      this.#maps({}, after, type)
    }
  }

  #descend(element: string, before: Json | undefined, after: Json | undefined, type: Type): void {
    this.#path.push(element)
    this.visit(before, after, type)
    this.#path.pop()
  }

  #maps(before: JsonObject, after: JsonObject, type: Type): void {
    for (const key in before) {
      if (before[key] !== undefined && before[key] !== after[key]) {
        this.#descend(`f:${key}`, before[key], after[key], memberType(type, key) ?? anyType)
      }
    }
    for (const key in after) {
      if (before[key] === undefined && after[key] !== undefined) {
        this.#descend(`f:${key}`, undefined, after[key], memberType(type, key) ?? anyType)
      }
    }
  }

  #lists(before: Json[], after: Json[], type: Type): void {
    const old = byElement(before, type)
    const now = byElement(after, type)
    for (const [element, items] of old) {
      this.#items(element, items, now.get(element) ?? [], type.element ?? anyType)
    }
    for (const [element, items] of now) {
      if (!old.has(element)) {
        this.#items(element, [], items, type.element ?? anyType)
      }
    }
  }

  /** Items that share a key are owned by their key only, so they count as one. */
  #items(element: string, before: Json[], after: Json[], type: Type): void {
    if (before.length <= 1 && after.length <= 1) {
      this.#descend(element, before[0], after[0], type)
      return
    }
    const path = [...this.#path, element]
    if (before.length >= 2 && after.length >= 2) {
      if (!equal(before, after)) {
        this.modified.add(path, path.length)
      }
    } else if (before.length >= 2) {
      if (after.length > 0) {
        this.#descend(element, undefined, after[0], type)
      }
      this.removed.add(path, path.length)
    } else {
      if (before.length > 0) {
        this.#descend(element, before[0], undefined, type)
      }
      this.added.add(path, path.length)
    }
  }
}

function byElement(list: Json[], type: Type): Map<string, Json[]> {
  const index = new Map<string, Json[]>()
  for (const item of list) {
    const element = itemElement(type, item)
    const same = index.get(element)
    if (same) {
      same.push(item)
    } else {
      index.set(element, [item])
    }
  }
  return index
}
