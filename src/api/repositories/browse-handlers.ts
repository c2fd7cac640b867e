/** What is in a repository: branches, tags, charts, and the folders that an application can be made from. */
import { routes } from '../../contract/index.ts'
import { permissionDenied } from '../api-error.ts'
import { type Handler, handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { discoverApps } from './discover-apps.ts'
import { readableRepository } from './find-repository.ts'
import { requirePermittedSource } from './permitted-source.ts'
import { repositoryRecords } from './repository-records.ts'

export function repositoryBrowseHandlers({ controlPlane, stages }: Services): Handler[] {
  const records = () => repositoryRecords(controlPlane)

  return [
    handler(routes.repositories.refs, async (call) => {
      const { url, project } = readableRepository(call, { ...call.query, repo: call.params.repo }, records())
      return stages.sources
        .forProject(project)
        .refs(url, { refresh: call.query.forceRefresh ?? false, signal: call.signal })
    }),
    handler(routes.repositories.ociTags, async (call) => {
      const { url, project } = readableRepository(call, { ...call.query, repo: call.params.repo }, records())
      return { branches: [], tags: await stages.sources.forProject(project).ociTags(url) }
    }),
    handler(routes.repositories.helmCharts, async (call) => {
      const { url, project } = readableRepository(call, { ...call.query, repo: call.params.repo }, records())
      return { items: await stages.sources.forProject(project).charts(url) }
    }),
    handler(routes.repositories.apps, async (call) => {
      const { appProject: project = '', appName = '', revision = '' } = call.query
      const { url } = readableRepository(call, { repo: call.params.repo, appProject: project }, records())
      // A whole repository is read: only for who may make an application of it.
      const may = (action: string) =>
        call.may({ resource: 'applications', action, object: `${project}/${appName}`, project })
      if (!may('create') && !may('update')) throw permissionDenied()
      requirePermittedSource(url, project, { controlPlane, stages })
      const source = { repoURL: url, targetRevision: revision }
      const sources = stages.sources.forProject(project)
      const resolved = await sources.resolve(source, { signal: call.signal })
      return { items: await discoverApps(await sources.tree(source, resolved.revision, call.signal)) }
    }),
  ]
}
