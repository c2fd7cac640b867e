/** Clusters: registering, changing and forgetting them. */

import { deepEqual } from 'fast-equals'
import { type ClusterRecord, clusterRecords, inClusterServer } from '../../clusters/index.ts'
import { routes } from '../../contract/index.ts'
import { mergePatch } from '../../model/index.ts'
import { ApiError } from '../api-error.ts'
import { audit } from '../audit/audit.ts'
import type { Call } from '../call.ts'
import { differentSpec } from '../different-spec.ts'
import { type Handler, handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { storedObjects } from '../stored-objects.ts'
import { clusterSecret, updatedClusterSecret } from './cluster-secret.ts'
import { clusterQuestion, findCluster, selected } from './find-cluster.ts'
import { readCluster, requireConfig, withFields } from './read-cluster.ts'
import { shownCluster } from './show-cluster.ts'

export function clusterHandlers(services: Services): Handler[] {
  const { controlPlane } = services
  const stored = storedObjects(services)
  const recordOf = (server: string) => selected(clusterRecords(controlPlane), { server })[0]
  const shown = (server: string) => shownCluster(recordOf(server) ?? unregistered(server), services)

  async function create(call: Caused, record: ClusterRecord) {
    if (record.server === inClusterServer && !controlPlane.hasInCluster()) {
      throw new ApiError(
        'InvalidArgument',
        'there is no cluster that Tiphys runs in: it runs without one (--data), or cluster.inClusterEnabled of argocd-cm disables it',
      )
    }
    const after = await stored.create(clusterSecret(record, controlPlane.namespace))
    await audit(call, { reason: 'ResourceCreated', did: 'registered cluster', object: record.server, after }, services)
    return shown(record.server)
  }

  async function update(call: Caused, existing: ClusterRecord, record: ClusterRecord) {
    const { secret: before } = existing
    // The cluster that Tiphys runs in has no Secret until there is something to say of it.
    if (!before) return create(call, record)
    const after = await stored.change(before, (current) => mergePatch(current, updatedClusterSecret(current, record)))
    await audit(
      call,
      { reason: 'ResourceUpdated', did: 'updated cluster', object: record.server, before, after },
      services,
    )
    return shown(record.server)
  }

  return [
    handler(routes.clusters.list, async (call) => {
      const visible = call.visible(clusterRecords(controlPlane), (record) => clusterQuestion(record, 'get'))
      return { metadata: {}, items: selected(visible, call.query).map((record) => shownCluster(record, services)) }
    }),
    handler(routes.clusters.get, async (call) => {
      const selection = { ...call.query, id: call.params.id }
      return shownCluster(findCluster(call, selection, { controlPlane, action: 'get' }), services)
    }),
    handler(routes.clusters.create, async (call) => {
      const record = readCluster(call.body)
      call.require(clusterQuestion(record, 'create'))
      const existing = recordOf(record.server)
      // Whoever may use a name may not give it to the cluster that Tiphys runs in.
      if (existing && !existing.secret) call.require(clusterQuestion(existing, 'update'))
      if (!existing?.secret) return create(call, record)
      if (isSame(existing, record)) return shownCluster(existing, services)
      if (!call.query.upsert) throw differentSpec('cluster')
      call.require(clusterQuestion(existing, 'update'))
      call.require(clusterQuestion(record, 'update'))
      requireConfig(existing, call.body)
      return update(call, existing, record)
    }),
    handler(routes.clusters.update, async (call) => {
      const existing = findCluster(call, { ...call.query, id: call.params.id }, { controlPlane, action: 'update' })
      const fields = [call.query.updatedFields ?? []].flat()
      const record = withFields(existing, readCluster({ ...call.body, server: existing.server }), fields)
      // Also where it is moved to.
      call.require(clusterQuestion(record, 'update'))
      requireConfig(existing, call.body, fields)
      return update(call, existing, record)
    }),
    handler(routes.clusters.delete, async (call) => {
      const selection = { ...call.query, id: call.params.id }
      const record = findCluster(call, selection, { controlPlane, action: 'delete' })
      const { secret: before, server } = record
      if (!before)
        throw new ApiError(
          'InvalidArgument',
          'the cluster that Tiphys runs in is not registered: set cluster.inClusterEnabled to "false" in argocd-cm to do without it',
        )
      await stored.removeSecret(before)
      await audit(call, { reason: 'ResourceDeleted', did: 'deleted cluster', object: server, before }, services)
      return {}
    }),
  ]
}

type Caused = Pick<Call, 'caller' | 'address' | 'requestId' | 'route'>

const facts = ['name', 'namespaces', 'shard', 'clusterResources', 'annotations', 'labels', 'config', 'project'] as const

function isSame(existing: ClusterRecord, wanted: ClusterRecord): boolean {
  const address = ({ server }: ClusterRecord) => server.replace(/\/+$/, '')
  return address(existing) === address(wanted) && facts.every((fact) => deepEqual(existing[fact], wanted[fact]))
}

function unregistered(server: string): never {
  throw new ApiError('NotFound', `the cluster ${server} is not registered any more`)
}
