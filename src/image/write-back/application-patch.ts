/** What changes in an Application's spec when its images are written there. Pure. */
import { type Application, StageError } from '../../model/index.ts'
import { type NewVersion, withVersions } from '../parameters.ts'
import { updatableSource } from '../updatable-source.ts'

export interface ApplicationPatch {
  metadata: { resourceVersion: string | undefined }
  spec: object
}

/** A JSON merge patch for this version of the Application and no other; undefined where nothing changes. */
export function applicationPatch(application: Application, versions: NewVersion[]): ApplicationPatch | undefined {
  const found = updatableSource(application)
  const changed = found && withVersions(found.source, found.type, versions)
  if (!changed) throw noPlace()
  if (changed === found.source) return undefined
  const { resourceVersion } = application.metadata
  const { helm, kustomize } = changed
  const spec =
    found.index === undefined
      ? { source: { ...(helm && { helm }), ...(kustomize && { kustomize }) } }
      : { sources: (application.spec.sources ?? []).with(found.index, changed) }
  return { metadata: { resourceVersion }, spec }
}

export function noPlace(): StageError {
  const message = 'no source of the application is Helm or Kustomize, and only there a version can be written'
  return new StageError('spec', message, { retry: false })
}
