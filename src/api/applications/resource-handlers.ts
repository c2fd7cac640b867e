/** What an application consists of. */
import { routes } from '../../contract/index.ts'
import type { ResourceRef } from '../../contract/resource-tree-kinds.ts'
import type { Application } from '../../model/index.ts'
import { firstLook } from '../../reconcile/first-look.ts'
import type { Call } from '../call.ts'
import { type Handler, handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { findApplication } from './find-application.ts'
import { applicationTree } from './tree/application-tree.ts'

type Asking = Pick<Call, 'may' | 'require'> & { query: { appNamespace?: string; project?: string } }

export function applicationResourceHandlers({ controlPlane, controller, stages }: Services): Handler[] {
  const find = (call: Asking, name: string) => {
    const { appNamespace, project } = call.query
    return findApplication(call, { name, appNamespace, project }, { controlPlane, action: 'get' })
  }
  const observed = (application: Application, { signal }: Pick<Call, 'signal'>) =>
    firstLook(application, controller, { controlNamespace: controlPlane.namespace, signal })

  return [
    handler(routes.applicationResources.tree, async (call) => {
      const application = find(call, call.params.applicationName)
      const tree = await applicationTree({ application, observation: await observed(application, call) }, stages)
      const isMeant = (ref: ResourceRef) => matchesSelection(ref, call.query)
      return { ...tree, nodes: tree.nodes.filter(isMeant), orphanedNodes: tree.orphanedNodes.filter(isMeant) }
    }),
  ]
}

/** What the query leaves open may be anything. */
export function matchesSelection(ref: ResourceRef, query: Partial<ResourceRef>): boolean {
  const fields = ['group', 'kind', 'namespace', 'name'] as const
  return fields.every((field) => !query[field] || query[field] === (ref[field] ?? ''))
}
