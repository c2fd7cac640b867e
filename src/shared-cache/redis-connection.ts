/** One connection to a Redis, from signing in to its end; who wants another one opens another one. */
import { readFile } from 'node:fs/promises'
import type { Redis } from 'ioredis'
import { messageOf } from '../model/index.ts'
import type { RedisCredentials, RedisSettings } from './redis-settings.ts'

export interface Connection {
  /** No more than `limit` bytes are read; undefined when there is nothing. */
  get(name: string, limit: number): Promise<Buffer | undefined>
  set(name: string, value: Buffer, expirySeconds: number): Promise<void>
  /** Lets them expire later; tells of each whether it is there. */
  renew(names: string[], expirySeconds: number): Promise<boolean[]>
  /** Resolves when it has ended, whoever ended it. */
  readonly closed: Promise<void>
  close(): void
}

/** The server understood, and says no; anything else is about reaching it. */
export class RefusedByRedis extends Error {}

/** How long the other side is given to agree that a connection has ended. */
const disconnectTimeoutMs = 100

/** Throws an Error that says what is wrong. Once `signal` is aborted nothing is left of it. */
export async function connectRedis(
  settings: RedisSettings,
  { credentials, signal }: { credentials: RedisCredentials; signal: AbortSignal },
): Promise<Connection> {
  const tls = await tlsOptions(settings)
  // Nobody who has no Redis is to load it.
  const { Redis } = await import('ioredis')
  const redis = new Redis({
    host: settings.host,
    port: settings.port,
    db: settings.db,
    ...credentials,
    ...(tls && { tls }),
    protocol: 2,
    lazyConnect: true,
    // Whether and when to try again is decided above.
    retryStrategy: null,
    enableOfflineQueue: false,
    enableReadyCheck: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    disableClientInfo: true,
    disconnectTimeout: disconnectTimeoutMs,
  })
  let fault: unknown
  redis.on('error', (error: unknown) => {
    fault ??= error
  })
  const closed = new Promise<void>((resolve) => redis.once('end', () => resolve()))
  const giveUp = () => redis.disconnect()
  signal.addEventListener('abort', giveUp)
  try {
    signal.throwIfAborted()
    await redis.connect()
  } catch (error) {
    redis.disconnect()
    throw new Error(messageOf(fault ?? error).slice(0, 200))
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
  return connectionOf(redis, { closed, keyPrefix: settings.keyPrefix })
}

function connectionOf(redis: Redis, { closed, keyPrefix }: { closed: Promise<void>; keyPrefix: string }): Connection {
  return {
    async get(name, limit) {
      // Whoever can write there must not decide how much is read here.
      const value = await told(redis.getrangeBuffer(keyPrefix + name, 0, limit - 1)).catch(foreignKind)
      return value.length === 0 ? undefined : value
    },
    async set(name, value, expirySeconds) {
      await told(redis.set(keyPrefix + name, value, 'EX', expirySeconds))
    },
    async renew(names, expirySeconds) {
      const pipeline = redis.pipeline()
      for (const name of names) pipeline.expire(keyPrefix + name, expirySeconds)
      const answers = (await told(pipeline.exec())) ?? []
      const failure = answers.find(([error]) => error)?.[0]
      if (failure) await told(Promise.reject(failure))
      return answers.map(([, isThere]) => isThere === 1)
    },
    closed,
    close: () => redis.disconnect(),
  }
}

/** A value of another kind, such as a list, is somebody else's as any bytes may be: these are none of ours either. */
function foreignKind(error: unknown): Buffer {
  if (error instanceof RefusedByRedis && error.message.startsWith('WRONGTYPE')) return Buffer.of(0)
  throw error
}

async function told<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    // The library's error holds the command with its arguments: only its words are passed on.
    const message = messageOf(error).slice(0, 200)
    throw (error as Error).name === 'ReplyError' ? new RefusedByRedis(message) : new Error(message)
  }
}

async function tlsOptions({ tls }: RedisSettings) {
  if (!tls) return undefined
  const [ca, cert, key] = await Promise.all([tls.ca, tls.cert, tls.key].map((file) => file && readFile(file)))
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) }
}
