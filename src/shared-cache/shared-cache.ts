/** Bytes that replicas of one installation leave for one another in Redis. Losing any of them costs time and nothing else. */
import { messageOf } from '../model/index.ts'
import { type Compression, pack, unpack } from './packing.ts'
import type { Connection } from './redis-connection.ts'
import { type LinkTimes, type Log, RedisLink } from './redis-link.ts'
import { type Seal, sealLength, sealWith } from './seal.ts'

export interface SharedCache {
  /** Undefined when there is nothing, nothing of ours, or nobody to ask; soon in any case. */
  get(key: string): Promise<Buffer | undefined>
  /** Resolves when it is kept or is not going to be; never rejects. */
  put(key: string, value: Buffer): Promise<void>
  /** Lets what is kept stay longer; answers the keys of which nothing is kept. */
  renew(keys: string[]): Promise<string[]>
  /** Is called at times, and whenever the cache was away: what is known here may have to be put there again. */
  keepFresh(renew: () => Promise<void>): void
  /** Is told of every request. */
  onRequest(listener: (command: string, seconds: number, failed: boolean) => void): void
  readonly isConnected: boolean
  /** Values that this installation has not written. */
  readonly rejected: number
  close(): Promise<void>
}

export interface SharedCacheOptions {
  server: string
  connect(signal: AbortSignal): Promise<Connection>
  compression: Compression
  expirySeconds: number
  /** `server.secretkey`; without it nothing is kept or found. */
  secretKey(): string | undefined
  log: Log
  times?: Partial<LinkTimes>
}

/** Bytes of a value as it is kept, and as it is unpacked. */
const sealedLimit = 8 * 1024 * 1024
const valueLimit = 64 * 1024 * 1024
/** Bytes of values on their way at a time; more are not kept, and may be later. */
const underWayLimit = 64 * 1024 * 1024
const renewedAtOnce = 200
const renewEveryMs = 300_000
const warnEveryMs = 600_000
/** How long a start waits for it. */
const firstTryMs = 1000

/** Resolves whether there is a Redis or not. */
export async function openSharedCache(options: SharedCacheOptions): Promise<SharedCache> {
  const cache = new RedisCache(options)
  await cache.tried()
  return cache
}

class RedisCache implements SharedCache {
  readonly #options: SharedCacheOptions
  readonly #link: RedisLink
  #seal: { key: string; seal: Seal } | undefined
  #observe: Parameters<SharedCache['onRequest']>[0] = () => {}
  #renew: (() => Promise<void>) | undefined
  #renewing = false
  #timer: NodeJS.Timeout | undefined
  #underWay = 0
  #warnedAt = Number.NEGATIVE_INFINITY
  rejected = 0

  constructor(options: SharedCacheOptions) {
    this.#options = options
    this.#link = new RedisLink({
      ...options,
      observe: (...request) => this.#observe(...request),
      onConnected: () => void this.#freshen(),
    })
  }

  get isConnected(): boolean {
    return this.#link.isConnected
  }

  async tried(): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const enough = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, firstTryMs)
    })
    await Promise.race([this.#link.tried(), enough])
    clearTimeout(timer)
  }

  async get(key: string): Promise<Buffer | undefined> {
    const seal = this.#sealNow()
    if (!seal) return undefined
    const name = seal.nameOf(key)
    const sealed = await this.#link.read('getrange', (connection) => connection.get(name, sealedLimit + 1))
    if (!sealed) return undefined
    const packed = sealed.length > sealedLimit ? undefined : seal.open(name, sealed)
    if (!packed) this.#reject()
    return packed && unpack(packed, valueLimit)
  }

  async put(key: string, value: Buffer): Promise<void> {
    const seal = this.#sealNow()
    const { compression, expirySeconds } = this.#options
    if (!seal || !this.isConnected || this.#underWay + value.length > underWayLimit) return
    this.#underWay += value.length
    try {
      const packed = await pack(value, compression)
      if (packed.length + sealLength > sealedLimit) return
      const name = seal.nameOf(key)
      const sealed = seal.close(name, packed)
      await this.#link.write('set', (connection) => connection.set(name, sealed, expirySeconds))
    } finally {
      this.#underWay -= value.length
    }
  }

  async renew(keys: string[]): Promise<string[]> {
    const seal = this.#sealNow()
    if (!seal) return []
    const missing: string[] = []
    for (let at = 0; at < keys.length; at += renewedAtOnce) {
      const some = keys.slice(at, at + renewedAtOnce)
      const names = some.map(seal.nameOf)
      const kept = await this.#link.read('expire', (connection) => connection.renew(names, this.#options.expirySeconds))
      if (!kept) return missing
      missing.push(...some.filter((_key, index) => !kept[index]))
    }
    return missing
  }

  keepFresh(renew: () => Promise<void>): void {
    this.#renew = renew
    this.#timer = setInterval(() => void this.#freshen(), renewEveryMs).unref()
  }

  onRequest(listener: Parameters<SharedCache['onRequest']>[0]): void {
    this.#observe = listener
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#renew = undefined
    await this.#link.close()
  }

  async #freshen(): Promise<void> {
    if (!this.#renew || this.#renewing) return
    this.#renewing = true
    try {
      await this.#renew()
    } catch (error) {
      this.#options.log.warn({ error: messageOf(error) }, 'what is shared with other replicas could not be renewed')
    } finally {
      this.#renewing = false
    }
  }

  /** With the key as it is now: somebody may replace it. */
  #sealNow(): Seal | undefined {
    const key = this.#options.secretKey()
    if (!key) return undefined
    if (this.#seal?.key !== key) this.#seal = { key, seal: sealWith(key) }
    return this.#seal.seal
  }

  #reject(): void {
    this.rejected++
    const now = performance.now()
    if (now - this.#warnedAt < warnEveryMs) return
    this.#warnedAt = now
    const advice =
      'Somebody else writes there: give Redis a password, or a user for these names, that only this installation has'
    this.#options.log.warn(
      { redis: this.#options.server, rejected: this.rejected },
      `a value in Redis was not written by this installation, and is not used. ${advice}`,
    )
  }
}
