/** The store's copy on disk: an LMDB database that follows the store in the order of its commits, one transaction at a time. */
import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Database, open } from 'lmdb'
import type { KubeObject } from '../object.ts'
import type { Persistence } from '../store/store.ts'
import { claimDirectory, type HeldDirectory } from './single-process.ts'

/** How objects become text: those who hold integers beyond 2^53 bring their own. */
export interface Codec {
  stringify(object: unknown): string
  parse(text: string): unknown
}

export interface DirectoryPersistence extends Persistence {
  /** What else is to outlive the process: certificates, tokens. */
  getMeta(name: string): string | undefined
  setMeta(name: string, text: string): void
}

const revisionKey = 'revision'
const formatKey = 'format'
const format = '1'

type Key = [bucket: string, key: string]
type Change = { key: Key; object: KubeObject | undefined }

class Lmdb implements DirectoryPersistence {
  readonly #root
  readonly #objects: Database<string, Key>
  readonly #meta: Database<string, string>
  readonly #codec: Codec
  readonly #held: HeldDirectory
  readonly #lost: Error
  /** What the next transaction writes; a key that changed twice meanwhile is written once. */
  #pending = new Map<string, Change>()
  #revision = 0
  #scheduled: NodeJS.Immediate | undefined
  /** The transaction under way, or the last one; once the disk has refused one, all later ones are refused. */
  #written: Promise<void> = Promise.resolve()
  /** The one after it, which writes all that has changed until it begins. */
  #next: Promise<void> | undefined
  readonly #onRefused: (error: unknown) => void

  constructor(directory: string, { codec = JSON, onRefused = () => {} }: PersistenceOptions) {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    // It holds private keys and Secrets
    chmodSync(directory, 0o700)
    this.#lost = new Error('it was not heard of for so long that another process has taken the folder')
    this.#held = claimDirectory(directory, () => onRefused(this.#lost))
    this.#codec = codec
    this.#onRefused = onRefused
    // After a crash of the machine LMDB goes back to the last flushed transaction; after one of the process alone,
    // the last committed one is used. So nobody has to wait for the disk.
    this.#root = open({ path: join(directory, 'store'), separateFlushed: true, encoding: 'string', maxDbs: 2 })
    this.#objects = this.#root.openDB<string, Key>({ name: 'objects', encoding: 'string' })
    this.#meta = this.#root.openDB<string, string>({ name: 'meta', encoding: 'string' })
    this.#checkFormat(directory)
  }

  load(): { revision: number; objects: Iterable<[bucket: string, object: KubeObject]> } {
    this.#revision = Number(this.#meta.get(revisionKey) ?? 0)
    return { revision: this.#revision, objects: this.#read() }
  }

  commit(bucket: string, key: string, object: KubeObject | undefined, revision: number): void {
    this.#pending.set(`${bucket}\n${key}`, { key: [bucket, key], object })
    this.#revision = revision
    this.#scheduled ??= setImmediate(() => void this.#flush())
  }

  settled(): Promise<void> {
    return this.#pending.size > 0 ? this.#flush() : this.#written
  }

  getMeta(name: string): string | undefined {
    return this.#meta.get(`meta/${name}`)
  }

  setMeta(name: string, text: string): void {
    this.#meta.putSync(`meta/${name}`, text)
  }

  async close(): Promise<void> {
    await this.settled()
    await this.#root.close()
    this.#held.release()
  }

  *#read(): Iterable<[string, KubeObject]> {
    for (const { key, value } of this.#objects.getRange()) yield [key[0], this.#codec.parse(value) as KubeObject]
  }

  /** Resolves when all that has changed until now is written. */
  #flush(): Promise<void> {
    clearImmediate(this.#scheduled)
    this.#scheduled = undefined
    this.#next ??= this.#written.then(() => {
      this.#next = undefined
      this.#written = told(this.#write())
      return this.#written
    })
    return told(this.#next)
  }

  /** LMDB makes one transaction of all that is put in one turn of the event loop: the revision is never ahead. */
  async #write(): Promise<void> {
    const changes = this.#pending
    this.#pending = new Map()
    try {
      // One that was stopped for a while, and goes on now, must not write over what another has written
      if (!this.#held.isOurs()) throw this.#lost
      const writes: Promise<boolean>[] = []
      for (const { key, object } of changes.values()) {
        writes.push(object ? this.#objects.put(key, this.#codec.stringify(object)) : this.#objects.remove(key))
      }
      writes.push(this.#meta.put(revisionKey, String(this.#revision)))
      await Promise.all(writes)
    } catch (error) {
      const cause: unknown = (error as { commitError?: unknown }).commitError ?? error
      this.#onRefused(cause)
      throw cause
    }
  }

  #checkFormat(directory: string): void {
    const found = this.#meta.get(formatKey)
    if (found === undefined) this.#meta.putSync(formatKey, format)
    else if (found !== format) {
      this.#held.release()
      throw new Error(`${directory} was written by another version (format ${found}, not ${format}): choose another`)
    }
  }
}

/** Those who wait are told; nobody waiting is no crash. */
function told(written: Promise<void>): Promise<void> {
  written.catch(() => {})
  return written
}

export interface PersistenceOptions {
  codec?: Codec
  /** The disk has not taken what was committed, and nothing that is committed later is written. */
  onRefused?: ((error: unknown) => void) | undefined
}

/** Opens or makes the directory; throws when another living process uses it. */
export function openPersistence(directory: string, options: PersistenceOptions = {}): DirectoryPersistence {
  return new Lmdb(directory, options)
}
