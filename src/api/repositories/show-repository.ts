/** What a repository is answered as: field by field, so that nothing of its credentials can be among it. */
import { isTrue } from '../secret-fields.ts'
import type { RepositoryField } from './repository-fields.ts'
import type { RepositoryRecord } from './repository-records.ts'
import { shownUrl } from './repository-url.ts'

export interface ConnectionState {
  status: 'Successful' | 'Failed' | 'Unknown'
  message: string
  attemptedAt: string | null
}

const texts = [
  'name',
  'username',
  'noProxy',
  'project',
  'githubAppEnterpriseBaseUrl',
  'azureServicePrincipalClientId',
  'azureServicePrincipalTenantId',
  'azureActiveDirectoryEndpoint',
] as const satisfies RepositoryField[]
const numbers = ['githubAppID', 'githubAppInstallationID', 'depth'] as const satisfies RepositoryField[]
const flags = [
  'enableLfs',
  'enableOCI',
  'forceHttpBasicAuth',
  'useAzureWorkloadIdentity',
  'insecureOCIForceHttp',
  'webhookManifestCacheWarmDisabled',
] as const satisfies RepositoryField[]
/** One of them is enough. */
const insecure = ['insecure', 'insecureIgnoreHostKey', 'insecureOCIForceHttp'] as const satisfies RepositoryField[]

export function shownRepository(
  { url, fields, inheritsCredentials }: RepositoryRecord,
  connectionState?: ConnectionState,
) {
  return {
    repo: shownUrl(url),
    type: repositoryType(url, fields.type),
    ...pick(texts, (name) => fields[name]),
    ...pick(numbers, (name) => Number(fields[name]) || undefined),
    ...pick(flags, (name) => isTrue(fields[name]) || undefined),
    ...(fields.proxy && { proxy: shownUrl(fields.proxy) }),
    ...(insecure.some((name) => isTrue(fields[name])) && { insecure: true }),
    ...(inheritsCredentials && { inheritedCreds: true }),
    connectionState: connectionState ?? { status: 'Unknown', message: '', attemptedAt: null },
  }
}

export function repositoryType(url: string, type: string | undefined): string {
  return type || (url.startsWith('oci://') ? 'oci' : 'git')
}

function pick<Name extends string, Value>(names: readonly Name[], read: (name: Name) => Value | undefined) {
  const given = names.flatMap((name) => {
    const value = read(name)
    return value === undefined || value === '' ? [] : [[name, value]]
  })
  return Object.fromEntries(given) as { [Key in Name]?: Value }
}
