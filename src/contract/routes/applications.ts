/** Applications: reading and changing what is declared of them. */
import { Type } from '../../model/schema.ts'
import { Application, ApplicationList } from '../application-kinds.ts'
import { Names, query } from '../named.ts'
import { route } from '../route.ts'

/** Where an application is and which project it is in; the project is checked when it is given. */
export const home = { appNamespace: Type.String(), project: Type.String() }

export const selection = {
  name: Type.String(),
  projects: Names,
  project: Names,
  selector: Type.String(),
  repo: Type.String(),
  appNamespace: Type.String(),
  resourceVersion: Type.String(),
  /** `a.b,c` keeps these fields, `-a.b,c` drops them. */
  fields: Type.String(),
}

export const applications = {
  list: route({
    id: 'applications.list',
    method: 'GET',
    path: '/api/v1/applications',
    summary: 'The applications that the caller may see',
    permission: 'applications:get',
    query: query({ ...selection, refresh: Type.String() }),
    answer: ApplicationList,
  }),
  get: route({
    id: 'applications.get',
    method: 'GET',
    path: '/api/v1/applications/{name}',
    summary: 'One application; with `refresh`, after it has been looked at anew',
    permission: 'applications:get',
    query: query({ ...home, projects: Names, refresh: Type.String(), resourceVersion: Type.String() }),
    answer: Application,
  }),
}
