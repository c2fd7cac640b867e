/** What else can be asked of a cluster: another token, and to be looked at anew. */
import { exchangedToken } from '../../clusters/index.ts'
import { routes } from '../../contract/index.ts'
import type { KubeClient } from '../../live/index.ts'
import { mergePatch, messageOf } from '../../model/index.ts'
import { ApiError } from '../api-error.ts'
import { audit } from '../audit/audit.ts'
import { type Handler, handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { storedObjects } from '../stored-objects.ts'
import { updatedClusterSecret } from './cluster-secret.ts'
import { findCluster } from './find-cluster.ts'
import { shownCluster } from './show-cluster.ts'

export function clusterUpkeepHandlers(services: Services): Handler[] {
  const { controlPlane, stages } = services
  const stored = storedObjects(services)
  return [
    handler(routes.clusters.rotateAuth, async (call) => {
      const record = findCluster(call, { ...call.query, id: call.params.id }, { controlPlane, action: 'update' })
      const { server, config, secret: before } = record
      if (typeof config.bearerToken !== 'string' || !before) {
        throw new ApiError(
          'InvalidArgument',
          `the cluster ${server} is not reached with a bearer token: there is none to exchange`,
        )
      }
      const cluster = stages.clusters.find({ server })
      if (!cluster) throw new ApiError('FailedPrecondition', stages.clusters.fault({ server })?.message ?? server)
      const { token, revokeOld } = await exchanged(cluster.client, config.bearerToken)
      const renewed = { ...record, config: { ...config, bearerToken: token } }
      const after = await stored.change(before, (current) =>
        mergePatch(current, updatedClusterSecret(current, renewed)),
      )
      // With the new one: were that of no use, the old one would stay.
      await revokeOld()
      const change = { reason: 'ResourceUpdated', did: 'exchanged the token of cluster', object: server } as const
      await audit(call, { ...change, before, after }, services)
      return {}
    }),
    handler(routes.clusters.invalidateCache, async (call) => {
      const record = findCluster(call, { ...call.query, id: call.params.id }, { controlPlane, action: 'update' })
      stages.clusters.relist(record.server)
      return shownCluster(record, services)
    }),
  ]
}

async function exchanged(client: KubeClient, token: string) {
  try {
    return await exchangedToken(client, token)
  } catch (error) {
    throw new ApiError('FailedPrecondition', `the token cannot be exchanged: ${messageOf(error)}`)
  }
}
