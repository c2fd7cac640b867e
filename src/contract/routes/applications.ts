/** Applications: which there are, and how each stands. */
import { Type } from '../../model/schema.ts'
import { Application, ApplicationList } from '../application-kinds.ts'
import { Names, named, query } from '../named.ts'
import { route } from '../route.ts'

/** Where an application is and which project it is in; the project is checked when it is given. */
export const home = { appNamespace: Type.String(), project: Type.String() }

/** Which applications are meant: those that meet all of these. Of a list, one is enough. */
export const selection = {
  name: Type.String(),
  /** Each `name` or `namespace/name`. */
  names: Names,
  projects: Names,
  project: Names,
  /** A label selector. */
  selector: Type.String(),
  /** Each `name` or `name=value`; all of them. */
  annotations: Names,
  repo: Names,
  appNamespace: Type.String(),
  /** Words that have to be somewhere in name, project, cluster, namespace, repository, path or labels. */
  search: Type.String(),
  sync: Names,
  health: Names,
  /** By name or address. */
  cluster: Names,
  /** Of the destination. */
  namespace: Names,
  targetRevision: Names,
  autoSync: Type.Boolean(),
  /** Of the last operation; `None` where there was none. */
  phase: Names,
  /**
   * In one word, of what is worst: degraded, failed (the last operation), error (a condition), missing, drifted, unknown,
   * syncing, suspended or declared.
   */
  standing: Names,
  /** `a.b,c` keeps these fields, `-a.b,c` drops them. */
  fields: Type.String(),
}

const Counts = Type.Record(Type.String(), Type.Integer())

const CountedApplicationList = named(
  'v1alpha1ApplicationList',
  Type.Object({
    ...ApplicationList.properties,
    counts: Type.Optional(
      named(
        'tiphysApplicationCounts',
        Type.Object({
          total: Type.Integer(),
          matching: Type.Integer(),
          facets: Type.Record(Type.String(), Counts),
        }),
      ),
    ),
  }),
)

export const applications = {
  list: route({
    id: 'applications.list',
    method: 'GET',
    path: '/api/v1/applications',
    summary: 'The applications that the caller may see',
    permission: 'applications:get',
    query: query({
      ...selection,
      /**
       * name, namespace, project, cluster, repo, health, sync, standing, createdAt, lastSync or label:NAME; with a minus
       * before it the other way round. Several with commas: by the second where the first is the same.
       */
      sort: Type.String(),
      limit: Type.Integer({ minimum: 0 }),
      /** `metadata.continue` of the page before. */
      continue: Type.String(),
      /** Counts also how many there are of each sort. */
      counts: Type.Boolean(),
    }),
    answer: CountedApplicationList,
  }),
  get: route({
    id: 'applications.get',
    method: 'GET',
    path: '/api/v1/applications/{name}',
    summary: 'One application; with `refresh`, after it has been looked at anew',
    permission: 'applications:get',
    query: query({ appNamespace: Type.String(), project: Names, projects: Names, refresh: Type.String() }),
    answer: Application,
  }),
}
