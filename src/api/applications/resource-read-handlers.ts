/** What an application consists of: its tree, its differences, and single objects. */
import { routes } from '../../contract/index.ts'
import type { ResourceRef } from '../../contract/resource-tree-kinds.ts'
import { maskSecretsAnd } from '../../diff/index.ts'
import { stringifyJson } from '../../model/index.ts'
import { ApiError } from '../api-error.ts'
import { type Handler, handler } from '../handler.ts'
import { eventsOf } from '../object-events.ts'
import type { Services } from '../services.ts'
import { managedResources } from './managed-resources.ts'
import { observedApplications } from './observed-application.ts'
import { applicationTree } from './tree/application-tree.ts'
import { treeObject } from './tree-object.ts'

export function applicationResourceReadHandlers(services: Services): Handler[] {
  const { client, stages } = services
  const applications = observedApplications(services)
  return [
    handler(routes.applicationResources.tree, async (call) => {
      const tree = applicationTree(await applications.observed(call, call.params.applicationName), stages)
      const isMeant = (ref: ResourceRef) => matchesSelection(ref, call.query)
      return { ...tree, nodes: tree.nodes.filter(isMeant), orphanedNodes: tree.orphanedNodes.filter(isMeant) }
    }),
    handler(routes.applicationResources.managed, async (call) => {
      const found = await applications.observed(call, call.params.applicationName)
      const { query, signal } = call
      const isMeant = (ref: ResourceRef) => matchesSelection(ref, query)
      return { items: await managedResources({ ...found, isMeant, undeclared: query.undeclared === true, signal }) }
    }),
    handler(routes.applicationResources.get, async (call) => {
      const { resourceName, version, ...query } = call.query
      const found = await applications.observed(call, call.params.name)
      const { cluster, live } = await treeObject(found, { ...query, name: resourceName }, stages)
      const object = await cluster.live.read(live.key, { version: version || undefined, signal: call.signal })
      if (!object) throw new ApiError('NotFound', `${resourceName} has been deleted meanwhile`)
      const [shown] = maskSecretsAnd(stages.settings.diff.maskedAnnotations, object)
      return { manifest: stringifyJson(shown) }
    }),
    handler(routes.applicationResources.events, async (call) => {
      const { resourceUID: uid = '', resourceName: name = '', resourceNamespace: namespace = '' } = call.query
      const { signal } = call
      if (!uid && !name) return eventsOf(applications.find(call, call.params.name), client, signal)
      const found = await applications.observed(call, call.params.name)
      const { cluster, live } = await treeObject(found, { uid, name, namespace }, stages)
      const subject = { uid: live.uid, name: live.key.name, namespace: live.key.namespace }
      return eventsOf({ metadata: subject }, cluster.client, signal)
    }),
  ]
}

/** What the query leaves open may be anything. */
function matchesSelection(ref: ResourceRef, query: Partial<ResourceRef>): boolean {
  const fields = ['group', 'kind', 'namespace', 'name'] as const
  return fields.every((field) => !query[field] || query[field] === (ref[field] ?? ''))
}
