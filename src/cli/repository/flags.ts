/** The flags by which `repo add` and `repocreds add` are told how a repository is read; names as in argocd. */
import { readFileSync } from 'node:fs'
import { type Command, Option } from 'commander'
import { messageOf } from '../../model/index.ts'
import { CommandError } from '../exit-code.ts'
import { withPrompt } from '../prompt.ts'
import { wholeNumber } from '../words.ts'

interface ConnectionFlag {
  option: Option
  /** Of the API. */
  field: string
}

const text = (flags: string, description: string, field: string) => ({ option: new Option(flags, description), field })
const number = (flags: string, description: string, field: string) => ({
  option: new Option(flags, description).argParser(wholeNumber),
  field,
})
/** Not the end of `--proxy`, as its name says otherwise. */
function noProxyOption(): Option {
  return Object.assign(new Option('--no-proxy <hosts>', 'what is reached without it'), { negate: false })
}

/** What a file holds. */
const file = (flags: string, description: string, field: string) => ({
  option: new Option(flags, description).argParser(readText),
  field,
})

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new CommandError(`${path} cannot be read: ${messageOf(cause)}`, { cause })
  }
}

const credentialFlags = (): ConnectionFlag[] => [
  text('--username <name>', 'to sign in with', 'username'),
  text('--password <password>', 'or token; asked for with --username and without it', 'password'),
  text('--bearer-token <token>', 'in the place of name and password', 'bearerToken'),
  file('--ssh-private-key-path <file>', 'file with a private SSH key', 'sshPrivateKey'),
  file('--tls-client-cert-path <file>', 'PEM of a certificate to prove oneself with', 'tlsClientCertData'),
  file('--tls-client-cert-key-path <file>', 'PEM of its key', 'tlsClientCertKey'),
  number('--github-app-id <id>', 'of a GitHub App', 'githubAppID'),
  number('--github-app-installation-id <id>', 'where the app is installed', 'githubAppInstallationID'),
  file('--github-app-private-key-path <file>', 'PEM of its key', 'githubAppPrivateKey'),
  text('--github-app-enterprise-base-url <url>', 'of a GitHub of your own', 'githubAppEnterpriseBaseUrl'),
  file('--gcp-service-account-key-path <file>', 'key of a Google service account', 'gcpServiceAccountKey'),
  text('--azure-service-principal-client-id <id>', 'of a service principal of Azure', 'azureServicePrincipalClientId'),
  text('--azure-service-principal-client-secret <secret>', 'its secret', 'azureServicePrincipalClientSecret'),
  text('--azure-service-principal-tenant-id <id>', 'its tenant', 'azureServicePrincipalTenantId'),
  text('--azure-active-directory-endpoint <url>', 'where it signs in', 'azureActiveDirectoryEndpoint'),
  text('--use-azure-workload-identity', 'the identity of the Pod in Azure', 'useAzureWorkloadIdentity'),
  text('--force-http-basic-auth', 'name and password at once, unasked', 'forceHttpBasicAuth'),
  text('--enable-oci', 'the charts are in an OCI registry', 'enableOCI'),
  text('--insecure-oci-force-http', 'an OCI registry without TLS', 'insecureOCIForceHttp'),
  { option: new Option('--type <type>', 'what it is').choices(['git', 'helm', 'oci']).default('git'), field: 'type' },
]

const repositoryFlags = (): ConnectionFlag[] => [
  text('--name <name>', 'needed for charts', 'name'),
  text('--project <name>', 'only for applications of this project', 'project'),
  text('--insecure-skip-server-verification', 'take any certificate or host key for its own', 'insecure'),
  text('--insecure-ignore-host-key', 'the same', 'insecureIgnoreHostKey'),
  text('--enable-lfs', 'fetch large files too', 'enableLfs'),
  text('--proxy <url>', 'way to the repository', 'proxy'),
  { option: noProxyOption(), field: 'noProxy' },
  number('--depth <count>', 'commits that are fetched; 0: all', 'depth'),
  text(
    '--webhook-manifest-cache-warm-disabled',
    'render nothing ahead when a webhook comes',
    'webhookManifestCacheWarmDisabled',
  ),
]

export function addCredentialFlags(command: Command): Command {
  for (const { option } of credentialFlags()) command.addOption(option)
  return command
}

export function addRepositoryFlags(command: Command): Command {
  for (const { option } of repositoryFlags()) command.addOption(option)
  return addCredentialFlags(command)
}

/** What the API takes, of the flags that were given. */
export function connectionOf(flags: Record<string, unknown>): Record<string, unknown> {
  const given = [...credentialFlags(), ...repositoryFlags()].flatMap(({ option, field }): [string, unknown][] => {
    const value = flags[option.attributeName()]
    return value === undefined ? [] : [[field, value]]
  })
  return Object.fromEntries(given)
}

/** A password in a command is seen by others of the machine. */
export async function withPassword(connection: Record<string, unknown>): Promise<Record<string, unknown>> {
  if (connection.username === undefined || connection.password !== undefined) return connection
  return { ...connection, password: await withPrompt((prompt) => prompt.askSecret('Password: ')) }
}
