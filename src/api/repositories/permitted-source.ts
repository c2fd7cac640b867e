/** Whether a project may take anything from a repository. */
import { projectInForce, refusal } from '../../project/index.ts'
import { ApiError } from '../api-error.ts'
import type { Services } from '../services.ts'
import { repositoryRecords } from './repository-records.ts'
import { isSameRepository, shownUrl } from './repository-url.ts'

/** Throws PermissionDenied. Repositories that are registered for the project need no entry in its sourceRepos. */
export function requirePermittedSource(
  repoURL: string,
  project: string,
  { controlPlane, stages }: Pick<Services, 'controlPlane' | 'stages'>,
): void {
  const found = controlPlane.project(project)
  const rules = stages.settings.globalProjects
  const inForce = found && projectInForce(found, { rules, find: controlPlane.project })
  const isOwn = repositoryRecords(controlPlane).some(
    (one) => one.project === project && isSameRepository(one.url, repoURL),
  )
  if (inForce && (isOwn || !refusal(inForce, { kind: 'source', repoURL }))) return
  throw new ApiError(
    'PermissionDenied',
    `the repository ${shownUrl(repoURL)} is not permitted in the project ${project}`,
  )
}
