/** The cache that replicas share, where the installation names a Redis. */
import type { ControlPlane } from '../live/index.ts'
import type { Log } from '../reconcile/stages.ts'
import {
  connectRedis,
  openSharedCache,
  type RedisFlags,
  redisCredentials,
  redisSettings,
  type SharedCache,
} from '../shared-cache/index.ts'

export interface RedisInputs {
  flags: RedisFlags
  controlPlane: Pick<ControlPlane, 'settings' | 'secret'>
  env: Record<string, string | undefined>
  log: Log
}

/** Undefined where none is named: then nothing is loaded, and nothing connected. */
export async function openRedis({ flags, controlPlane, env, log }: RedisInputs): Promise<SharedCache | undefined> {
  const texts = { flags, parameters: controlPlane.settings('argocd-cmd-params-cm'), env }
  const settings = redisSettings(texts, (message) => log.warn({}, message))
  if (!settings) return undefined
  return openSharedCache({
    ...settings,
    server: `${settings.host}:${settings.port}`,
    // Asked for each connection, so that a new password is taken up.
    async connect(signal) {
      const credentials = await redisCredentials({ env, secret: controlPlane.secret('argocd-redis') })
      return connectRedis(settings, { credentials, signal })
    },
    secretKey: () => controlPlane.secret('argocd-secret')?.['server.secretkey'],
    log,
  })
}
