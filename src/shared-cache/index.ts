/** A cache that replicas share. It holds no truth: without it, and whatever somebody does to it, the same is done, only later. */
export { connectRedis } from './redis-connection.ts'
export { type RedisFlags, redisCredentials, redisSettings } from './redis-settings.ts'
export { openSharedCache, type SharedCache } from './shared-cache.ts'
