/** Clusters and repositories as the API shows them, and as it takes them: what is secret is only taken. */
import { Flag, Integer, Text, TextMap, Texts, Type } from '../model/schema.ts'
import { body, fields } from './body.ts'
import { listOf, named } from './named.ts'

const ConnectionState = named(
  'v1alpha1ConnectionState',
  Type.Object({ status: Text, message: Text, attemptedAt: Type.Unsafe<string | null>({ type: ['string', 'null'] }) }),
)

const AwsAuthentication = { clusterName: Text, roleARN: Text, profile: Text }

const ClusterInfo = fields('v1alpha1ClusterInfo', {
  connectionState: ConnectionState,
  serverVersion: Text,
  cacheInfo: fields('v1alpha1ClusterCacheInfo', {
    resourcesCount: Integer,
    apisCount: Integer,
    lastCacheSyncTime: Text,
  }),
  applicationsCount: Integer,
  apiVersions: Texts,
})

const inCluster = {
  server: Text,
  name: Text,
  namespaces: Texts,
  refreshRequestedAt: Text,
  shard: Integer,
  clusterResources: Flag,
  project: Text,
  labels: TextMap,
  annotations: TextMap,
}

export const Cluster = fields('v1alpha1Cluster', {
  ...inCluster,
  config: fields('v1alpha1ClusterConfigShown', {
    tlsClientConfig: fields('v1alpha1TLSClientConfigShown', { insecure: Flag, serverName: Text }),
    awsAuthConfig: fields('v1alpha1AWSAuthConfig', AwsAuthentication),
    proxyUrl: Text,
    disableCompression: Flag,
  }),
  connectionState: ConnectionState,
  serverVersion: Text,
  info: ClusterInfo,
})
export const ClusterList = listOf('v1alpha1ClusterList', Cluster)

export const ClusterGiven = body('v1alpha1ClusterGiven', {
  ...inCluster,
  /** Kept as it is given: its fields are those of the clients that use it. */
  config: Type.Unsafe<Record<string, unknown>>({ type: 'object' }),
})

/** What is shown of a repository, and what of it may be said. */
const openRepositoryFields = {
  repo: Text,
  username: Text,
  type: Text,
  name: Text,
  insecure: Flag,
  enableLfs: Flag,
  enableOCI: Flag,
  proxy: Text,
  noProxy: Text,
  project: Text,
  forceHttpBasicAuth: Flag,
  githubAppID: Integer,
  githubAppInstallationID: Integer,
  githubAppEnterpriseBaseUrl: Text,
  useAzureWorkloadIdentity: Flag,
  azureServicePrincipalClientId: Text,
  azureServicePrincipalTenantId: Text,
  azureActiveDirectoryEndpoint: Text,
}

const credentialFields = {
  password: Text,
  bearerToken: Text,
  sshPrivateKey: Text,
  tlsClientCertData: Text,
  tlsClientCertKey: Text,
  githubAppPrivateKey: Text,
  gcpServiceAccountKey: Text,
  azureServicePrincipalClientSecret: Text,
}

export const Repository = fields('v1alpha1Repository', {
  ...openRepositoryFields,
  inheritedCreds: Flag,
  insecureOCIForceHttp: Flag,
  depth: Integer,
  webhookManifestCacheWarmDisabled: Flag,
  connectionState: ConnectionState,
})
export const RepositoryList = listOf('v1alpha1RepositoryList', Repository)

export const RepositoryGiven = body('v1alpha1RepositoryGiven', {
  ...openRepositoryFields,
  ...credentialFields,
  insecureIgnoreHostKey: Flag,
  insecureOCIForceHttp: Flag,
  depth: Integer,
  webhookManifestCacheWarmDisabled: Flag,
})

export const RepositoryCredentials = fields('v1alpha1RepoCreds', {
  url: Text,
  username: Text,
  type: Text,
  enableOCI: Flag,
})
export const RepositoryCredentialsList = listOf('v1alpha1RepoCredsList', RepositoryCredentials)

const {
  repo: _repo,
  name: _name,
  insecure: _insecure,
  enableLfs: _lfs,
  project: _project,
  ...ofPrefix
} = openRepositoryFields
export const RepositoryCredentialsGiven = body('v1alpha1RepoCredsGiven', {
  ...ofPrefix,
  ...credentialFields,
  url: Text,
  insecureOCIForceHttp: Flag,
})
