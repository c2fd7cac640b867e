/** What of a source can be set, for the forms of clients. */
import { deepEqual } from 'fast-equals'
import { routes } from '../../contract/index.ts'
import { type Application, type ApplicationSource, type SourceTree, sourcesOf } from '../../model/index.ts'
import { clusterFor } from '../../reconcile/stages.ts'
import { ApiError, permissionDenied } from '../api-error.ts'
import type { Call } from '../call.ts'
import { type Handler, handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { withoutNulls } from '../without-nulls.ts'
import { helmDetails, imagesOf, sourceType } from './app-details.ts'
import { readableRepository } from './find-repository.ts'
import { requirePermittedSource } from './permitted-source.ts'
import { repositoryRecords } from './repository-records.ts'

export function appDetailsHandlers({ controlPlane, stages }: Services): Handler[] {
  const { renderer } = stages

  return [
    handler(routes.repositories.appDetails, async (call) => {
      const { source: given, appName = '', appProject = '', sourceIndex = 0, versionId = 0 } = withoutNulls(call.body)
      if (!given) throw new ApiError('InvalidArgument', 'the request has no source')
      const source: ApplicationSource = { ...given, repoURL: call.params.repo }
      const { url } = readableRepository(call, { repo: source.repoURL, appProject }, repositoryRecords(controlPlane))
      requireApplication(call, controlPlane.application(appName.replace('/', '_')), {
        source,
        appName,
        appProject,
        sourceIndex,
        versionId,
      })
      requirePermittedSource(url, appProject, { controlPlane, stages })
      const sources = stages.sources.forProject(appProject)
      const { revision } = await sources.resolve(source, { signal: call.signal })
      const tree = await sources.tree(source, revision, call.signal)
      const type = await sourceType(source, tree)
      if (type === 'Helm') return { type, helm: await helmDetails(source, tree) }
      if (type !== 'Kustomize') return { type, ...(type === 'Directory' && { directory: {} }) }
      return {
        type,
        kustomize: {
          images: await imagesOfKustomization(source, { revision, tree, name: appName, project: appProject }),
        },
      }
    }),
  ]

  async function imagesOfKustomization(
    source: ApplicationSource,
    { revision, tree, name, project }: { revision: string; tree: SourceTree; name: string; project: string },
  ): Promise<string[]> {
    const { version = '', versions = [] } = clusterFor({ name: 'in-cluster' }, stages.clusters)?.live.resources() ?? {}
    const application = { name, namespace: controlPlane.namespace, project, destinationNamespace: '' }
    const cluster = { version, apiVersions: versions }
    const { manifests } = await renderer.render({ application, source, revision, tree, cluster })
    return imagesOf(manifests.map(({ object }) => object))
  }
}

interface Asked {
  source: ApplicationSource
  appName: string
  appProject: string
  sourceIndex: number
  versionId: number
}

/**
 * Whoever may only look at an application sees what its own sources say; other sources only who may make an application.
 * Throws PermissionDenied.
 */
function requireApplication(call: Pick<Call, 'require'>, application: Application | undefined, asked: Asked): void {
  const { appName, appProject: project } = asked
  const ask = (action: string) =>
    call.require({ resource: 'applications', action, object: `${project}/${appName}`, project })
  ask('get')
  if (!application) {
    ask('create')
    return
  }
  if ((application.spec.project || 'default') !== project || !isItsSource(application, asked)) throw permissionDenied()
}

/** Now, or when it was deployed once. */
function isItsSource({ spec, status }: Application, { source, sourceIndex, versionId }: Asked): boolean {
  if (sourcesOf(spec).some((one) => deepEqual(one, source))) return true
  return (status?.history ?? []).some(({ id, source: one, sources, revision, revisions }) => {
    if (!sources?.length) return one !== undefined && deepEqual({ ...one, targetRevision: revision }, source)
    const deployed = sources[sourceIndex]
    return (
      id === versionId &&
      deployed !== undefined &&
      deepEqual({ ...deployed, targetRevision: revisions?.[sourceIndex] }, source)
    )
  })
}
