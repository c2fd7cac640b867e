/** How a cluster is signed in to, from the `config` of its Secret, in all the forms that Argo CD knows. */
import {
  type Authentication,
  basicHeader,
  bearerHeader,
  type Certificate,
  type ClusterCredentials,
} from '../kube/credentials.ts'
import { type ExecPlugin, execAuthenticator } from '../kube/exec-credential.ts'
import type { ClusterRecord } from './cluster-record.ts'

type Fields = Record<string, unknown>
type Authenticate = ClusterCredentials['authenticate']

/** Its message says what to correct, and repeats nothing that is secret. */
export class ConfigFault extends Error {}

/** `own`: those of the process, for the cluster that it runs in. Throws ConfigFault. */
export function clusterCredentials(record: ClusterRecord, own?: ClusterCredentials): ClusterCredentials {
  const { server, name, config, fault } = record
  if (fault) throw new ConfigFault(fault)
  if (own && !namesUser(config)) return { ...own, name }
  const connection = { server: own?.server ?? checkedServer(server), ...connectionOf(config, own) }
  return { name, ...connection, authenticate: authenticatorOf(config, connection) }
}

/** Without any of these the cluster that Tiphys runs in is spoken to as Tiphys. */
function namesUser(config: Fields): boolean {
  const { certData } = fieldsOf(config.tlsClientConfig)
  return [config.username, config.bearerToken, config.execProviderConfig, config.awsAuthConfig, certData].some(Boolean)
}

function checkedServer(server: string): string {
  const url = URL.canParse(server) ? new URL(server) : undefined
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new ConfigFault('the server in its Secret is no address such as https://10.0.0.1:6443: correct it')
  }
  if (url.username || url.password) {
    throw new ConfigFault('the server in its Secret holds a password, which everybody would see: move it to the config')
  }
  return server
}

type Connection = Pick<ClusterCredentials, 'server' | 'ca' | 'serverName' | 'insecure' | 'proxyUrl'>

function connectionOf(config: Fields, own: ClusterCredentials | undefined): Omit<Connection, 'server'> {
  const tls = fieldsOf(config.tlsClientConfig)
  const insecure = tls.insecure === true
  const ca = pem(tls, 'caData') ?? own?.ca
  if (insecure && tls.caData) {
    throw new ConfigFault('its config has both tlsClientConfig.insecure and caData: keep one of them')
  }
  const serverName = text(tls, 'serverName')
  const proxyUrl = text(config, 'proxyUrl')
  if (proxyUrl && !(URL.canParse(proxyUrl) && /^https?:$/.test(new URL(proxyUrl).protocol))) {
    throw new ConfigFault('the proxyUrl of its config is no address such as http://proxy:3128: correct it')
  }
  return {
    ...(insecure && { insecure }),
    ...(ca && !insecure && { ca }),
    ...(serverName && { serverName }),
    ...(proxyUrl && { proxyUrl }),
  }
}

function authenticatorOf(config: Fields, connection: Connection): Authenticate {
  const own = ownAuthenticator(config, connection)
  const certificate = certificateOf(fieldsOf(config.tlsClientConfig))
  if (!certificate) return own
  return async (options): Promise<Authentication> => {
    const answer = await own(options)
    return { ...answer, certificate: answer.certificate ?? certificate }
  }
}

/** A plugin comes first and everything else is for want of one, as in Argo CD. */
function ownAuthenticator(config: Fields, connection: Connection): Authenticate {
  const aws = fieldsOf(config.awsAuthConfig)
  const exec = fieldsOf(config.execProviderConfig)
  if (Object.keys(aws).length > 0) return execAuthenticator(awsPlugin(aws))
  if (Object.keys(exec).length > 0) return execAuthenticator(pluginOf(exec, connection))
  const token = text(config, 'bearerToken')
  const username = text(config, 'username')
  const headers = token
    ? bearerHeader(token)
    : username
      ? basicHeader(username, text(config, 'password') ?? '')
      : undefined
  return async () => ({ headers: headers ?? {} })
}

function certificateOf(tls: Fields): Certificate | undefined {
  const [cert, key] = [pem(tls, 'certData'), pem(tls, 'keyData')]
  if ((cert === undefined) !== (key === undefined)) {
    throw new ConfigFault('its config has only one of tlsClientConfig.certData and keyData: give both')
  }
  return cert !== undefined && key !== undefined ? { cert, key } : undefined
}

function pluginOf(exec: Fields, connection: Connection): ExecPlugin {
  const command = text(exec, 'command')
  if (!command) throw new ConfigFault('the execProviderConfig of its config has no command: add it')
  const installHint = text(exec, 'installHint')
  return {
    command,
    args: Array.isArray(exec.args) ? exec.args.map(String) : [],
    env: Object.fromEntries(Object.entries(fieldsOf(exec.env)).map(([name, value]) => [name, String(value)])),
    apiVersion: text(exec, 'apiVersion') ?? 'client.authentication.k8s.io/v1',
    ...(installHint && { installHint }),
    ...(exec.provideClusterInfo === true && { cluster: execCluster(connection, exec.config) }),
    discreet: true,
  }
}

/** The Cluster message of client.authentication.k8s.io. */
function execCluster({ server, serverName, insecure, ca, proxyUrl }: Connection, config: unknown): Fields {
  return {
    server,
    'tls-server-name': serverName,
    'insecure-skip-tls-verify': insecure,
    'certificate-authority-data': ca && Buffer.from(ca).toString('base64'),
    'proxy-url': proxyUrl,
    config,
  }
}

/** Argo CD brings a program of its own for this; AWS's does the same, with the rights of the pod. */
function awsPlugin(aws: Fields): ExecPlugin {
  const [clusterName, roleARN, profile] = [text(aws, 'clusterName'), text(aws, 'roleARN'), text(aws, 'profile')]
  if (!clusterName) throw new ConfigFault('the awsAuthConfig of its config has no clusterName: add it')
  const words = { 'cluster-name': clusterName, 'role-arn': roleARN, profile }
  const args = Object.entries(words).flatMap(([name, value]) => (value ? [`--${name}=${value}`] : []))
  return {
    command: 'aws',
    args: ['eks', 'get-token', '--output=json', ...args],
    env: {},
    apiVersion: 'client.authentication.k8s.io/v1beta1',
    installHint: 'It is the AWS CLI, version 2; awsAuthConfig needs it where Tiphys runs.',
    discreet: true,
  }
}

function pem(fields: Fields, name: string): string | undefined {
  const data = text(fields, name)
  if (!data) return undefined
  const decoded = Buffer.from(data, 'base64').toString('utf8')
  if (!decoded.includes('-----BEGIN')) {
    throw new ConfigFault(`the tlsClientConfig.${name} of its config is not PEM in base64: correct it`)
  }
  return decoded
}

function text(fields: Fields, name: string): string | undefined {
  const value = fields[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
}
