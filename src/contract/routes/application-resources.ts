/** What an application consists of. */
import { Type } from '../../model/schema.ts'
import { listOf, named, query } from '../named.ts'
import { ManagedResources } from '../resource-diff-kinds.ts'
import { ApplicationTree } from '../resource-tree-kinds.ts'
import { route } from '../route.ts'
import { home } from './applications.ts'

/** Of resources; what is left out may be anything. */
export const resourceSelection = {
  ...home,
  group: Type.String(),
  version: Type.String(),
  kind: Type.String(),
  namespace: Type.String(),
  name: Type.String(),
}

/** One object of the tree of an application. */
export const liveObject = {
  ...home,
  namespace: Type.String(),
  resourceName: Type.String(),
  version: Type.String(),
  group: Type.String(),
  kind: Type.String(),
}

const Event = Type.Unsafe<object>({ type: 'object' })

export const applicationResources = {
  tree: route({
    id: 'applicationResources.tree',
    method: 'GET',
    path: '/api/v1/applications/{applicationName}/resource-tree',
    summary: 'The resources of an application with what they own, and where its Pods run',
    permission: 'applications:get',
    query: query(resourceSelection),
    answer: ApplicationTree,
  }),
  managed: route({
    id: 'applicationResources.managed',
    method: 'GET',
    path: '/api/v1/applications/{applicationName}/managed-resources',
    summary: 'The resources of an application as Git and as the cluster has them, and how the two differ',
    permission: 'applications:get',
    query: query({
      ...resourceSelection,
      /** Tells also what others have set and Git leaves open. */
      undeclared: Type.Boolean(),
    }),
    answer: ManagedResources,
  }),
  get: route({
    id: 'applicationResources.get',
    method: 'GET',
    path: '/api/v1/applications/{name}/resource',
    summary: 'One live object of the tree of an application, as JSON',
    permission: 'applications:get',
    query: query(liveObject),
    answer: named('applicationApplicationResourceResponse', Type.Object({ manifest: Type.String() })),
  }),
  events: route({
    id: 'applicationResources.events',
    method: 'GET',
    path: '/api/v1/applications/{name}/events',
    summary: 'The events of an application, or of one object of its tree',
    permission: 'applications:get',
    query: query({
      ...home,
      resourceNamespace: Type.String(),
      resourceName: Type.String(),
      resourceUID: Type.String(),
    }),
    answer: listOf('v1EventList', Event),
  }),
}
