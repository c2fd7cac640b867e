/** The objects of all applications, as one list. */
import { Flag, Integer, Text, Type } from '../../model/schema.ts'
import { fields } from '../body.ts'
import { Names, named, query } from '../named.ts'
import { route } from '../route.ts'

const Resource = fields('tiphysManagedResource', {
  group: Text,
  version: Text,
  kind: Text,
  namespace: Text,
  name: Text,
  sync: Text,
  /** `None` where a kind has none. */
  health: Text,
  healthMessage: Text,
  requiresPruning: Flag,
  hook: Flag,
  application: Text,
  applicationNamespace: Text,
  project: Text,
  cluster: Text,
})

const Counts = Type.Record(Type.String(), Integer)

export const resources = {
  list: route({
    id: 'resources.list',
    method: 'GET',
    path: '/api/v1/resources',
    summary: 'What the applications that the caller may see consist of, as their last looks have found it',
    permission: 'applications:get',
    query: query({
      /** Words that have to be somewhere in kind, namespace, name or the name of the application. */
      search: Text,
      /** `Pod`, or `apps/Deployment` with the group. */
      kind: Names,
      namespace: Names,
      sync: Names,
      health: Names,
      /** Of the application. */
      project: Names,
      application: Names,
      cluster: Names,
      /** name, kind, namespace, application, health or sync; with a minus before it the other way round. */
      sort: Text,
      /** 200 unless given. */
      limit: Type.Integer({ minimum: 1, maximum: 1000 }),
      /** `metadata.continue` of the page before. */
      continue: Text,
      /** Counts also how many there are of each sort. */
      counts: Flag,
    }),
    answer: named(
      'tiphysManagedResourceList',
      Type.Object({
        metadata: fields('tiphysManagedResourceListMeta', { continue: Text, remainingItemCount: Integer }),
        items: Type.Array(Resource),
        counts: Type.Optional(
          named(
            'tiphysManagedResourceCounts',
            Type.Object({ total: Integer, matching: Integer, facets: Type.Record(Type.String(), Counts) }),
          ),
        ),
      }),
    ),
  }),
}
