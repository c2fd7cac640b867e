/** What an application consists of. */
import { Type } from '../../model/schema.ts'
import { query } from '../named.ts'
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
}
