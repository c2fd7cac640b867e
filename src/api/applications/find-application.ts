/** The application that a request is about, if the caller may do with it what is asked. */
import { applicationObject, type Question, type StandingQuestion } from '../../access/index.ts'
import type { ControlPlane } from '../../live/index.ts'
import { type Application, instanceName } from '../../model/index.ts'
import { ApiError, permissionDenied } from '../api-error.ts'
import type { Call } from '../call.ts'

export interface Named {
  name: string
  /** The control namespace unless given. */
  appNamespace?: string
  /** Checked when it is given. */
  project?: string
}

/**
 * As in Argo CD: who does not name the project is refused in the same words whether there is no such application or only
 * not for them. Who names a project in which they may do it learns whether the application is there.
 */
export function findApplication(
  call: Pick<Call, 'may' | 'require'>,
  named: Named,
  { controlPlane, action }: { controlPlane: ControlPlane; action: string },
): Application {
  const { name, project } = named
  const namespace = named.appNamespace || controlPlane.namespace
  const ask = (of: string) => applicationQuestion({ name, namespace, project: of }, action, controlPlane.namespace)
  const refused = permissionDenied(`there is no application ${name} that you may ${action}`)
  if (project && !call.may(ask(project))) throw refused
  const found = controlPlane.application(instanceName({ metadata: { name, namespace } }, controlPlane.namespace))
  const isVisible = found !== undefined && call.may(ask(found.spec.project || 'default'))
  if (found && isVisible && (!project || project === (found.spec.project || 'default'))) return found
  throw project ? new ApiError('NotFound', `there is no application ${name} in project ${project}`) : refused
}

export function applicationQuestion(
  { name, namespace, project }: { name: string; namespace: string; project: string },
  action: string,
  controlNamespace: string,
): Question {
  const object = applicationObject({ project, name, namespace, controlNamespace })
  return { resource: 'applications', action, object, project }
}

/** For lists and streams: whether an application may be seen. */
export function seeingApplications(controlNamespace: string): StandingQuestion<Application> {
  return {
    resource: 'applications',
    action: 'get',
    objectOf: ({ metadata: { name, namespace }, spec }) =>
      applicationObject({ project: spec.project || 'default', name, namespace, controlNamespace }),
    projectOf: ({ spec }) => spec.project || 'default',
  }
}

export function questionOf({ metadata, spec }: Application, action: string, controlNamespace: string): Question {
  const { name, namespace = controlNamespace } = metadata
  return applicationQuestion({ name, namespace, project: spec.project || 'default' }, action, controlNamespace)
}
