/** Kubeconfig files: read, merged, and one context of them turned into credentials. */
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { load } from 'js-yaml'
import { type Authentication, basicHeader, bearerHeader, type ClusterCredentials, type Headers } from './credentials.ts'
import { execAuthenticator, pluginCommand } from './exec-credential.ts'
import { tokenFileAuthenticator } from './token-file.ts'

type Fields = Record<string, unknown>

/** An entry of a list, with the file that it stood in: paths in it are relative to that file. */
interface Entry {
  file: string
  fields: Fields
}

interface Kubeconfig {
  currentContext?: string
  clusters: Map<string, Entry>
  contexts: Map<string, Entry>
  users: Map<string, Entry>
}

export interface KubeconfigSelection {
  files: string[]
  context?: string
}

export async function kubeconfigCredentials({ files, context }: KubeconfigSelection): Promise<ClusterCredentials> {
  const config = await readKubeconfigs(files)
  const name = context ?? config.currentContext
  if (!name) throw new Error(`${files.join(', ')}: no current-context; name one of ${named(config.contexts)}`)
  const chosen = config.contexts.get(name)
  if (!chosen) throw new Error(`${files.join(', ')}: no context ${name}; there are ${named(config.contexts)}`)
  const clusterName = text(chosen.fields.cluster) ?? ''
  const cluster = config.clusters.get(clusterName)
  if (!cluster) throw new Error(`${chosen.file}: context ${name} names cluster ${clusterName}, which is not there`)
  const userName = text(chosen.fields.user)
  const user = userName ? config.users.get(userName) : undefined
  if (userName && !user) throw new Error(`${chosen.file}: context ${name} names user ${userName}, which is not there`)
  const facts = await clusterFacts(cluster)
  const authenticate = user ? await authenticatorOf(user, facts) : anonymous
  return { name, namespace: text(chosen.fields.namespace), ...facts, authenticate }
}

const named = (entries: Map<string, Entry>) => [...entries.keys()].join(', ') || 'none'

async function readKubeconfigs(files: string[]): Promise<Kubeconfig> {
  const merged: Kubeconfig = { clusters: new Map(), contexts: new Map(), users: new Map() }
  for (const file of files) {
    const content = parse(await readFile(file, 'utf8'), file)
    merged.currentContext ??= text(content['current-context']) || undefined
    addEntries(merged.clusters, { file, list: content.clusters, field: 'cluster' })
    addEntries(merged.contexts, { file, list: content.contexts, field: 'context' })
    addEntries(merged.users, { file, list: content.users, field: 'user' })
  }
  return merged
}

function parse(content: string, file: string): Fields {
  try {
    return asFields(load(content)) ?? {}
  } catch (cause) {
    throw new Error(`${file} is not a kubeconfig: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
}

/** As kubectl does, the first file that names an entry wins. */
function addEntries(into: Map<string, Entry>, { file, list, field }: { file: string; list: unknown; field: string }) {
  for (const item of Array.isArray(list) ? list : []) {
    const name = text(asFields(item)?.name)
    if (name !== undefined && !into.has(name)) into.set(name, { file, fields: asFields(asFields(item)?.[field]) ?? {} })
  }
}

type ClusterFacts = Pick<ClusterCredentials, 'server' | 'ca' | 'serverName' | 'insecure' | 'proxyUrl'> & {
  execInfo: unknown
}

async function clusterFacts({ file, fields }: Entry): Promise<ClusterFacts> {
  const server = text(fields.server)
  if (!server) throw new Error(`${file}: a cluster without server`)
  const ca = await pem({ file, fields }, 'certificate-authority')
  const extensions = Array.isArray(fields.extensions) ? fields.extensions.map(asFields) : []
  const forExec = extensions.find((extension) => extension?.name === 'client.authentication.k8s.io/exec')
  return {
    server: server.replace(/\/+$/, ''),
    ca,
    serverName: text(fields['tls-server-name']),
    insecure: fields['insecure-skip-tls-verify'] === true || undefined,
    proxyUrl: text(fields['proxy-url']),
    execInfo: forExec?.extension,
  }
}

type Authenticate = ClusterCredentials['authenticate']

const anonymous: Authenticate = async () => ({ headers: {} })

async function authenticatorOf(user: Entry, facts: ClusterFacts): Promise<Authenticate> {
  const { fields, file } = user
  const own = await ownAuthenticator(user, facts)
  const [cert, key] = await Promise.all([pem(user, 'client-certificate'), pem(user, 'client-key')])
  if ((cert === undefined) !== (key === undefined))
    throw new Error(`${file}: a user with only one of client-certificate and client-key`)
  const certificate = cert !== undefined && key !== undefined ? { cert, key } : undefined
  const impersonation = impersonationHeaders(fields)
  return async function authenticate(options): Promise<Authentication> {
    const answer = await own(options)
    return {
      headers: { ...answer.headers, ...impersonation },
      certificate: answer.certificate ?? certificate,
    }
  }
}

async function ownAuthenticator({ file, fields }: Entry, facts: ClusterFacts): Promise<Authenticate> {
  const exec = asFields(fields.exec)
  const tokenFile = text(fields.tokenFile)
  const token = text(fields.token)
  const username = text(fields.username)
  if (tokenFile) return tokenFileAuthenticator(resolve(dirname(file), tokenFile))
  if (token) return async () => ({ headers: bearerHeader(token) })
  if (username) return async () => ({ headers: basicHeader(username, text(fields.password) ?? '') })
  if (exec) return execAuthenticator(pluginOf(exec, { file, facts }))
  if (fields['auth-provider'])
    throw new Error(`${file}: auth-provider is not supported (kubectl dropped it too); use an exec plugin or a token`)
  return anonymous
}

function pluginOf(exec: Fields, { file, facts }: { file: string; facts: ClusterFacts }) {
  const command = text(exec.command)
  if (!command) throw new Error(`${file}: an exec plugin without command`)
  const env = Array.isArray(exec.env) ? exec.env.map(asFields) : []
  return {
    command: pluginCommand(command, file),
    args: Array.isArray(exec.args) ? exec.args.map(String) : [],
    env: Object.fromEntries(env.map((variable) => [String(variable?.name), String(variable?.value ?? '')])),
    apiVersion: text(exec.apiVersion) ?? 'client.authentication.k8s.io/v1',
    installHint: text(exec.installHint),
    cluster: exec.provideClusterInfo === true ? execCluster(facts) : undefined,
  }
}

/** The Cluster message of client.authentication.k8s.io. */
function execCluster(facts: ClusterFacts): Fields {
  return {
    server: facts.server,
    'tls-server-name': facts.serverName,
    'insecure-skip-tls-verify': facts.insecure,
    'certificate-authority-data': facts.ca && Buffer.from(facts.ca).toString('base64'),
    'proxy-url': facts.proxyUrl,
    config: facts.execInfo,
  }
}

function impersonationHeaders(fields: Fields): Headers {
  const headers: Headers = {}
  const user = text(fields.as)
  if (user) headers['impersonate-user'] = user
  if (Array.isArray(fields['as-groups'])) headers['impersonate-group'] = fields['as-groups'].map(String)
  const uid = text(fields['as-uid'])
  if (uid) headers['impersonate-uid'] = uid
  return headers
}

/** `<name>-data` (base64) wins over the file that `<name>` points to. */
async function pem({ file, fields }: Entry, name: string): Promise<string | undefined> {
  const data = text(fields[`${name}-data`])
  if (data) return Buffer.from(data, 'base64').toString('utf8')
  const path = text(fields[name])
  return path ? readFile(resolve(dirname(file), path), 'utf8') : undefined
}

function text(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value)
}

function asFields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined
}
