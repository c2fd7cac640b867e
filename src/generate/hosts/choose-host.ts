/** Which host a generator means, and whether it may be asked with the token that is named. */
import { type Dict, isDict } from '../../template/index.ts'
import { type GeneratorContext, invalid, specReader } from '../generators/generator.ts'
import type { HostContext, HostKind, PullRequest, RepositoryHost } from './git-host.ts'
import { GiteaSpec, gitea } from './gitea.ts'
import { GithubSpec, github } from './github.ts'
import { GitlabSpec, gitlab } from './gitlab.ts'
import type { HostAccess, HostApi } from './host-api.ts'
import type { SecretRef } from './secret-ref.ts'

interface Common {
  api?: string
  tokenRef?: SecretRef
  insecure?: boolean
}

interface KnownHost {
  read(spec: Dict): Common
  kind: HostKind<Common>
  /** How the token is presented. */
  scheme: string
}

const known: Record<string, KnownHost> = {
  github: { read: specReader('github', GithubSpec), kind: github as HostKind<Common>, scheme: 'Bearer' },
  gitlab: { read: specReader('gitlab', GitlabSpec), kind: gitlab as HostKind<Common>, scheme: 'Bearer' },
  gitea: { read: specReader('gitea', GiteaSpec), kind: gitea as HostKind<Common>, scheme: 'token' },
}
/** Those of Argo CD that are not asked. */
const unknown = ['bitbucket', 'bitbucketServer', 'azureDevOps', 'azuredevops', 'awsCodeCommit']

export interface ChosenHost {
  repositories(isHttps: boolean): RepositoryHost
  pullRequests(): Promise<PullRequest[]>
}

export async function chooseHost(spec: Dict, context: GeneratorContext): Promise<ChosenHost> {
  const names = [...Object.keys(known), ...unknown].filter((name) => isDict(spec[name]))
  const [name = ''] = names
  const host = Object.hasOwn(known, name) ? known[name] : undefined
  if (!host || names.length > 1) {
    const found = names.join(', ') || 'none'
    throw invalid(`the generator names ${found} as its host: give one of ${Object.keys(known).join(', ')}`)
  }
  const own = spec[name] as Dict
  for (const key of ['appSecretName', 'caRef']) {
    if (own[key]) throw invalid(`${name}.${key} is not supported: ${instead[key]}`)
  }
  const given = host.read(own)
  if (given.insecure) throw invalid(`${name}.insecure is not supported: ${instead.caRef}`)
  const api = context.inputs.host.open(await accessTo(name, { given, host, context }))
  const at = (isHttps: boolean): HostContext => ({ api: api as HostApi, isHttps })
  return {
    repositories: (isHttps) => host.kind.repositories(given, at(isHttps)),
    pullRequests: () => host.kind.pullRequests(given, at(false)),
  }
}

const instead: Record<string, string> = {
  appSecretName: 'make a token and name it in tokenRef',
  caRef: "let Tiphys trust the authority of the host's certificate by argocd-tls-certs-cm",
}

interface Asked {
  given: Common
  host: KnownHost
  context: GeneratorContext
}

/** A token leaves for the host that it is made for, and for those that the installation names: no set sends it elsewhere. */
async function accessTo(name: string, { given, host, context }: Asked): Promise<HostAccess> {
  const { api = '', tokenRef } = given
  const { publicApi, apiOf } = host.kind
  const address = api || publicApi
  if (!address) throw invalid(`${name}.api is missing: give the address of the host`)
  if (!/^https?:\/\//.test(address) || !URL.canParse(address)) throw invalid(`${name}.api is no http or https address`)
  const { isEnabled, allowed } = context.inputs.host.settings()
  if (!isEnabled) throw invalid('Git hosts are not asked: applicationsetcontroller.enable.scm.providers is "false"')
  const plain = (url: string) => url.replace(/\/+$/, '')
  const isPublic = publicApi !== undefined && plain(address) === plain(publicApi)
  const isListed = allowed.some((one) => plain(one) === plain(address))
  if (!isPublic && !isListed && (tokenRef || allowed.length > 0)) {
    throw invalid(
      `no token is sent to ${address}: if it is a Git host of yours, add it to applicationsetcontroller.allowed.scm.providers of argocd-cmd-params-cm`,
    )
  }
  const token = tokenRef && (await context.inputs.host.token(tokenRef, context.set))
  return { base: apiOf(address), authorization: token && `${host.scheme} ${token}` }
}
