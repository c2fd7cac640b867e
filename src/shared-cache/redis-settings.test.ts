import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type RedisTexts, redisCredentials, redisSettings } from './redis-settings.ts'

function read(texts: Partial<RedisTexts>) {
  const warnings: string[] = []
  const settings = redisSettings({ flags: {}, parameters: {}, env: {}, ...texts }, (message) => warnings.push(message))
  return { settings, warnings }
}

const usual = { port: 6379, db: 0, keyPrefix: '', compression: 'gzip', expirySeconds: 86_400 }

test('without a setting there is none', () => {
  expect(read({})).toEqual({ settings: undefined, warnings: [] })
  expect(read({ parameters: { 'redis.server': ' ', 'redis.compression': 'none' } }).settings).toBeUndefined()
})

test('the flag stands above the environment, and that above argocd-cmd-params-cm', () => {
  const parameters = { 'redis.server': 'parameters:1', 'redis.db': '3', 'redis.compression': 'none' }
  const env = { REDIS_SERVER: 'environment:2', REDISDB: '4' }
  expect(read({ parameters }).settings).toEqual({ ...usual, host: 'parameters', port: 1, db: 3, compression: 'none' })
  expect(read({ parameters, env }).settings).toMatchObject({ host: 'environment', db: 4 })
  expect(read({ parameters, env, flags: { redis: 'flag:5' } }).settings).toMatchObject({ host: 'flag', port: 5 })
})

test.each([
  ['argocd-redis', { host: 'argocd-redis', port: 6379 }],
  ['10.0.0.7:6380', { host: '10.0.0.7', port: 6380 }],
  ['[fd00::7]:6380', { host: 'fd00::7', port: 6380 }],
  ['[fd00::7]', { host: 'fd00::7', port: 6379 }],
])('%s is a place', (redis, place) => {
  expect(read({ flags: { redis } }).settings).toEqual({ ...usual, ...place })
})

test.each(['redis://cache:6379', 'cache:', 'cache:0', 'cache:65536', 'user:secret@cache:6379', 'a b'])(
  '%s is none, and that is said',
  (redis) => {
    const { settings, warnings } = read({ flags: { redis } })
    expect(settings).toBeUndefined()
    expect(warnings).toEqual([expect.stringContaining('is not HOST:PORT')])
  },
)

test('what cannot be read counts as if it was not there, and that is said', () => {
  const parameters = {
    'redis.server': 'cache',
    'redis.db': 'first',
    'redis.compression': 'zip',
    'controller.default.cache.expiration': 'soon',
    'redis.sentinel.hosts': 'one:26379',
  }
  const { settings, warnings } = read({ parameters })
  expect(settings).toEqual({ ...usual, host: 'cache' })
  expect(warnings).toHaveLength(4)
})

test('files of TLS count only where TLS is asked for', () => {
  const flags = {
    redis: 'cache',
    redisCaCertificate: 'ca.pem',
    redisClientCertificate: 'c.pem',
    redisClientKey: 'k.pem',
  }
  expect(read({ flags }).settings).not.toHaveProperty('tls')
  expect(read({ flags: { ...flags, redisUseTls: true } }).settings?.tls).toEqual({
    ca: 'ca.pem',
    cert: 'c.pem',
    key: 'k.pem',
  })
})

test('credentials are those of the folder, else of the environment, else of the Secret', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tiphys-redis-'))
  const secret = { auth: 'of the Secret\n' }
  const env = { REDIS_PASSWORD: 'of the environment', REDIS_USERNAME: 'tiphys' }
  expect(await redisCredentials({ env: {}, secret: undefined })).toEqual({})
  expect(await redisCredentials({ env: {}, secret })).toEqual({ password: 'of the Secret' })
  expect(await redisCredentials({ env, secret })).toEqual({ username: 'tiphys', password: 'of the environment' })
  const mounted = { ...env, REDIS_CREDS_DIR_PATH: folder }
  expect(await redisCredentials({ env: mounted, secret })).toEqual({})
  writeFileSync(join(folder, 'auth'), 'of the folder\n')
  expect(await redisCredentials({ env: mounted, secret })).toEqual({ password: 'of the folder' })
  rmSync(folder, { recursive: true })
})
