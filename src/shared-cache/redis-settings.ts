/** Whether there is a Redis, where it is, and how it is signed in to: flags first, then the environment, then argocd-cmd-params-cm. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf, parseDuration } from '../model/index.ts'
import type { Compression } from './packing.ts'

export interface RedisFlags {
  /** `HOST:PORT`. */
  redis?: string
  redisUseTls?: boolean
  /** Files in PEM. */
  redisCaCertificate?: string
  redisClientCertificate?: string
  redisClientKey?: string
}

export interface RedisSettings {
  host: string
  port: number
  db: number
  /** In front of each name, for those who share a server with others. */
  keyPrefix: string
  compression: Compression
  expirySeconds: number
  /** Names of files; the authorities of the system without `ca`. */
  tls?: { ca?: string; cert?: string; key?: string }
}

export interface RedisCredentials {
  username?: string
  password?: string
}

export interface RedisTexts {
  flags: RedisFlags
  /** argocd-cmd-params-cm. */
  parameters: Record<string, string>
  env: Record<string, string | undefined>
}

const usualPort = 6379
const usualExpiryMs = 24 * 3600 * 1000

/** Undefined where none is set, or what is set cannot be read; then nothing is connected. */
export function redisSettings(
  { flags, parameters, env }: RedisTexts,
  warn: (message: string) => void,
): RedisSettings | undefined {
  const first = (variable: string, key: string) => env[variable]?.trim() || parameters[key]?.trim() || undefined
  if (first('REDIS_SENTINEL_HOSTS', 'redis.sentinel.hosts')) {
    warn('redis.sentinel.hosts is not followed: name what leads to the master in redis.server')
  }
  const server = flags.redis?.trim() || first('REDIS_SERVER', 'redis.server')
  if (!server) return undefined
  const place = placeOf(server)
  if (!place) {
    warn(`redis.server is ${JSON.stringify(server)}, which is not HOST:PORT: there is no shared cache`)
    return undefined
  }
  const tls = tlsOf(flags)
  return {
    ...place,
    db: numberOf(first('REDISDB', 'redis.db'), warn),
    keyPrefix: first('ARGOCD_REDIS_KEY_PREFIX', 'redis.key.prefix') ?? '',
    compression: compressionOf(first('REDIS_COMPRESSION', 'redis.compression'), warn),
    expirySeconds: expiryOf(first('ARGOCD_DEFAULT_CACHE_EXPIRATION', 'controller.default.cache.expiration'), warn),
    ...(tls && { tls }),
  }
}

function placeOf(server: string): { host: string; port: number } | undefined {
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-fA-F:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/.exec(server) ?? []
  const host = bracketed ?? plain
  const port = digits === undefined ? usualPort : Number(digits)
  return host === undefined || port === 0 || port > 65535 ? undefined : { host, port }
}

function tlsOf({ redisUseTls, redisCaCertificate: ca, redisClientCertificate: cert, redisClientKey: key }: RedisFlags) {
  return redisUseTls ? { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) } : undefined
}

function numberOf(text: string | undefined, warn: (message: string) => void): number {
  if (text === undefined || /^\d{1,9}$/.test(text)) return Number(text ?? 0)
  warn(`redis.db is ${JSON.stringify(text)}, which is no number: 0 counts`)
  return 0
}

function compressionOf(text: string | undefined, warn: (message: string) => void): Compression {
  if (text === undefined || text === 'gzip' || text === 'none') return text ?? 'gzip'
  warn(`redis.compression is ${JSON.stringify(text)}, which is neither gzip nor none: gzip counts`)
  return 'gzip'
}

function expiryOf(text: string | undefined, warn: (message: string) => void): number {
  const ms = text === undefined ? usualExpiryMs : parseDuration(text)
  if (ms === undefined || ms < 1000) {
    warn(`the expiration of caches is ${JSON.stringify(text)}, which is no duration such as 24h: 24h counts`)
    return usualExpiryMs / 1000
  }
  return Math.floor(ms / 1000)
}

export interface CredentialSources {
  env: Record<string, string | undefined>
  /** The data of the Secret argocd-redis. */
  secret: Record<string, string> | undefined
}

/** Of a folder that a Secret is mounted to, of the environment, or of the Secret argocd-redis. Throws when the folder cannot be read. */
export async function redisCredentials({ env, secret }: CredentialSources): Promise<RedisCredentials> {
  const folder = env.REDIS_CREDS_DIR_PATH
  if (folder) return credentials(await optionalText(folder, 'auth_username'), await optionalText(folder, 'auth'))
  if (env.REDIS_USERNAME || env.REDIS_PASSWORD) return credentials(env.REDIS_USERNAME, env.REDIS_PASSWORD)
  return credentials(secret?.auth_username?.trim(), secret?.auth?.trim())
}

function credentials(username: string | undefined, password: string | undefined): RedisCredentials {
  return { ...(username && { username }), ...(password && { password }) }
}

async function optionalText(folder: string, name: string): Promise<string | undefined> {
  try {
    return (await readFile(join(folder, name), 'utf8')).trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new Error(`${name} in REDIS_CREDS_DIR_PATH cannot be read: ${messageOf(error)}`, { cause: error })
  }
}
