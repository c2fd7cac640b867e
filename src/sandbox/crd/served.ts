/** What the definitions add to discovery. */
import { createHash } from 'node:crypto'
import type { CustomResources } from '../discovery/registry.ts'
import type { ApiResource } from '../discovery/resource.ts'
import { isEstablished } from './naming.ts'
import type { CustomResourceDefinition, DefinitionVersion } from './schema.ts'
import { compareVersions } from './version-order.ts'

const verbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch']
const subresourceVerbs = ['get', 'patch', 'update']

type CustomResource = CustomResources['versions'][number]['resources'][number]

/** What all established definitions serve: groups by name, their versions by preference, resources by name. */
export function servedResources(definitions: CustomResourceDefinition[]): CustomResources[] {
  const serving = definitions.filter(isEstablished)
  const groups = [...new Set(serving.map(({ spec }) => spec.group))].sort()
  return groups.map((group) =>
    servedGroup(
      group,
      serving.filter(({ spec }) => spec.group === group),
    ),
  )
}

function servedGroup(group: string, definitions: CustomResourceDefinition[]): CustomResources {
  const byVersion = new Map<string, CustomResource[]>()
  for (const definition of definitions) {
    for (const version of definition.spec.versions.filter(({ served }) => served)) {
      const resources = byVersion.get(version.name) ?? []
      byVersion.set(version.name, [...resources, resourceOf(definition, version)])
    }
  }
  const versions = [...byVersion].map(([version, resources]) => ({ version, resources: resources.sort(byName) }))
  return { group, versions: versions.sort((left, right) => compareVersions(left.version, right.version)) }
}

function byName(left: CustomResource, right: CustomResource): number {
  return left.entry.name < right.entry.name ? -1 : 1
}

function resourceOf(definition: CustomResourceDefinition, version: DefinitionVersion): CustomResource {
  const { group, scope, versions } = definition.spec
  const names = definition.status?.acceptedNames ?? definition.spec.names
  const storageVersion = versions.find(({ storage }) => storage)?.name ?? version.name
  const entry: ApiResource = {
    name: names.plural,
    singularName: names.singular ?? '',
    namespaced: scope === 'Namespaced',
    kind: names.kind,
    verbs,
    ...(names.shortNames?.length ? { shortNames: names.shortNames } : {}),
    ...(names.categories?.length ? { categories: names.categories } : {}),
    storageVersionHash: storageVersionHash(`${group}/${storageVersion}/${names.kind}`),
  }
  return {
    entry,
    subresources: subresourcesOf(entry, version),
    listKind: names.listKind ?? `${names.kind}List`,
    custom: { definition: definition.metadata.name ?? '', storageVersion },
  }
}

function subresourcesOf({ name, namespaced, kind }: ApiResource, version: DefinitionVersion): ApiResource[] {
  const base = { singularName: '', namespaced, verbs: subresourceVerbs }
  const { status, scale } = version.subresources ?? {}
  return [
    ...(status ? [{ ...base, name: `${name}/status`, kind }] : []),
    ...(scale ? [{ ...base, name: `${name}/scale`, group: 'autoscaling', version: 'v1', kind: 'Scale' }] : []),
  ]
}

/** As the server computes it, so that clients may compare. */
function storageVersionHash(stored: string): string {
  return createHash('sha256').update(stored).digest().subarray(0, 8).toString('base64')
}
