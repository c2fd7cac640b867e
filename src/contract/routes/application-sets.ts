/** ApplicationSets: what applications are generated from. */
import { Flag, Text, Type } from '../../model/schema.ts'
import { Application } from '../application-kinds.ts'
import { ApplicationSet } from '../application-set-kind.ts'
import { body, fields } from '../body.ts'
import { EventList } from '../event-kinds.ts'
import { listOf, Names, named, query } from '../named.ts'
import { route } from '../route.ts'

const home = { appsetNamespace: Text }

const Node = fields('v1alpha1ApplicationSetNode', {
  group: Text,
  version: Text,
  kind: Text,
  namespace: Text,
  name: Text,
  uid: Text,
  health: Type.Unsafe<object>({ type: 'object' }),
  parentRefs: Type.Array(
    Type.Partial(Type.Object({ group: Text, version: Text, kind: Text, namespace: Text, name: Text, uid: Text })),
  ),
})

export const applicationSets = {
  list: route({
    id: 'applicationSets.list',
    method: 'GET',
    path: '/api/v1/applicationsets',
    summary: 'The ApplicationSets that the caller may see',
    permission: 'applicationsets:get',
    query: query({ ...home, projects: Names, selector: Text }),
    answer: listOf('v1alpha1ApplicationSetList', ApplicationSet),
  }),
  create: route({
    id: 'applicationSets.create',
    method: 'POST',
    path: '/api/v1/applicationsets',
    summary: 'Create an ApplicationSet; with `upsert`, change the one that is there',
    permission: 'applicationsets:create',
    query: query({ upsert: Flag, dryRun: Flag }),
    body: ApplicationSet,
    answer: ApplicationSet,
  }),
  generate: route({
    id: 'applicationSets.generate',
    method: 'POST',
    path: '/api/v1/applicationsets/generate',
    summary: 'The applications that an ApplicationSet would make',
    permission: 'applicationsets:create',
    body: body('applicationsetApplicationSetGenerateRequest', { applicationSet: ApplicationSet }),
    answer: named(
      'applicationsetApplicationSetGenerateResponse',
      Type.Object({ applications: Type.Array(Application) }),
    ),
  }),
  get: route({
    id: 'applicationSets.get',
    method: 'GET',
    path: '/api/v1/applicationsets/{name}',
    summary: 'One ApplicationSet',
    permission: 'applicationsets:get',
    query: query(home),
    answer: ApplicationSet,
  }),
  delete: route({
    id: 'applicationSets.delete',
    method: 'DELETE',
    path: '/api/v1/applicationsets/{name}',
    summary: 'Delete an ApplicationSet, and with it what it has made',
    permission: 'applicationsets:delete',
    query: query(home),
    answer: fields('applicationsetApplicationSetResponse', { project: Text, applicationset: ApplicationSet }),
  }),
  events: route({
    id: 'applicationSets.events',
    method: 'GET',
    path: '/api/v1/applicationsets/{name}/events',
    summary: 'What has happened to an ApplicationSet',
    permission: 'applicationsets:get',
    query: query(home),
    answer: EventList,
  }),
  resourceTree: route({
    id: 'applicationSets.resourceTree',
    method: 'GET',
    path: '/api/v1/applicationsets/{name}/resource-tree',
    summary: 'What an ApplicationSet has made',
    permission: 'applicationsets:get',
    query: query(home),
    answer: named('v1alpha1ApplicationSetTree', Type.Object({ nodes: Type.Array(Node) })),
  }),
  watch: route({
    id: 'applicationSets.watch',
    method: 'GET',
    path: '/api/v1/stream/applicationsets',
    summary: 'Each change of the ApplicationSets that the caller may see',
    permission: 'applicationsets:get',
    query: query({ name: Text, projects: Names, selector: Text, appSetNamespace: Text, resourceVersion: Text }),
    answer: fields('v1alpha1ApplicationSetWatchEvent', { type: Text, applicationSet: ApplicationSet }),
    streams: true,
  }),
}
