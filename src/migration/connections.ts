/** Credentials of repositories and clusters in forms that are not taken, or that need something. Pure. */
import type { KubeObject } from '../model/index.ts'
import { label } from '../model/index.ts'
import type { Finding, Level } from './finding.ts'

type Data = Record<string, string>

const repositoryFields: Record<string, [level: Level, message: string]> = {
  gcpServiceAccountKey: ['lost', 'keys of Google service accounts are not taken: give a user name and a token'],
  azureServicePrincipalClientId: ['lost', 'service principals of Azure are not taken: give a user name and a token'],
  azureServicePrincipalClientID: ['lost', 'service principals of Azure are not taken: give a user name and a token'],
  enableLfs: ['lost', 'Git LFS is not fetched: applications that need a file in it show an error and prune nothing'],
  depth: ['differs', 'depth has no effect: only what is needed of a history is fetched'],
}

export function connectionFindings(objects: KubeObject[]): Finding[] {
  return objects.flatMap((object) => {
    if (object.kind !== 'Secret') return []
    const type = object.metadata.labels?.[label.secretType]
    if (type === 'cluster') return clusterFindings(object)
    return type?.startsWith('repo') ? repositoryFindings(object) : []
  })
}

/** Such as `https://`, which is for every host there is. */
const isHostless = (url: string) => /^(?:[a-z+]+:\/*|[^/:@]*@)?$/i.test(url.trim())

function repositoryFindings({ metadata, data }: KubeObject): Finding[] {
  const texts = decoded(data)
  const about = `Secret ${metadata.name}`
  const findings = Object.entries(repositoryFields).flatMap(([field, [level, message]]): Finding[] =>
    texts[field] && texts[field] !== 'false' && texts[field] !== '0' ? [{ level, about, message }] : [],
  )
  if (metadata.labels?.[label.secretType]?.startsWith('repo-') && isHostless(texts.url ?? '')) {
    const message = 'its url names no host, and credentials are for the addresses of one: give one Secret for each host'
    findings.push({ level: 'lost', about, message })
  }
  if (texts.useAzureWorkloadIdentity === 'true') {
    findings.push({ level: 'lost', about, message: 'workload identity of Azure is not taken: give a token' })
  }
  if (texts.proxy && /^ssh:|^[^/:]+@[^/]+:/.test(texts.url ?? '')) {
    findings.push({ level: 'lost', about, message: 'a proxy for SSH is refused: use HTTPS' })
  }
  return findings
}

function clusterFindings({ metadata, data }: KubeObject): Finding[] {
  const { config = '', shard = '', project = '' } = decoded(data)
  const about = `Secret ${metadata.name}`
  const findings: Finding[] = []
  const { awsAuthConfig, execProviderConfig } = parsed(config)
  if (awsAuthConfig) {
    findings.push({
      level: 'decide',
      about,
      message: 'awsAuthConfig runs the AWS CLI: add the program aws to the image',
    })
  }
  if (execProviderConfig?.command) {
    const message = `it signs in with ${execProviderConfig.command}: add that program to the image`
    findings.push({ level: 'decide', about, message })
  }
  if (project)
    findings.push({ level: 'differs', about, message: `only applications of project ${project} may go there` })
  if (shard)
    findings.push({ level: 'differs', about, message: 'shard has no effect: applications are shared, not clusters' })
  return findings
}

interface ClusterConfig {
  awsAuthConfig?: object
  execProviderConfig?: { command?: string }
}

/** What is no JSON is told when the cluster is opened. */
function parsed(config: string): ClusterConfig {
  try {
    return (JSON.parse(config) ?? {}) as ClusterConfig
  } catch {
    return {}
  }
}

function decoded(data: unknown): Data {
  const entries = Object.entries((data ?? {}) as Data)
  return Object.fromEntries(entries.map(([key, text]) => [key, Buffer.from(text, 'base64').toString('utf8')]))
}
