/** The REST API as data: what the server serves, the OpenAPI document says, and the typed client calls. */
import type { Route } from './route.ts'
import { applicationResources } from './routes/application-resources.ts'
import { applicationSources } from './routes/application-sources.ts'
import { applicationStreams } from './routes/application-streams.ts'
import { applications } from './routes/applications.ts'
import { session } from './routes/session.ts'
import { version } from './routes/version.ts'

export const routes = {
  applications,
  applicationResources,
  applicationSources,
  applicationStreams,
  session,
  version,
}

export function allRoutes(): Route[] {
  return Object.values(routes).flatMap((ofNoun) => Object.values(ofNoun) as Route[])
}

export { type ApiClient, ApiFailure, apiClient } from './client.ts'
export { openApi } from './open-api.ts'
export {
  type Action,
  type AnswerOf,
  type BodyOf,
  type Method,
  type ParamsOf,
  type Permission,
  pathNames,
  type QueryOf,
  type Resource,
  type Route,
  resources,
} from './route.ts'
