/** What changes in an Application's spec when its images are written there. Pure. */
import { type Application, StageError } from '../../model/index.ts'
import { type NewVersion, withVersions } from '../parameters.ts'
import { updatableSource } from '../updatable-source.ts'

/** A JSON merge patch for this version of the Application and no other; undefined where nothing changes. */
export function applicationPatch(application: Application, versions: NewVersion[]): object | undefined {
  const found = updatableSource(application)
  const changed = found && withVersions(found.source, found.type, versions)
  if (!changed) {
    const message = 'no source of the application is Helm or Kustomize, and only there a version can be written'
    throw new StageError('spec', message, { retry: false })
  }
  if (changed === found.source) return undefined
  const { resourceVersion } = application.metadata
  const { helm, kustomize } = changed
  const spec =
    found.index === undefined
      ? { source: { ...(helm && { helm }), ...(kustomize && { kustomize }) } }
      : { sources: (application.spec.sources ?? []).with(found.index, changed) }
  return { metadata: { resourceVersion }, spec }
}
