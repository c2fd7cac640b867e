/** Repositories: how sources are read, and what is in them. */
import type { ApplicationSource } from '../../model/index.ts'
import { Flag, Integer, Text, Texts, Type } from '../../model/schema.ts'
import { body, fields } from '../body.ts'
import { Repository, RepositoryGiven, RepositoryList } from '../connection-kinds.ts'
import { Nothing, named, query } from '../named.ts'
import { route } from '../route.ts'

const which = { forceRefresh: Flag, appProject: Text }

/** Of a connection that is to be tried; the credentials among it are not used to anything else. */
const attempt = {
  project: Text,
  type: Text,
  name: Text,
  username: Text,
  password: Text,
  bearerToken: Text,
  sshPrivateKey: Text,
  tlsClientCertData: Text,
  tlsClientCertKey: Text,
  githubAppPrivateKey: Text,
  githubAppID: Text,
  githubAppInstallationID: Text,
  githubAppEnterpriseBaseUrl: Text,
  gcpServiceAccountKey: Text,
  azureServicePrincipalClientId: Text,
  azureServicePrincipalClientSecret: Text,
  azureServicePrincipalTenantId: Text,
  azureActiveDirectoryEndpoint: Text,
  useAzureWorkloadIdentity: Flag,
  insecure: Flag,
  enableOci: Flag,
  insecureOciForceHttp: Flag,
  forceHttpBasicAuth: Flag,
  proxy: Text,
}

const Refs = named('repositoryRefs', Type.Object({ branches: Texts, tags: Texts }))
const Charts = named(
  'repositoryHelmChartsResponse',
  Type.Object({ items: Type.Array(fields('repositoryHelmChart', { name: Text, versions: Texts })) }),
)
const Apps = named(
  'repositoryRepoAppsResponse',
  Type.Object({ items: Type.Array(fields('repositoryAppInfo', { type: Text, path: Text })) }),
)
const HelmDetails = fields('repositoryHelmAppSpec', {
  name: Text,
  valueFiles: Texts,
  parameters: Type.Array(fields('v1alpha1HelmParameter', { name: Text, value: Text, forceString: Flag })),
  values: Text,
  fileParameters: Type.Array(fields('v1alpha1HelmFileParameter', { name: Text, path: Text })),
})
const Details = fields('repositoryRepoAppDetailsResponse', {
  type: Text,
  helm: HelmDetails,
  kustomize: fields('repositoryKustomizeAppSpec', { images: Texts }),
  directory: Nothing,
})
const DetailsQuery = body('repositoryRepoAppDetailsQuery', {
  source: Type.Unsafe<ApplicationSource>({ type: 'object' }),
  appName: Text,
  appProject: Text,
  sourceIndex: Integer,
  versionId: Integer,
})

export const repositories = {
  list: route({
    id: 'repositories.list',
    method: 'GET',
    path: '/api/v1/repositories',
    summary: 'The repositories that the caller may see, and whether they can be reached',
    permission: 'repositories:get',
    query: query({ ...which, repo: Text }),
    answer: RepositoryList,
  }),
  create: route({
    id: 'repositories.create',
    method: 'POST',
    path: '/api/v1/repositories',
    summary: 'Register a repository; with `upsert`, change the one that is there',
    permission: 'repositories:create',
    query: query({ upsert: Flag, credsOnly: Flag }),
    body: RepositoryGiven,
    answer: Repository,
  }),
  get: route({
    id: 'repositories.get',
    method: 'GET',
    path: '/api/v1/repositories/{repo}',
    summary: 'One repository, by its URL-encoded address',
    permission: 'repositories:get',
    query: query(which),
    answer: Repository,
  }),
  update: route({
    id: 'repositories.update',
    method: 'PUT',
    path: '/api/v1/repositories/{repo}',
    summary: 'Change a repository',
    permission: 'repositories:update',
    body: RepositoryGiven,
    answer: Repository,
  }),
  delete: route({
    id: 'repositories.delete',
    method: 'DELETE',
    path: '/api/v1/repositories/{repo}',
    summary: 'Forget a repository and its credentials',
    permission: 'repositories:delete',
    query: query(which),
    answer: Nothing,
  }),
  validate: route({
    id: 'repositories.validate',
    method: 'POST',
    path: '/api/v1/repositories/{repo}/validate',
    summary: 'Try whether a repository can be read',
    permission: 'repositories:create',
    query: query(attempt),
    /** The same as in the query, by the names that a repository has; or its address alone. */
    body: Type.Unknown(),
    answer: Nothing,
  }),
  refs: route({
    id: 'repositories.refs',
    method: 'GET',
    path: '/api/v1/repositories/{repo}/refs',
    summary: 'The branches and tags of a Git repository',
    permission: 'repositories:get',
    query: query(which),
    answer: Refs,
  }),
  ociTags: route({
    id: 'repositories.ociTags',
    method: 'GET',
    path: '/api/v1/repositories/{repo}/oci-tags',
    summary: 'The tags of an OCI repository',
    permission: 'repositories:get',
    query: query(which),
    answer: Refs,
  }),
  helmCharts: route({
    id: 'repositories.helmCharts',
    method: 'GET',
    path: '/api/v1/repositories/{repo}/helmcharts',
    summary: 'The charts of a Helm repository',
    permission: 'repositories:get',
    query: query(which),
    answer: Charts,
  }),
  apps: route({
    id: 'repositories.apps',
    method: 'GET',
    path: '/api/v1/repositories/{repo}/apps',
    summary: 'The folders of a Git repository that an application can be made from, and their types',
    permission: 'repositories:get',
    query: query({ revision: Text, appName: Text, appProject: Text }),
    answer: Apps,
  }),
  appDetails: route({
    id: 'repositories.appDetails',
    method: 'POST',
    path: '/api/v1/repositories/{repo}/appdetails',
    summary: 'What of a source can be set: parameters of a chart, images of a kustomization',
    permission: 'repositories:get',
    body: DetailsQuery,
    answer: Details,
  }),
}

/** The same for the credentials that rendered manifests are pushed with. */
export const writeRepositories = {
  list: route({
    ...repositories.list,
    id: 'writeRepositories.list',
    path: '/api/v1/write-repositories',
    permission: 'write-repositories:get',
  }),
  create: route({
    ...repositories.create,
    id: 'writeRepositories.create',
    path: '/api/v1/write-repositories',
    permission: 'write-repositories:create',
  }),
  get: route({
    ...repositories.get,
    id: 'writeRepositories.get',
    path: '/api/v1/write-repositories/{repo}',
    permission: 'write-repositories:get',
  }),
  update: route({
    ...repositories.update,
    id: 'writeRepositories.update',
    path: '/api/v1/write-repositories/{repo}',
    permission: 'write-repositories:update',
  }),
  delete: route({
    ...repositories.delete,
    id: 'writeRepositories.delete',
    path: '/api/v1/write-repositories/{repo}',
    permission: 'write-repositories:delete',
  }),
  validate: route({
    ...repositories.validate,
    id: 'writeRepositories.validate',
    path: '/api/v1/write-repositories/{repo}/validate',
    permission: 'write-repositories:create',
  }),
}
