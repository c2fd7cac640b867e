/** What stands in an application's namespace and belongs to no application: `orphanedResources` of its project. Pure. */
import { type AppProjectSpec, describeKey, matchesGlob, type ResourceKey } from '../model/index.ts'
import type { Finding } from './conditions.ts'

export interface OrphanInput {
  project: { name: string; spec: AppProjectSpec }
  namespace: string
  /** Whether the project permits such an object. */
  permits(key: ResourceKey): boolean
  /** What nothing else owns, in that namespace. */
  topLevel: { key: ResourceKey; instance: string | undefined }[]
  /** Whether there is such an application. */
  exists(instance: string): boolean
}

/** Empty when the project does not ask for it. */
export function orphanedResources({ project, permits, topLevel, exists }: OrphanInput): ResourceKey[] {
  const rules = project.spec.orphanedResources
  if (!rules) return []
  const ignored = (key: ResourceKey) => (rules.ignore ?? []).some((rule) => isMeant(rule, key))
  return topLevel
    .filter(({ instance }) => instance === undefined || !exists(instance))
    .map(({ key }) => key)
    .filter((key) => !isMadeByKubernetes(key) && permits(key) && !ignored(key))
    .sort((a, b) => (describeKey(a) < describeKey(b) ? -1 : 1))
}

/** Every namespace has these. */
function isMadeByKubernetes({ group, kind, namespace, name }: ResourceKey): boolean {
  if (group !== '') return false
  if (kind === 'Service') return namespace === 'default' && name === 'kubernetes'
  return (kind === 'ServiceAccount' && name === 'default') || (kind === 'ConfigMap' && name === 'kube-root-ca.crt')
}

/** Globs; a kind or a name that is not given is any, a group that is not given is the core group. */
function isMeant(
  { group = '', kind = '', name = '' }: { group?: string; kind?: string; name?: string },
  key: ResourceKey,
) {
  const matches = (pattern: string, text: string) => pattern === text || matchesGlob(pattern, text)
  return (
    matches(group, key.group) && (kind === '' || matches(kind, key.kind)) && (name === '' || matches(name, key.name))
  )
}

const mostNamed = 5

/** `warn` counts as true unless it is false. */
export function orphanFindings(orphaned: ResourceKey[], { project, namespace }: OrphanInput): Finding[] {
  if (orphaned.length === 0 || project.spec.orphanedResources?.warn === false) return []
  const named = orphaned
    .slice(0, mostNamed)
    .map(({ group, kind, name }) => describeKey({ group, kind, namespace: '', name }))
  const more = orphaned.length > mostNamed ? ` and ${orphaned.length - mostNamed} more` : ''
  const count = orphaned.length === 1 ? '1 orphaned resource' : `${orphaned.length} orphaned resources`
  const message = `${count} in namespace ${namespace}: ${named.join(', ')}${more}: declare, delete or list in orphanedResources.ignore of project ${project.name}`
  return [{ type: 'OrphanedResourceWarning', message }]
}
