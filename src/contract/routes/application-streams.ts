/** What is told of applications as it happens. */
import { Type } from '../../model/schema.ts'
import { Application } from '../application-kinds.ts'
import { named, query } from '../named.ts'
import { ApplicationTree } from '../resource-tree-kinds.ts'
import { route } from '../route.ts'
import { resourceSelection } from './application-resources.ts'
import { selection } from './applications.ts'

export const applicationStreams = {
  applications: route({
    id: 'applicationStreams.applications',
    method: 'GET',
    path: '/api/v1/stream/applications',
    summary: 'The applications that the caller may see, and each change of them',
    permission: 'applications:get',
    query: query({
      ...selection,
      /** Of a list: what is not newer is not told at the beginning. */
      resourceVersion: Type.String(),
    }),
    answer: named(
      'v1alpha1ApplicationWatchEvent',
      Type.Object({
        type: Type.Unsafe<'ADDED' | 'MODIFIED' | 'DELETED'>({ type: 'string' }),
        application: Application,
      }),
    ),
    streams: true,
  }),
  tree: route({
    id: 'applicationStreams.tree',
    method: 'GET',
    path: '/api/v1/stream/applications/{applicationName}/resource-tree',
    summary: 'The tree of an application, whenever it changes',
    permission: 'applications:get',
    query: query(resourceSelection),
    answer: ApplicationTree,
    streams: true,
  }),
}
