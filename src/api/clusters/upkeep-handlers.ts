/** What else can be asked of a cluster; so far Tiphys has to refuse it, and says why. */
import { routes } from '../../contract/index.ts'
import { ApiError } from '../api-error.ts'
import { type Handler, handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { findCluster } from './find-cluster.ts'
import { shownCluster } from './show-cluster.ts'

export function clusterUpkeepHandlers(services: Services): Handler[] {
  const { controlPlane, stages } = services
  return [
    handler(routes.clusters.rotateAuth, async (call) => {
      const { server, config } = findCluster(
        call,
        { ...call.query, id: call.params.id },
        { controlPlane, action: 'update' },
      )
      if (!config.bearerToken) {
        throw new ApiError(
          'InvalidArgument',
          `the cluster ${server} is not reached with a bearer token: there is none to exchange`,
        )
      }
      throw new ApiError(
        'Unimplemented',
        `Tiphys does not connect to other clusters yet: exchange the token of ${server} there`,
      )
    }),
    handler(routes.clusters.invalidateCache, async (call) => {
      const record = findCluster(call, { ...call.query, id: call.params.id }, { controlPlane, action: 'update' })
      stages.clusters.relist(record.server)
      return shownCluster(record, services)
    }),
  ]
}
