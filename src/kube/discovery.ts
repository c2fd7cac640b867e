/** Which kinds a cluster has: aggregated discovery where the server offers it, group by group where it does not. */
import type { ApiResource, ApiResources } from './kube-client.ts'
import { isNotFound } from './kube-error.ts'
import { apiVersionOf } from './resource-path.ts'
import type { Transport } from './transport.ts'

const aggregated = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat('application/json')
  .join(',')

interface ResourceDiscovery {
  resource: string
  responseKind?: { kind?: string }
  scope?: string
  verbs?: string[]
  shortNames?: string[]
}

interface GroupDiscovery {
  metadata: { name?: string }
  /** In the order of preference. */
  versions?: { version: string; resources?: ResourceDiscovery[]; freshness?: string }[]
}

interface GroupVersionList {
  /** Preferred version first. */
  versions: { group: string; version: string }[]
}

/** One version of one group; `stale` when the server behind it could not be asked. */
interface Served {
  group: string
  version: string
  resources: ApiResource[]
  stale: boolean
}

export interface Discovery {
  version: string
  served: Served[]
}

/** `before`: the last answer, which still holds for groups whose own server cannot be asked now. */
export async function discover(transport: Transport, before?: Discovery): Promise<Discovery> {
  const [version, core, groups] = await Promise.all([
    getJson(transport, '/version'),
    discoverRoot(transport, '/api'),
    discoverRoot(transport, '/apis'),
  ])
  const served = [...core, ...groups].map((now) => (now.stale ? lastKnown(now, before) : now))
  return { version: (version as { gitVersion?: string }).gitVersion ?? '', served }
}

function lastKnown(now: Served, before?: Discovery): Served {
  const known = before?.served.find(({ group, version }) => group === now.group && version === now.version)
  return now.resources.length > 0 || !known ? now : { ...known, stale: true }
}

function getJson(
  transport: Transport,
  path: string,
  options: { accept?: string; attempts?: number } = {},
): Promise<unknown> {
  return transport.json({ verb: 'discovery', method: 'GET', path, ...options })
}

async function discoverRoot(transport: Transport, path: '/api' | '/apis'): Promise<Served[]> {
  const answer = (await getJson(transport, path, { accept: aggregated })) as { kind?: string; items?: GroupDiscovery[] }
  if (answer.kind === 'APIGroupDiscoveryList') return (answer.items ?? []).flatMap(servedOfGroup)
  const { versions } = groupVersions(answer)
  return Promise.all(versions.map((groupVersion) => discoverVersion(transport, groupVersion)))
}

function servedOfGroup({ metadata, versions = [] }: GroupDiscovery): Served[] {
  const group = metadata.name ?? ''
  return versions.map(({ version, resources = [], freshness }) => ({
    group,
    version,
    stale: freshness === 'Stale',
    resources: resources
      // Without a kind: the server behind an aggregated API has not said what it serves.
      .filter((resource) => resource.responseKind?.kind)
      .map((resource) => ({
        group,
        version,
        kind: resource.responseKind?.kind ?? '',
        resource: resource.resource,
        namespaced: resource.scope === 'Namespaced',
        verbs: resource.verbs ?? [],
        shortNames: resource.shortNames ?? [],
      })),
  }))
}

function groupVersions(answer: object): GroupVersionList {
  const { versions, groups = [] } = answer as {
    versions?: string[]
    groups?: { name: string; versions: { version: string }[]; preferredVersion?: { version: string } }[]
  }
  if (versions) return { versions: versions.map((version) => ({ group: '', version })) }
  return {
    versions: groups.flatMap(({ name, versions, preferredVersion }) => {
      const all = versions.map(({ version }) => version)
      const sorted = [...new Set([preferredVersion?.version ?? all[0] ?? '', ...all])].filter(Boolean)
      return sorted.map((version) => ({ group: name, version }))
    }),
  }
}

interface PlainResource {
  name: string
  kind: string
  namespaced: boolean
  verbs?: string[]
  shortNames?: string[]
}

async function discoverVersion(
  transport: Transport,
  { group, version }: { group: string; version: string },
): Promise<Served> {
  const path = group ? `/apis/${group}/${version}` : `/api/${version}`
  try {
    // An extension server that is down stays down for long: the others' kinds do not wait for it.
    const { resources = [] } = (await getJson(transport, path, { attempts: 1 })) as { resources?: PlainResource[] }
    const own = resources.filter(({ name }) => !name.includes('/'))
    return {
      group,
      version,
      stale: false,
      resources: own.map(({ name, kind, namespaced, verbs = [], shortNames = [] }) => ({
        group,
        version,
        kind,
        resource: name,
        namespaced,
        verbs,
        shortNames,
      })),
    }
  } catch (error) {
    if (isNotFound(error)) return { group, version, stale: false, resources: [] }
    return { group, version, stale: true, resources: [] }
  }
}

export function indexResources({ version, served }: Discovery): ApiResources {
  const preferred = new Map<string, ApiResource>()
  const exact = new Map<string, ApiResource>()
  for (const resource of served.flatMap(({ resources }) => resources)) {
    const groupKind = `${resource.group}/${resource.kind}`
    // The first version in the order of preference that has the kind; the first resource of several with one kind.
    if (!preferred.has(groupKind)) preferred.set(groupKind, resource)
    const groupVersionKind = `${apiVersionOf(resource)}/${resource.kind}`
    if (!exact.has(groupVersionKind)) exact.set(groupVersionKind, resource)
  }
  return {
    version,
    all: [...preferred.values()],
    versions: [...new Set([...served.map(apiVersionOf), ...exact.keys()])],
    stale: [...new Set(served.filter(({ stale }) => stale).map(({ group }) => group))],
    find: (group, kind, version) =>
      version ? exact.get(`${apiVersionOf({ group, version })}/${kind}`) : preferred.get(`${group}/${kind}`),
  }
}
