/** `app diff` through the API: the server compares, and has what it needs for it. */
import { type ApiClient, routes } from '../../contract/index.ts'
import type { ResourceDiff } from '../../contract/resource-diff-kinds.ts'
import { type Application, type ObjectComparison, stringifyJson } from '../../model/index.ts'
import type { DiffFlags } from './diff.ts'
import { localObjects } from './local-objects.ts'
import { manifestsOverApi } from './manifests-over-api.ts'
import { applicationsOverApi } from './over-api.ts'

export async function diffOverApi(
  api: ApiClient,
  name: string,
  flags: DiffFlags & { appNamespace?: string },
): Promise<ObjectComparison[]> {
  const applications = applicationsOverApi(api, flags.appNamespace)
  const application =
    flags.refresh || flags.hardRefresh
      ? await applications.refresh(name, flags.hardRefresh ? 'hard' : 'normal')
      : await applications.get(name)
  const where = { appNamespace: application.metadata.namespace ?? '', project: application.spec.project || 'default' }
  const targetManifests = await wantedManifests(api, application, flags)
  if (targetManifests) {
    const params = { appName: application.metadata.name }
    const { items } = await api.call(routes.applicationSources.serverSideDiff, {
      params,
      query: { ...where, targetManifests },
    })
    return items.map(comparisonOf)
  }
  const params = { applicationName: application.metadata.name }
  const query = { ...where, ...(flags.all && { undeclared: true }) }
  return (await api.call(routes.applicationResources.managed, { params, query })).items.map(comparisonOf)
}

/** undefined: what the application declares. */
async function wantedManifests(
  api: ApiClient,
  application: Application,
  flags: DiffFlags,
): Promise<string[] | undefined> {
  if (flags.local !== undefined) {
    const cluster = await clusterOf(api, application)
    return (await localObjects(application, flags.local, cluster)).map((object) => stringifyJson(object))
  }
  if (flags.revision === undefined && flags.revisions === undefined) return undefined
  return (await manifestsOverApi(api, application, flags)).manifests
}

/** What charts see of the cluster, as far as the caller may see it. */
async function clusterOf(api: ApiClient, { spec }: Application): Promise<{ version: string; apiVersions: string[] }> {
  const { server, name } = spec.destination
  const id = server || name || 'in-cluster'
  const query = { 'id.type': server ? 'server' : 'name' }
  const cluster = await api.call(routes.clusters.get, { params: { id }, query }).catch(() => undefined)
  const version = cluster?.info?.serverVersion || cluster?.serverVersion || '1.36'
  return { version: version.startsWith('v') ? version : `v${version}`, apiVersions: cluster?.info?.apiVersions ?? [] }
}

function comparisonOf(diff: ResourceDiff): ObjectComparison {
  const { group = '', kind, namespace = '', name, verdict, drift, ignored, undeclared = [], message } = diff
  return { group, kind, namespace, name, verdict, fields: drift, ignored, undeclared, ...(message && { message }) }
}
