/** For each route of the contract a sound request: about objects that are there, or about some that are not. */
import { routes } from '../../src/contract/index.ts'
import { pathNames, type Route } from '../../src/contract/route.ts'
import { declareRepository } from './registered.ts'
import type { SignedIn } from './signed-in.ts'
import type { World } from './world.ts'

/** The names of one object of each kind. */
export interface Names {
  application: string
  project: string
  cluster: string
  repository: string
  credentials: string
  account: string
  applicationSet: string
  key: string
}

export interface Sample {
  params: Record<string, string>
  query: Record<string, string>
  body?: unknown
}

/** Makes one object of each kind, but for the key. */
export async function makeObjects(world: World, { api }: SignedIn, applicationSpec = {}): Promise<Names> {
  const repository = world.repository({ 'config.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: config}\n' })
  const app = await world.application(repository, applicationSpec)
  await app.settled()
  const names = {
    application: app.name,
    project: world.unique('project'),
    cluster: `https://${world.unique('cluster')}.example.invalid`,
    repository: `https://${world.unique('git')}.example.invalid/a.git`,
    credentials: `https://${world.unique('git')}.example.invalid/`,
    account: 'admin',
    applicationSet: world.unique('set'),
    key: '4AEE18F83AFDEB23',
  }
  const calls: Route[] = [
    routes.projects.create,
    routes.clusters.create,
    routes.repositoryCredentials.create,
    routes.writeRepositoryCredentials.create,
  ]
  for (const route of calls) await api.call(route, { ...sampleOf(route, names), params: {} } as never)
  // Through the API only what can be read is registered.
  const data = { url: names.repository, username: 'ann', password: 'word' }
  await declareRepository(world, data)
  await declareRepository(world, data, { kind: 'repository-write' })
  const metadata = { name: names.applicationSet, namespace: world.controlNamespace }
  await world.client.create({ ...applicationSet(names), metadata })
  return names
}

/** As long as the others, so that answers can be compared byte by byte. */
export function missing(names: Names): Names {
  const other = (name: string) => (name.startsWith('a') ? `z${name.slice(1)}` : name.replace(/[a-z]/, 'a'))
  const url = (address: string) => address.replace(/^(https:\/\/)(.)/, '$1x')
  return {
    application: other(names.application),
    project: other(names.project),
    cluster: url(names.cluster),
    repository: url(names.repository),
    credentials: url(names.credentials),
    account: other(names.account),
    applicationSet: other(names.applicationSet),
    key: names.key.replace(/^./, '5'),
  }
}

export function sampleOf(route: Route, names: Names): Sample {
  const params = Object.fromEntries(pathNames(route.path).map((name) => [name, param(route, name, names)]))
  const body = bodies[route.id]?.(names) ?? (route.body ? {} : undefined)
  return { params, query: queries[route.id]?.(names) ?? {}, ...(body !== undefined && { body }) }
}

export function addressOf({ path }: Route, { params, query }: Sample): string {
  const filled = path.replace(/\{(\w+)(?:=\*\*)?\}/g, (_all, name: string) => encodeURIComponent(params[name] ?? ''))
  return `${filled}?${new URLSearchParams(query)}`
}

function param({ id }: Route, name: string, names: Names): string {
  const noun = id.slice(0, id.indexOf('.'))
  return fixed[name] ?? names[mainName[noun] ?? linked(id)]
}

const fixed: Record<string, string> = {
  revision: 'main',
  podName: 'pod',
  role: 'ci',
  iat: '1',
  resource: 'applications',
  action: 'get',
  subresource: '*',
  id: '1',
}

const mainName: Record<string, keyof Names> = {
  applications: 'application',
  applicationResources: 'application',
  applicationSources: 'application',
  applicationStreams: 'application',
  projects: 'project',
  clusters: 'cluster',
  repositories: 'repository',
  writeRepositories: 'repository',
  repositoryCredentials: 'credentials',
  writeRepositoryCredentials: 'credentials',
  gpgKeys: 'key',
  accounts: 'account',
  applicationSets: 'applicationSet',
}

function linked(id: string): keyof Names {
  return id === 'links.ofProject' ? 'project' : 'application'
}

const resource = ({ application }: Names) => ({
  namespace: application,
  resourceName: 'config',
  version: 'v1',
  kind: 'ConfigMap',
})

const queries: Record<string, (names: Names) => Record<string, string>> = {
  'applicationResources.get': resource,
  'applications.patchResource': (names) => ({ ...resource(names), patchType: 'application/merge-patch+json' }),
  'applications.deleteResource': resource,
  'applications.listActions': resource,
  'applications.runAction': resource,
  'links.ofResource': resource,
  'gpgKeys.delete': ({ key }) => ({ keyID: key }),
  'certificates.delete': () => ({ hostNamePattern: 'nowhere.example.invalid' }),
}

const application = ({ application: name, repository }: Names) => ({
  metadata: { name },
  spec: {
    project: 'default',
    source: { repoURL: repository, path: '.', targetRevision: 'main' },
    destination: { name: 'in-cluster', namespace: name },
  },
})
const applicationSet = (names: Names) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'ApplicationSet',
  metadata: { name: names.applicationSet },
  spec: {
    generators: [{ list: { elements: [] } }],
    template: { metadata: { name: 'made' }, spec: application(names).spec },
  },
})
const repository = ({ repository: repo }: Names) => ({ repo, username: 'ann', password: 'word' })
const credentials = ({ credentials: url }: Names) => ({ url, username: 'ann', password: 'word' })
const cluster = ({ cluster: server }: Names) => ({
  server,
  name: new URL(server).hostname,
  config: { bearerToken: 'token', tlsClientConfig: { insecure: true } },
})
const project = ({ project: name }: Names) => ({
  project: { metadata: { name }, spec: { sourceRepos: ['*'], roles: [{ name: 'ci' }] } },
})

const bodies: Record<string, (names: Names) => unknown> = {
  'applications.create': application,
  'applications.update': application,
  'applications.updateSpec': (names) => application(names).spec,
  'applications.patch': () => ({ patch: '{"metadata":{"labels":{"a":"b"}}}', patchType: 'merge' }),
  'applications.patchResource': () => '{"data":{"a":"b"}}',
  'applications.rollback': () => ({ id: 0 }),
  'applications.runAction': () => 'restart',
  'applications.runActionWithParameters': (names) => ({ ...resource(names), action: 'restart' }),
  'session.create': () => ({ username: 'nobody', password: 'wrong' }),
  'projects.create': project,
  'projects.update': project,
  'projects.createToken': () => ({ description: 'd', expiresIn: 60 }),
  'clusters.create': cluster,
  'clusters.update': cluster,
  'repositories.create': repository,
  'repositories.update': repository,
  'repositories.validate': ({ repository }) => repository,
  'repositories.appDetails': ({ repository: repoURL }) => ({ source: { repoURL, path: '.' }, appName: 'a' }),
  'writeRepositories.create': repository,
  'writeRepositories.update': repository,
  'writeRepositories.validate': ({ repository }) => repository,
  'repositoryCredentials.create': credentials,
  'repositoryCredentials.update': credentials,
  'writeRepositoryCredentials.create': credentials,
  'writeRepositoryCredentials.update': credentials,
  'certificates.create': () => ({ items: [] }),
  'gpgKeys.create': () => ({ keyData: 'no key' }),
  'accounts.updatePassword': ({ account: name }) => ({ name, currentPassword: 'a', newPassword: 'long-enough-word' }),
  'accounts.createToken': () => ({ expiresIn: 60 }),
  'applicationSets.create': applicationSet,
  'rbac.explain': () => ({ subject: 'admin', resource: 'applications', action: 'get', object: '*' }),
  'applicationSets.generate': (names) => ({ applicationSet: applicationSet(names) }),
}
