/** The REST API as data: what the server serves, the OpenAPI document says, and the typed client calls. */
import type { Route } from './route.ts'
import { accounts } from './routes/accounts.ts'
import { applicationActions } from './routes/application-actions.ts'
import { applicationResources } from './routes/application-resources.ts'
import { applicationSets } from './routes/application-sets.ts'
import { applicationSources } from './routes/application-sources.ts'
import { applicationStreams } from './routes/application-streams.ts'
import { applicationWrites } from './routes/application-writes.ts'
import { applications } from './routes/applications.ts'
import { certificates } from './routes/certificates.ts'
import { clusters } from './routes/clusters.ts'
import { gpgKeys } from './routes/gpg-keys.ts'
import { links } from './routes/links.ts'
import { notifications } from './routes/notifications.ts'
import { projects } from './routes/projects.ts'
import { rbac } from './routes/rbac.ts'
import { repositories, writeRepositories } from './routes/repositories.ts'
import { repositoryCredentials, writeRepositoryCredentials } from './routes/repository-credentials.ts'
import { resources } from './routes/resources.ts'
import { session } from './routes/session.ts'
import { settings } from './routes/settings.ts'
import { version } from './routes/version.ts'

export const routes = {
  applications: { ...applications, ...applicationWrites, ...applicationActions },
  applicationResources,
  applicationSources,
  applicationStreams,
  session,
  version,
  projects,
  clusters,
  repositories,
  writeRepositories,
  repositoryCredentials,
  writeRepositoryCredentials,
  certificates,
  gpgKeys,
  accounts,
  settings,
  notifications,
  links,
  applicationSets,
  rbac,
  resources,
}

export function allRoutes(): Route[] {
  return Object.values(routes).flatMap((ofNoun) => Object.values(ofNoun) as Route[])
}

export { type ApiClient, apiClient } from './client.ts'
export { openApi } from './open-api.ts'
export {
  type Action,
  type AnswerOf,
  type BodyOf,
  type ParamsOf,
  type Permission,
  type QueryOf,
  type Route,
  wideName,
} from './route.ts'
