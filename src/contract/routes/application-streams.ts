/** What is told of applications as it happens. */
import { Type } from '../../model/schema.ts'
import { Application } from '../application-kinds.ts'
import { named, query } from '../named.ts'
import { ApplicationTree } from '../resource-tree-kinds.ts'
import { route } from '../route.ts'
import { resourceSelection } from './application-resources.ts'
import { home, selection } from './applications.ts'

const LogEntry = named(
  'applicationLogEntry',
  Type.Object({
    content: Type.String(),
    /** To the second. */
    timeStamp: Type.String(),
    timeStampStr: Type.String(),
    podName: Type.String(),
    /** There is nothing after it. */
    last: Type.Boolean(),
  }),
)

const logQuery = {
  ...home,
  namespace: Type.String(),
  container: Type.String(),
  follow: Type.Boolean(),
  previous: Type.Boolean(),
  sinceSeconds: Type.Integer(),
  sinceTime: Type.String(),
  'sinceTime.seconds': Type.Integer(),
  tailLines: Type.Integer(),
  untilTime: Type.String(),
  /** Lines with this text, or with `!` before it those without. */
  filter: Type.String(),
  matchCase: Type.Boolean(),
  /** Of what owns the Pods. */
  group: Type.String(),
  kind: Type.String(),
  resourceName: Type.String(),
  /** As lines of text. */
  download: Type.Boolean(),
}

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
  logs: route({
    id: 'applicationStreams.logs',
    method: 'GET',
    path: '/api/v1/applications/{name}/logs',
    summary: 'The logs of Pods of an application, by time',
    permission: 'logs:get',
    query: query({ ...logQuery, podName: Type.String() }),
    answer: LogEntry,
    streams: true,
  }),
  podLogs: route({
    id: 'applicationStreams.podLogs',
    method: 'GET',
    path: '/api/v1/applications/{name}/pods/{podName}/logs',
    summary: 'The log of one Pod of an application',
    permission: 'logs:get',
    query: query(logQuery),
    answer: LogEntry,
    streams: true,
  }),
}
