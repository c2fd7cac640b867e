/** The project that a request is about, if the caller may do with it what is asked. */
import type { Action } from '../../contract/index.ts'
import type { ControlPlane } from '../../live/index.ts'
import type { AppProject } from '../../model/index.ts'
import { ApiError } from '../api-error.ts'
import type { Call } from '../call.ts'

export function projectQuestion(name: string, action: Action) {
  return { resource: 'projects', action, object: name } as const
}

/** Who may not do it for a project of this name does not learn whether there is one. */
export function findProject(
  call: Pick<Call, 'require'>,
  name: string,
  { controlPlane, action }: { controlPlane: ControlPlane; action: Action },
): AppProject {
  call.require(projectQuestion(name, action))
  return existingProject(name, controlPlane)
}

export function existingProject(name: string, controlPlane: ControlPlane): AppProject {
  const project = controlPlane.project(name)
  if (!project) throw new ApiError('NotFound', `there is no project ${name}`)
  return project
}
