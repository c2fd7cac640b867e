/** Objects that select others by label, found from the labels of one they may select. */
import type { KubeObject } from '../object.ts'
import { keyOf } from './informer.ts'
import type { LabelSelector } from './selector.ts'

/** Each object is filed under one label of its selector: what carries that label looks there. */
export class SelectorIndex<T extends KubeObject> {
  readonly #selectorOf: (object: T) => LabelSelector | undefined
  readonly #keys = new Map<string, Set<string>>()
  readonly #filedUnder = new Map<string, string>()

  constructor(selectorOf: (object: T) => LabelSelector | undefined) {
    this.#selectorOf = selectorOf
  }

  note(now: T | undefined, old: T | undefined): void {
    const object = now ?? old
    if (!object) return
    const key = keyOf(object)
    this.#keys.get(this.#filedUnder.get(key) ?? '')?.delete(key)
    this.#filedUnder.delete(key)
    const selector = now && this.#selectorOf(now)
    if (!selector) return
    const [label] = Object.entries(selector.matchLabels ?? {})
    const place = `${object.metadata.namespace}/${label ? label.join('=') : ''}`
    this.#filedUnder.set(key, place)
    this.#keys.set(place, (this.#keys.get(place) ?? new Set()).add(key))
  }

  /** The keys of those that may select an object with these labels. */
  *keysFor({ metadata }: KubeObject): Iterable<string> {
    yield* this.#keys.get(`${metadata.namespace}/`) ?? []
    for (const label of Object.entries(metadata.labels ?? {})) {
      yield* this.#keys.get(`${metadata.namespace}/${label.join('=')}`) ?? []
    }
  }
}
