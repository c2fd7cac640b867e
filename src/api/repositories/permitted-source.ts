/** Whether a project may take anything from a repository. */
import type { ControlPlane } from '../../live/index.ts'
import { type GlobalProjectRule, projectInForce, refusal } from '../../project/index.ts'
import { ApiError } from '../api-error.ts'
import type { Services } from '../services.ts'
import { repositoryRecords } from './repository-records.ts'
import { isSameRepository, shownUrl } from './repository-url.ts'

/**
 * Why the credentials that are for all projects are not for what sources of this one refer to elsewhere, such as a remote
 * base; undefined: they are. A registry goes by its name in sourceRepos.
 */
export function sharedCredentialsRefusal(
  repoURL: string,
  project: string,
  { controlPlane, rules }: { controlPlane: Pick<ControlPlane, 'project'>; rules: GlobalProjectRule[] },
): string | undefined {
  const found = controlPlane.project(project)
  if (!found) return `there is no project ${project}`
  const inForce = projectInForce(found, { rules, find: controlPlane.project })
  return refusal(inForce, { kind: 'source', repoURL, alias: repoURL.replace(/^oci:\/\//i, '') })
}

/** Repositories that are registered for the project need no entry in its sourceRepos. */
export function isPermittedSource(
  repoURL: string,
  project: string,
  { controlPlane, rules }: { controlPlane: ControlPlane; rules: GlobalProjectRule[] },
): boolean {
  const found = controlPlane.project(project)
  const inForce = found && projectInForce(found, { rules, find: controlPlane.project })
  const isOwn = repositoryRecords(controlPlane).some(
    (one) => one.project === project && isSameRepository(one.url, repoURL),
  )
  return inForce !== undefined && (isOwn || !refusal(inForce, { kind: 'source', repoURL }))
}

/** Throws PermissionDenied. */
export function requirePermittedSource(
  repoURL: string,
  project: string,
  { controlPlane, stages }: Pick<Services, 'controlPlane' | 'stages'>,
): void {
  if (isPermittedSource(repoURL, project, { controlPlane, rules: stages.settings.globalProjects })) return
  throw new ApiError(
    'PermissionDenied',
    `the repository ${shownUrl(repoURL)} is not permitted in the project ${project}`,
  )
}
