/** What an AppProject permits: the one place that decides it, for the controller and the API alike. Pure. */
import picomatch from 'picomatch'
import type { AppProjectSpec, GroupKind } from './app-project.ts'
import type { ResourceKey } from './resource-key.ts'

/** `*` matches any run of characters, `/` included, as in Argo CD. */
export function matchesGlob(pattern: string, text: string): boolean {
  if (pattern === '*' || pattern === text) return true
  if (pattern === '') return false
  // Without the bash option a star would stop at a slash; dot: names may begin with one.
  return picomatch.isMatch(text, pattern, { bash: true, dot: true })
}

export function permitsSource(project: AppProjectSpec, repoURL: string): boolean {
  return permitted(project.sourceRepos ?? [], (pattern) => matchesGlob(normaliseUrl(pattern), normaliseUrl(repoURL)))
}

export interface DestinationCluster {
  server: string
  name: string
}

export function permitsDestination(project: AppProjectSpec, cluster: DestinationCluster, namespace: string): boolean {
  const rules = project.destinations ?? []
  let allowed = false
  for (const rule of rules) {
    const deniesServer = rule.server?.startsWith('!') || rule.name?.startsWith('!')
    const deniesNamespace = rule.namespace?.startsWith('!')
    const serverMatches = matchesCluster(rule, cluster)
    const namespaceMatches = matchesGlob(withoutDenial(rule.namespace ?? ''), namespace)
    if (deniesServer || deniesNamespace) {
      if (serverMatches && namespaceMatches) return false
    } else if (serverMatches && namespaceMatches) allowed = true
  }
  return allowed
}

function matchesCluster(rule: { server?: string; name?: string }, cluster: DestinationCluster): boolean {
  if (rule.server) return matchesGlob(withoutDenial(rule.server), cluster.server)
  if (rule.name) return matchesGlob(withoutDenial(rule.name), cluster.name)
  return false
}

/** Cluster-scoped kinds have to be allowed; namespaced kinds are allowed unless an allow list leaves them out. */
export function permitsResource(project: AppProjectSpec, key: ResourceKey, namespaced: boolean): boolean {
  const matches = (rule: GroupKind) =>
    matchesGlob(rule.group, key.group) &&
    matchesGlob(rule.kind, key.kind) &&
    (rule.name === undefined || rule.name === '' || matchesGlob(rule.name, key.name))
  if (namespaced) {
    if (project.namespaceResourceBlacklist?.some(matches)) return false
    const allowed = project.namespaceResourceWhitelist
    return !allowed || allowed.length === 0 || allowed.some(matches)
  }
  if (project.clusterResourceBlacklist?.some(matches)) return false
  return project.clusterResourceWhitelist?.some(matches) ?? false
}

/** Any allow matches and no deny does. */
function permitted(rules: string[], matches: (pattern: string) => boolean): boolean {
  let allowed = false
  for (const rule of rules) {
    if (rule.startsWith('!')) {
      if (matches(rule.slice(1))) return false
    } else if (matches(rule)) allowed = true
  }
  return allowed
}

function withoutDenial(pattern: string): string {
  return pattern.startsWith('!') ? pattern.slice(1) : pattern
}

/** The same repository under its usual spellings: case, `.git`, `ssh://git@host/x` and `git@host:x`. */
export function normaliseUrl(url: string): string {
  let text = url.trim().toLowerCase()
  const scp = /^([^/@:]+@)?([^/:]+):(?!\/)(.+)$/.exec(text)
  if (scp && !text.includes('://')) text = `ssh://${scp[1] ?? ''}${scp[2]}/${scp[3]}`
  text = text.replace(/^ssh:\/\/git@/, 'ssh://')
  return text.replace(/\/+$/, '').replace(/\.git$/, '')
}
