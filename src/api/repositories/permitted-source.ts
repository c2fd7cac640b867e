/** Whether a project may take anything from a repository. */
import { refusal } from '../../project/index.ts'
import { ApiError } from '../api-error.ts'
import type { Services } from '../services.ts'
import { repositoryRecords } from './repository-records.ts'
import { isSameRepository, shownUrl } from './repository-url.ts'

/** Throws PermissionDenied. Repositories that are registered for the project need no entry in its sourceRepos. */
export function requirePermittedSource(
  repoURL: string,
  project: string,
  { controlPlane }: Pick<Services, 'controlPlane' | 'stages'>,
): void {
  const found = controlPlane.project(project)
  const isOwn = repositoryRecords(controlPlane).some(
    (one) => one.project === project && isSameRepository(one.url, repoURL),
  )
  if (found && (isOwn || !refusal({ name: project, spec: found.spec }, { kind: 'source', repoURL }))) return
  throw new ApiError(
    'PermissionDenied',
    `the repository ${shownUrl(repoURL)} is not permitted in the project ${project}`,
  )
}
