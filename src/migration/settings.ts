/** Keys of the ConfigMaps that have no effect here, or another one. Pure. */
import type { KubeObject } from '../model/index.ts'
import type { Finding, Level } from './finding.ts'

type Data = Record<string, string>
/** Begins with it where it ends with a dot. */
type Rule = [key: string, level: Level, message: string]

const none = 'it has no effect'

const general: Rule[] = [
  [
    'dex.config',
    'decide',
    'no Dex is run: keep yours and point oidc.config at it, or at the provider itself (docs/sso.md)',
  ],
  [
    'kustomize.buildOptions',
    'lost',
    `${none}: Kustomize is run without options; what needs --enable-helm becomes a source of its own`,
  ],
  ['kustomize.buildOptions.', 'lost', none],
  ['kustomize.path.', 'lost', `${none}: one version of Kustomize renders everything`],
  ['kustomize.version.', 'lost', `${none}: one version of Kustomize renders everything`],
  ['kustomize.enable', 'lost', `${none}: all tools are on`],
  ['helm.enable', 'lost', `${none}: all tools are on`],
  ['jsonnet.enable', 'lost', `${none}: all tools are on`],
  [
    'helm.valuesFileSchemes',
    'differs',
    'https and http count as they stand there; with other schemes, such as secrets and s3, nothing is read',
  ],
  ['configManagementPlugins', 'lost', 'plugins are not run: render in the pipeline and commit the result'],
  ['extension.config', 'lost', 'proxy extensions are not served'],
  ['extension.config.', 'lost', 'proxy extensions are not served'],
  ['ui.cssurl', 'lost', `${none}: the page takes no styles from elsewhere`],
  ['ga.trackingid', 'lost', `${none}: the page calls nobody`],
  ['ga.anonymizeusers', 'lost', `${none}: the page calls nobody`],
  [
    'resource.respectRBAC',
    'differs',
    'kinds that Tiphys may not list are left out anyway, and named by the applications that need them',
  ],
  ['resource.includeEventLabelKeys', 'lost', none],
  ['resource.excludeEventLabelKeys', 'lost', none],
  ['resource.compareoptions', 'differs', 'status is never compared, aggregated rules neither (docs/differences.md)'],
  ['server.rbac.log.enforce.enable', 'differs', 'the right to read logs is always asked for'],
  ['sourceHydrator.commitMessageTemplate', 'lost', 'sources are not hydrated into branches'],
  ['repositories', 'lost', `${none}: repositories are Secrets`],
  ['repository.credentials', 'lost', `${none}: credentials are Secrets`],
  ['helm.repositories', 'lost', `${none}: repositories are Secrets`],
  ['statusbadge.url', 'differs', 'badges are served at the address of Tiphys'],
]

/** Of argocd-cmd-params-cm; everything else there steers processes that are not run. */
const parameters = new Set([
  'application.namespaces',
  'applicationsetcontroller.allowed.scm.providers',
  'applicationsetcontroller.enable.new.git.file.globbing',
  'applicationsetcontroller.enable.policy.override',
  'applicationsetcontroller.enable.progressive.syncs',
  'applicationsetcontroller.enable.scm.providers',
  'applicationsetcontroller.enable.tokenref.strict.mode',
  'applicationsetcontroller.global.preserved.annotations',
  'applicationsetcontroller.global.preserved.labels',
  'applicationsetcontroller.namespaces',
  'applicationsetcontroller.policy',
  'applicationsetcontroller.status.max.resources.count',
  'controller.default.cache.expiration',
  'controller.ignore.normalizer.jq.timeout',
  'controller.self.heal.backoff.cap.seconds',
  'controller.self.heal.backoff.factor',
  'controller.self.heal.backoff.timeout.seconds',
  'controller.self.heal.timeout.seconds',
  'controller.sync.timeout.seconds',
  'controller.sync.wave.delay.seconds',
  'ignore.normalizer.jq.timeout',
  'otlp.address',
  'otlp.attrs',
  'otlp.headers',
  'otlp.insecure',
  'otlp.sample.ratio',
  'redis.compression',
  'redis.db',
  'redis.key.prefix',
  'redis.server',
  'reposerver.enable.git.submodule',
  'reposerver.parallelism.limit',
  'server.insecure',
  'server.sync.replace.allowed',
])

/** Of the same map: what they bring about is missed here. */
const lostParameters: [key: string, message: string][] = [
  ['server.rootpath', 'Tiphys is served at the root of an address: give it a host of its own'],
  ['server.basehref', 'Tiphys is served at the root of an address: give it a host of its own'],
  ['server.x.frame.options', `${none}: only pages of its own address may show Tiphys in a frame`],
  ['server.api.content.types', `${none}: the API takes application/json`],
]

const services = new Set(['awssqs', 'gcppubsub', 'nats', 'newrelic', 'pagerduty', 'webex'])

export function settingsFindings(objects: KubeObject[]): Finding[] {
  const mapOf = (name: string) => objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name)
  const has = (name: string) => mapOf(name) !== undefined
  const dataOf = (name: string) => (mapOf(name)?.data ?? {}) as Data
  return [
    ...Object.keys(dataOf('argocd-cm')).flatMap(generalFinding),
    ...lostFindings(Object.keys(dataOf('argocd-cmd-params-cm'))),
    ...parameterFinding(Object.keys(dataOf('argocd-cmd-params-cm'))),
    ...redisFinding(dataOf('argocd-cmd-params-cm')),
    ...selfServiceFinding(dataOf('argocd-cmd-params-cm'), objects),
    ...(has('argocd-cmd-params-cm') ? submoduleFinding(dataOf('argocd-cmd-params-cm')) : []),
    ...Object.keys(dataOf('argocd-notifications-cm')).flatMap(serviceFinding),
  ]
}

function generalFinding(key: string): Finding[] {
  const rule = general.find(([known]) => (known.endsWith('.') ? key.startsWith(known) : key === known))
  if (!rule) return []
  const [, level, message] = rule
  return [{ level, about: `argocd-cm ${key}`, message }]
}

function lostMessage(key: string): string | undefined {
  return lostParameters.find(([known]) => (known.endsWith('.') ? key.startsWith(known) : key === known))?.[1]
}

function lostFindings(keys: string[]): Finding[] {
  return keys.flatMap((key) => {
    const message = lostMessage(key)
    return message === undefined ? [] : [{ level: 'lost', about: `argocd-cmd-params-cm ${key}`, message }]
  })
}

function parameterFinding(keys: string[]): Finding[] {
  const unread = keys.filter((key) => !parameters.has(key) && key !== selfService && lostMessage(key) === undefined)
  if (unread.length === 0) return []
  const message = `these have no effect: ${unread.sort().join(', ')}`
  return [{ level: 'differs', about: 'argocd-cmd-params-cm', message }]
}

/** In the HA manifests of Argo CD the setting names a Redis that may go together with it. */
function redisFinding({ 'redis.server': server }: Data): Finding[] {
  if (!server) return []
  const message = 'Tiphys needs no Redis, and uses this one as a cache: take the setting away when that Redis goes'
  return [{ level: 'differs', about: 'argocd-cmd-params-cm redis.server', message }]
}

const selfService = 'notificationscontroller.selfservice.enabled'
const selfServiceFlag = /^--self-service-notification-enabled(?:=(?:true|1|t))?$/i

/** By the setting, or by the flag that the controller is run with. */
function selfServiceFinding(parameters: Data, objects: KubeObject[]): Finding[] {
  const isSet = /^(?:true|1|t)$/i.test(parameters[selfService]?.trim() ?? '')
  if (!isSet && !objects.flatMap(argumentsOf).some((argument) => selfServiceFlag.test(argument))) return []
  const message =
    'argocd-notifications-cm of the namespaces of applications is not read: what is configured there has to be put into that of the control namespace'
  return [{ level: 'lost', about: `argocd-cmd-params-cm ${selfService}`, message }]
}

function argumentsOf({ kind, spec }: KubeObject): string[] {
  if (kind !== 'Deployment') return []
  const { template } = (spec ?? {}) as {
    template?: { spec?: { containers?: { command?: string[]; args?: string[] }[] } }
  }
  return (template?.spec?.containers ?? []).flatMap(({ command = [], args = [] }) => [...command, ...args])
}

/** Argo CD fetches them unless it is told not to. */
function submoduleFinding({ 'reposerver.enable.git.submodule': fetches }: Data): Finding[] {
  if (fetches === 'false') return []
  const message =
    'Git submodules are not fetched: applications that need one show an error and prune nothing. Where none does, set it to "false"'
  return [{ level: 'decide', about: 'argocd-cmd-params-cm reposerver.enable.git.submodule', message }]
}

function serviceFinding(key: string): Finding[] {
  const [word, type = ''] = key.split('.')
  if (word !== 'service' || !services.has(type)) return []
  const instead = type === 'pagerduty' ? ': use pagerdutyv2' : ': a webhook may reach it'
  return [{ level: 'lost', about: `argocd-notifications-cm ${key}`, message: `nothing is sent to ${type}${instead}` }]
}
