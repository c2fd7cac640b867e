/** From what is registered to how a repository is reached. Pure. */
import type { RepositoryConnection } from '../../model/index.ts'
import { isTrue } from '../secret-fields.ts'
import type { RepositoryFields } from './repository-fields.ts'
import { repositoryType } from './show-repository.ts'

/** Values that are not set are left out, so that equal connections are equal objects. */
export function connectionOf(fields: RepositoryFields): RepositoryConnection {
  const { repo = '', username, password, bearerToken, sshPrivateKey, proxy, noProxy } = fields
  const { tlsClientCertData: certificate, tlsClientCertKey: key } = fields
  const {
    githubAppPrivateKey: privateKey,
    githubAppID: id,
    githubAppInstallationID,
    githubAppEnterpriseBaseUrl,
  } = fields
  const unsupported = unsupportedCredentials(fields)
  return {
    type: typeOf(repositoryType(repo, fields.type)),
    ...(username && { username: oneLine(username) }),
    ...(password && { password: oneLine(password) }),
    ...(bearerToken && { bearerToken: oneLine(bearerToken) }),
    ...(sshPrivateKey && { sshPrivateKey }),
    ...(certificate && key && { clientCertificate: { certificate, key } }),
    ...(privateKey && {
      githubApp: {
        id: id ?? '',
        privateKey,
        ...(githubAppInstallationID && { installationId: githubAppInstallationID }),
        ...(githubAppEnterpriseBaseUrl && { baseUrl: githubAppEnterpriseBaseUrl }),
      },
    }),
    ...(isTrue(fields.insecure) && { insecure: true }),
    // Older Secrets say it of SSH alone.
    ...((isTrue(fields.insecureIgnoreHostKey) || isTrue(fields.insecure)) && { insecureIgnoreHostKey: true }),
    ...(proxy && { proxy }),
    ...(noProxy && { noProxy }),
    ...(isTrue(fields.enableOCI) && { enableOCI: true }),
    ...(isTrue(fields.insecureOCIForceHttp) && { insecureOCIForceHttp: true }),
    ...(unsupported && { unsupported }),
  }
}

function typeOf(text: string): 'git' | 'helm' | 'oci' {
  return text === 'helm' || text === 'oci' ? text : 'git'
}

/** Editors and shells end what they write with a line break, which belongs to no password. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]+$/, '')
}

function unsupportedCredentials(fields: RepositoryFields): string | undefined {
  const use = 'use a password, a token, an SSH key, a client certificate or a GitHub App'
  if (fields.gcpServiceAccountKey) return `keys of Google service accounts are not supported: ${use}`
  if (fields.azureServicePrincipalClientSecret) return `service principals of Azure are not supported: ${use}`
  if (isTrue(fields.useAzureWorkloadIdentity)) return `workload identities of Azure are not supported: ${use}`
  if (Boolean(fields.tlsClientCertData) !== Boolean(fields.tlsClientCertKey)) {
    return 'a client certificate needs tlsClientCertData and tlsClientCertKey'
  }
  return undefined
}
