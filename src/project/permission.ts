/** What an AppProject permits: the one place that decides it, for whoever asks. Pure. */
import {
  type AppProjectSpec,
  describeKey,
  type GroupKind,
  matchesAny,
  matchesGlob,
  type ResourceKey,
  withoutPassword,
} from '../model/index.ts'

/** A project as it counts for an application: with what its global projects add. */
export interface ProjectInForce {
  name: string
  spec: AppProjectSpec
}

export interface DestinationCluster {
  server: string
  name: string
  /** The project that the cluster is registered for alone. */
  project?: string
}

export type PermissionRequest =
  /** To take manifests from a repository; `alias`: another spelling of it. */
  | { kind: 'source'; repoURL: string; alias?: string }
  /** To name a cluster and namespace as destination. */
  | { kind: 'destination'; cluster: DestinationCluster; namespace: string }
  /** To compare, write or delete an object. */
  | { kind: 'object'; key: ResourceKey; namespaced: boolean; cluster: DestinationCluster }
  /** To be an Application in this namespace. */
  | { kind: 'application'; namespace: string; controlNamespace: string }

/** Why the project does not permit it, and which of its fields to change; undefined: it does. */
export function refusal(project: ProjectInForce, request: PermissionRequest): string | undefined {
  const fault = faultOf(project, request)
  return fault && `the project ${project.name} does not permit ${fault}`
}

function faultOf({ name, spec }: ProjectInForce, request: PermissionRequest): string | undefined {
  switch (request.kind) {
    case 'source':
      return sourceFault(spec, request)
    case 'destination':
      return destinationFault({ name, spec }, request)
    case 'object':
      return objectFault({ name, spec }, request)
    case 'application':
      return applicationFault(spec, request)
  }
}

function sourceFault(
  { sourceRepos = [] }: AppProjectSpec,
  { repoURL, alias = repoURL }: Extract<PermissionRequest, { kind: 'source' }>,
): string | undefined {
  const urls = [repoURL, alias].map(normaliseUrl)
  const matches = (pattern: string) => urls.some((url) => matchesGlob(normaliseUrl(pattern), url, '/'))
  const denied = sourceRepos.find((rule) => isDenial(rule) && matches(rule.slice(1)))
  const shown = `the repository ${withoutPassword(repoURL)}`
  if (denied) return `${shown}: its sourceRepos deny it by ${JSON.stringify(denied)}`
  if (sourceRepos.some((rule) => !isDenial(rule) && matches(rule))) return undefined
  return `${shown}: add it to its sourceRepos`
}

interface Place {
  cluster: DestinationCluster
  namespace: string
}

function destinationFault({ name, spec }: ProjectInForce, { cluster, namespace }: Place): string | undefined {
  const place = `the destination cluster ${cluster.name} (${cluster.server}), namespace ${JSON.stringify(namespace)}`
  if (cluster.project && cluster.project !== name) {
    return `${place}: the cluster is registered for another project alone`
  }
  const rules = spec.destinations ?? []
  const matching = rules.filter(
    (rule) => matchesCluster(rule, cluster) && matchesGlob(withoutDenial(rule.namespace ?? ''), namespace),
  )
  const denied = matching.find(isDenyingRule)
  if (denied) return `${place}: its destinations deny it by ${JSON.stringify(denied)}`
  if (matching.length === 0) return `${place}: add it to its destinations`
  if (spec.permitOnlyProjectScopedClusters && cluster.project !== name) {
    return `${place}: it has permitOnlyProjectScopedClusters, and the cluster is not registered for it (project: ${name} in the cluster's Secret)`
  }
  return undefined
}

type DestinationRule = NonNullable<AppProjectSpec['destinations']>[number]

function isDenyingRule({ server, name, namespace }: DestinationRule): boolean {
  return [server, name, namespace].some((text) => text !== undefined && isDenial(text))
}

function matchesCluster({ server, name }: DestinationRule, cluster: DestinationCluster): boolean {
  if (server && matchesGlob(withoutDenial(server), cluster.server)) return true
  return name !== undefined && name !== '' && matchesGlob(withoutDenial(name), cluster.name)
}

function objectFault(
  project: ProjectInForce,
  { key, namespaced, cluster }: Extract<PermissionRequest, { kind: 'object' }>,
): string | undefined {
  const fault = kindFault(project.spec, key, namespaced)
  if (fault) return `${describeKey(key)}: ${fault}`
  const place = namespaced ? destinationFault(project, { cluster, namespace: key.namespace }) : undefined
  return place && `${describeKey(key)}, because it does not permit ${place}`
}

/** Cluster-scoped kinds have to be allowed; namespaced kinds are allowed unless a list leaves them out. */
function kindFault(spec: AppProjectSpec, key: ResourceKey, namespaced: boolean): string | undefined {
  const [allow, deny] = namespaced
    ? (['namespaceResourceWhitelist', 'namespaceResourceBlacklist'] as const)
    : (['clusterResourceWhitelist', 'clusterResourceBlacklist'] as const)
  const matches = (rule: GroupKind) =>
    matchesGlob(rule.kind, key.kind, '/') &&
    matchesGlob(rule.group, key.group, '/') &&
    (!rule.name || matchesGlob(rule.name, key.name, '/'))
  if (spec[deny]?.some(matches)) return `its ${deny} names it`
  const allowed = spec[allow] ?? (namespaced ? undefined : [])
  return !allowed || allowed.some(matches) ? undefined : `add it to its ${allow}`
}

function applicationFault(
  { sourceNamespaces = [] }: AppProjectSpec,
  { namespace, controlNamespace }: Extract<PermissionRequest, { kind: 'application' }>,
): string | undefined {
  if (namespace === controlNamespace || matchesAny(sourceNamespaces, namespace)) return undefined
  return `applications in the namespace ${namespace}: add it to its sourceNamespaces`
}

function isDenial(pattern: string): boolean {
  return pattern.startsWith('!')
}

function withoutDenial(pattern: string): string {
  return isDenial(pattern) ? pattern.slice(1) : pattern
}

/** The same repository under its usual spellings: case, `.git`, `ssh://git@host/x` and `git@host:x`. */
export function normaliseUrl(url: string): string {
  let text = url.trim().toLowerCase()
  const scp = /^([^/@:]+@)?([^/:]+):(?!\/)(.+)$/.exec(text)
  if (scp && !text.includes('://')) text = `ssh://${scp[1] ?? ''}${scp[2]}/${scp[3]}`
  text = text.replace(/^ssh:\/\/git@/, 'ssh://')
  return text.replace(/\/+$/, '').replace(/\.git$/, '')
}
