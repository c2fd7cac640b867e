/** The repository that a request is about, if the caller may do with it what is asked. */
import { type Question, repositoryObject } from '../../access/index.ts'
import type { Action } from '../../contract/index.ts'
import { ApiError, permissionDenied } from '../api-error.ts'
import type { Call } from '../call.ts'
import type { Purpose, RepositoryRecord } from './repository-records.ts'
import { isSameRepository, shownUrl } from './repository-url.ts'

const resources = { read: 'repositories', write: 'write-repositories' } as const

export function repositoryQuestion(
  { url, project = '' }: { url: string; project?: string },
  { action, purpose = 'read' }: { action: Action; purpose?: Purpose },
): Question {
  const object = repositoryObject({ url: shownUrl(url), project })
  return { resource: resources[purpose], action, object, project }
}

/**
 * As in Argo CD: several projects may have the same repository, and then the project has to be given. The same words
 * whether there is no such repository or only not for the caller.
 */
export function findRepository(
  call: Pick<Call, 'may' | 'require'>,
  { repo, appProject = '' }: { repo: string; appProject?: string },
  { records, action, purpose }: { records: RepositoryRecord[]; action: Action; purpose: Purpose },
): RepositoryRecord {
  const named = records.filter(({ url }) => isSameRepository(url, repo))
  const visible = named.filter((record) => call.may(repositoryQuestion(record, { action: 'get', purpose })))
  if (visible.length === 0) {
    call.may(repositoryQuestion({ url: repo }, { action, purpose }))
    throw permissionDenied(`there is no repository ${shownUrl(repo)} that you may ${action}`)
  }
  const [only] = visible
  const found = visible.length === 1 && appProject === '' ? only : visible.find(({ project }) => project === appProject)
  if (!found) {
    throw new ApiError(
      'NotFound',
      `there is no repository ${shownUrl(repo)} for the project ${JSON.stringify(appProject)}`,
    )
  }
  call.require(repositoryQuestion(found, { action, purpose }))
  return found
}

/**
 * For reading what is in a repository, also in one that is not registered: of the project itself, or of all. The project
 * of the answer is the one whose credentials the caller may use.
 */
export function readableRepository(
  call: Pick<Call, 'require'>,
  { repo, appProject = '' }: { repo: string; appProject?: string },
  records: RepositoryRecord[],
): Pick<RepositoryRecord, 'url' | 'project'> {
  const named = records.filter(({ url }) => isSameRepository(url, repo))
  const registered = named.find(({ project }) => project === appProject) ?? named.find(({ project }) => project === '')
  call.require(repositoryQuestion(registered ?? { url: repo }, { action: 'get' }))
  return registered ?? { url: repo, project: '' }
}
