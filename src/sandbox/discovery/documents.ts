/** The discovery documents, plain and aggregated, made of the registry. */
import type { Registry } from './registry.ts'
import { type ApiResource, groupVersion } from './resource.ts'

function apiGroup({ name, versions }: { name: string; versions: string[] }) {
  const entries = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }))
  return { name, versions: entries, preferredVersion: entries[0] }
}

export function apiVersions(serverAddress: string) {
  const serverAddressByClientCIDRs = [{ clientCIDR: '0.0.0.0/0', serverAddress }]
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs }
}

export function groupList(registry: Registry) {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: registry.groups.map(apiGroup) }
}

/** The APIGroup of one named group; undefined when there is none. */
export function group(registry: Registry, name: string) {
  const found = registry.groups.find((one) => one.name === name)
  return found && { kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(found) }
}

/** The APIResourceList of one group version; undefined when it is not served. */
export function resourceList(registry: Registry, gv: { group: string; version: string }) {
  const resources = registry.entries(gv.group, gv.version)
  if (!resources) return undefined
  const head = gv.group ? { kind: 'APIResourceList', apiVersion: 'v1' } : { kind: 'APIResourceList' }
  return { ...head, groupVersion: groupVersion(gv), resources }
}

function responseKind({ group = '', version = '', kind }: ApiResource) {
  return { group, version, kind }
}

function aggregatedResource(entry: ApiResource, all: readonly ApiResource[]) {
  const subresources = all
    .filter(({ name }) => name.startsWith(`${entry.name}/`))
    .map((one) => ({
      subresource: one.name.slice(entry.name.length + 1),
      responseKind: responseKind(one),
      verbs: one.verbs,
    }))
  return {
    resource: entry.name,
    responseKind: responseKind(entry),
    scope: entry.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: entry.singularName,
    verbs: entry.verbs,
    ...(entry.shortNames && { shortNames: entry.shortNames }),
    ...(entry.categories && { categories: entry.categories }),
    ...(subresources.length > 0 && { subresources }),
  }
}

function aggregatedVersion(registry: Registry, group: string, version: string) {
  const entries = registry.entries(group, version) ?? []
  const resources = entries.filter(({ name }) => !name.includes('/')).map((entry) => aggregatedResource(entry, entries))
  return { version, resources, freshness: 'Current' }
}

/** The APIGroupDiscoveryList under /api (core) or /apis (all else). */
export function aggregated(registry: Registry, root: '/api' | '/apis') {
  const items =
    root === '/api'
      ? [{ metadata: {}, versions: [aggregatedVersion(registry, '', 'v1')] }]
      : registry.groups.map(({ name, versions }) => ({
          metadata: { name },
          versions: versions.map((version) => aggregatedVersion(registry, name, version)),
        }))
  return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items }
}
