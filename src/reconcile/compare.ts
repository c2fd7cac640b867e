/** Desired against live, object by object: the verdict on each, with as few questions to the server as can be. */
import { type ComparisonRules, judge } from '../diff/index.ts'
import { contentHash } from '../model/content-hash.ts'
import {
  type KubeObject,
  keyOf,
  keyText,
  type Manifest,
  type ResourceKey,
  type Verdict,
  versionOf,
} from '../model/index.ts'
import { RuleBook } from './rule-book.ts'

/** What the live cache answers about one object. */
export interface LiveView {
  key: ResourceKey
  /** Without managedFields but our own Apply entry. */
  object: KubeObject
  /** Equal as long as nothing but status and bookkeeping changes. */
  contentHash: string
  /** False: only what health and the tree need is kept of it, and nothing but metadata of most kinds. */
  full?: boolean
}

export interface Pair {
  key: ResourceKey
  version: string
  /** Normalised and tracked; undefined when Git does not declare the object. */
  desired?: Manifest
  live?: LiveView
}

export interface Compared extends Pair {
  verdict: Verdict
}

/** The questions that only the server can answer. */
export interface ServerAnswers {
  /** What a server-side apply would make of the object; nothing is stored. */
  predict(desired: KubeObject): Promise<KubeObject>
  /** The object as it is now, with all managedFields. */
  read(pair: Pair): Promise<KubeObject | undefined>
}

/** Pairs what is desired with what is there; what is tracked and no longer desired stands alone. */
export function pairUp(
  desired: Manifest[],
  managed: LiveView[],
  find: (key: ResourceKey) => LiveView | undefined,
): Pair[] {
  const wanted = new Set<string>()
  const pairs = desired.map((manifest): Pair => {
    const key = keyOf(manifest.object)
    wanted.add(keyText(key))
    const live = find(key)
    return { key, version: versionOf(manifest.object.apiVersion), desired: manifest, ...(live && { live }) }
  })
  const extra = managed
    .filter((live) => !wanted.has(keyText(live.key)))
    .map((live): Pair => ({ key: live.key, version: versionOf(live.object.apiVersion), live }))
  return [...pairs, ...extra]
}

interface Remembered {
  desired: string
  live: string
  verdict: Verdict
  /** This same desired state was in sync at some time: a field that is missing since then was removed by somebody. */
  wasSynced: boolean
}

/**
 * The verdicts of one application, remembered under the content of both sides: an event that changes neither costs a
 * look-up, and a status-only event changes neither.
 */
export class Comparison {
  readonly book = new RuleBook()
  readonly #remembered = new Map<string, Remembered>()
  readonly #desiredHashes = new WeakMap<KubeObject, string>()
  #rules: ComparisonRules | undefined

  async compare(
    pairs: Pair[],
    { server, rules }: { server: ServerAnswers; rules: ComparisonRules },
  ): Promise<Compared[]> {
    if (this.#rules !== rules) this.forget()
    this.#rules = rules
    const present = new Set(pairs.map((pair) => keyText(pair.key)))
    for (const key of this.#remembered.keys()) if (!present.has(key)) this.#remembered.delete(key)
    return Promise.all(pairs.map(async (pair) => ({ ...pair, verdict: await this.#judge(pair, server, rules) })))
  }

  /** After this the server is asked anew about everything that a local look does not settle. */
  forget(): void {
    this.#remembered.clear()
  }

  async #judge(pair: Pair, server: ServerAnswers, { ignore, options }: ComparisonRules): Promise<Verdict> {
    const { desired, live, key } = pair
    if (!desired) return { kind: 'extra' }
    if (!live) return { kind: 'missing' }
    const name = keyText(key)
    const hashes = { desired: this.#hash(desired.object), live: live.contentHash }
    const known = this.#remembered.get(name)
    if (known && known.desired === hashes.desired && known.live === hashes.live) return known.verdict
    const before = known?.desired === hashes.desired && known.wasSynced
    const verdict = await judge({
      desired: desired.object,
      live: live.object,
      rules: ignore.rulesFor(key),
      options,
      server: { predict: server.predict, read: () => server.read(pair) },
      wasSynced: before,
    })
    const wasSynced = before || verdict.kind === 'synced'
    if (verdict.kind !== 'unknown') this.#remembered.set(name, { ...hashes, verdict, wasSynced })
    return verdict
  }

  #hash(object: KubeObject): string {
    let hash = this.#desiredHashes.get(object)
    if (hash === undefined) {
      hash = contentHash(object)
      this.#desiredHashes.set(object, hash)
    }
    return hash
  }
}
