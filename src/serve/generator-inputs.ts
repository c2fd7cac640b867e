/** What generators ask the world for, and what they may: clusters, repositories, tokens for Git hosts, plugins. */
import { isPermittedSource } from '../api/repositories/permitted-source.ts'
import { type GeneratorInputs, HostApis } from '../generate/index.ts'
import type { ControlPlane, KubeClient } from '../live/index.ts'
import {
  type ApplicationSet,
  type ApplicationSource,
  type KubeObject,
  label,
  StageError,
  withoutPassword,
} from '../model/index.ts'
import { projectInForce } from '../project/index.ts'
import { checkIntegrity } from '../reconcile/source-integrity.ts'
import type { ControllerSettings } from '../reconcile/stages.ts'
import type { Downloader } from '../source/download.ts'
import type { Sources } from '../source/sources.ts'
import type { ApplicationSetSettings } from './application-set-settings.ts'

export interface GeneratorSources {
  controlPlane: ControlPlane
  client: Pick<KubeClient, 'get'>
  sources: Sources
  downloader: Downloader
  settings: Pick<ControllerSettings, 'globalProjects'>
  parameters(): ApplicationSetSettings
}

/** Bytes of one answer. */
const longestAnswer = 16 * 1024 * 1024

export function openGeneratorInputs(inputs: GeneratorSources): GeneratorInputs {
  const { controlPlane, sources, downloader, parameters } = inputs
  const http: GeneratorInputs['host']['http'] = ({ url, headers, body, timeLimitMs }) => {
    const options = { headers, limit: longestAnswer, ...(timeLimitMs !== undefined && { timeLimitMs }) }
    return body === undefined ? downloader.get(url, options) : downloader.post(url, body, options)
  }
  const apis = new HostApis(http, Date.now)
  return {
    clusterSecrets: () => clusterSecrets(controlPlane),
    git: {
      async resolve(repoURL, revision, { set, notOlderThan, maxAgeMs, signal }) {
        const project = projectToReadAs(repoURL, set, inputs)
        const since = Math.max(notOlderThan, maxAgeMs === undefined ? 0 : Date.now() - maxAgeMs)
        const source = { repoURL, targetRevision: revision }
        const { revision: commit } = await sources.forProject(project).resolve(source, { notOlderThan: since, signal })
        await checkSigned({ project, source, commit, signal }, inputs)
        return commit
      },
      async tree(repoURL, commit, { set, signal }) {
        return sources.forProject(projectToReadAs(repoURL, set, inputs)).tree({ repoURL }, commit, signal)
      },
      newFileGlobbing: () => parameters().newFileGlobbing,
    },
    host: {
      settings: () => parameters().hosts,
      token: (ref, set) => tokenOf(ref, set, inputs),
      open: (access) => apis.open(access),
      http,
    },
    plugin: (configMap) => pluginOf(configMap, inputs),
  }
}

function invalid(message: string): StageError {
  return new StageError('generate', message, { retry: false })
}

/** Throws where it is not known which there are: nobody may take that for none. */
function clusterSecrets(controlPlane: ControlPlane): KubeObject[] {
  const [problem] = controlPlane.problems().filter((one) => one.startsWith('Secret:'))
  if (problem) throw new StageError('live', `the clusters are not known: ${problem}`, { retry: true })
  return controlPlane.secretsOfType('cluster')
}

/** Secrets of Tiphys itself, and of others that are no tokens for Git hosts. */
const neverTokens = new Set(['argocd-secret', 'argocd-initial-admin-secret', 'argocd-notifications-secret'])
const forHosts = 'scm-creds'

async function tokenOf(
  { secretName = '', key = '' }: { secretName?: string; key?: string },
  { metadata: { namespace = '' } }: ApplicationSet,
  { controlPlane, client, parameters }: GeneratorSources,
): Promise<string> {
  const isHome = namespace === controlPlane.namespace
  const target = { group: '', version: 'v1', kind: 'Secret', namespace, name: secretName }
  const secret = isHome ? controlPlane.storedSecret(secretName) : await client.get(target)
  const type = secret?.metadata.labels?.[label.secretType]
  const isOther = neverTokens.has(secretName) || (type !== undefined && type !== forHosts) || isOfAccount(secret)
  if (isOther) throw invalid(`tokenRef names the Secret ${secretName}, which is not for tokens: make one of its own`)
  const encoded = (secret?.data as Record<string, string> | undefined)?.[key]
  if (encoded === undefined) {
    throw invalid(`tokenRef names the key ${key} of the Secret ${secretName} in ${namespace}, which is not there`)
  }
  if (parameters().strictTokens && type !== forHosts) {
    throw invalid(
      `the Secret ${secretName} has no label ${label.secretType}: ${forHosts}, which tokenRef asks for here`,
    )
  }
  return Buffer.from(encoded, 'base64').toString('utf8').trim()
}

function isOfAccount(secret: KubeObject | undefined): boolean {
  return secret?.type === 'kubernetes.io/service-account-token'
}

async function pluginOf(name: string, { controlPlane, client }: GeneratorSources) {
  const { namespace } = controlPlane
  const map = await client.get({ group: '', version: 'v1', kind: 'ConfigMap', namespace, name })
  const { baseUrl = '', token = '', requestTimeout } = (map?.data ?? {}) as Record<string, string>
  if (!map) throw invalid(`the plugin generator names the ConfigMap ${name}, which is not in ${namespace}`)
  if (!/^https?:\/\//.test(baseUrl)) throw invalid(`baseUrl of the ConfigMap ${name} is no http or https address`)
  const [, first = '', second] = /^\$([^:]+)(?::(.+))?$/.exec(token) ?? []
  const place = second === undefined ? { secret: 'argocd-secret', key: first } : { secret: first, key: second }
  const value = first === '' ? undefined : controlPlane.secret(place.secret)?.[place.key]
  if (value === undefined) {
    throw invalid(
      `token of the ConfigMap ${name} has to name a Secret and its key, such as $secret:key, that are there`,
    )
  }
  const seconds = Number(requestTimeout ?? Number.NaN)
  return { baseUrl, token: value, timeLimitMs: seconds > 0 ? seconds * 1000 : undefined }
}

/** The project whose credentials count; throws where it does not let the set read the repository. */
function projectToReadAs(repoURL: string, { metadata, spec }: ApplicationSet, inputs: GeneratorSources): string {
  const { controlPlane, settings } = inputs
  const project = spec.template.spec.project || 'default'
  if (!project.includes('{{')) {
    if (isPermittedSource(repoURL, project, { controlPlane, rules: settings.globalProjects })) return project
    const advice = 'add it to its sourceRepos, or name another project in the template'
    throw invalid(`the project ${project} does not permit the repository ${withoutPassword(repoURL)}: ${advice}`)
  }
  // Credentials of one project are for it alone.
  if (metadata.namespace === controlPlane.namespace) return ''
  throw invalid(
    'outside of the control namespace the project of the template has to be one, so that it can permit a repository',
  )
}

interface ReadCommit {
  /** Empty: it is not known which counts. */
  project: string
  source: ApplicationSource
  commit: string
  signal: AbortSignal
}

/** What a project does not deploy unless it is signed, it does not make applications of either. */
async function checkSigned({ project, source, commit, signal }: ReadCommit, inputs: GeneratorSources): Promise<void> {
  const { controlPlane, sources, settings } = inputs
  const found = controlPlane.project(project)
  if (!found) return
  const inForce = projectInForce(found, { rules: settings.globalProjects, find: controlPlane.project })
  await checkIntegrity({ project: inForce, sources: [source], revisions: [commit], signal }, { controlPlane, sources })
}
