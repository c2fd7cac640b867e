/** What the sources of an application render to, as the server renders them. */
import { type ApiClient, routes } from '../../contract/index.ts'
import { type Application, sourcesOf } from '../../model/index.ts'
import { type RevisionFlags, revisionsOf } from './operation.ts'

export async function manifestsOverApi(
  api: ApiClient,
  application: Application,
  flags: RevisionFlags,
): Promise<{ manifests: string[] }> {
  const { metadata, spec } = application
  const { revision, revisions } = revisionsOf(application, flags)
  const several = revisions && {
    revisions,
    sourcePositions: sourcesOf(spec).map((_, index) => String(index + 1)),
  }
  return api.call(routes.applicationSources.manifests, {
    params: { name: metadata.name },
    query: {
      appNamespace: metadata.namespace ?? '',
      project: spec.project || 'default',
      ...(revision !== undefined && { revision }),
      ...several,
    },
  })
}
