/** The ApplicationSet that a request is about, if the caller may do with it what is asked. */
import { applicationObject, type Question } from '../../access/index.ts'
import type { Action } from '../../contract/index.ts'
import type { ControlPlane } from '../../live/index.ts'
import type { ApplicationSet } from '../../model/index.ts'
import { permissionDenied } from '../api-error.ts'
import type { Call } from '../call.ts'

/** By the project of its template: `<project>/<name>`, or with its namespace in between outside of the control namespace. */
export function applicationSetQuestion(
  { metadata, spec }: Pick<ApplicationSet, 'metadata' | 'spec'>,
  action: Action,
  controlNamespace: string,
): Question {
  const { name, namespace = controlNamespace } = metadata
  const project = projectOf({ spec })
  const object = applicationObject({ project, name, namespace, controlNamespace })
  return { resource: 'applicationsets', action, object, project }
}

export function projectOf({ spec }: Pick<ApplicationSet, 'spec'>): string {
  return spec.template?.spec?.project || 'default'
}

/** The same words whether there is no such ApplicationSet or only not for them. */
export function findApplicationSet(
  call: Pick<Call, 'may'>,
  { name, namespace }: { name: string; namespace: string | undefined },
  { controlPlane, action }: { controlPlane: ControlPlane; action: Action },
): ApplicationSet {
  const home = namespace || controlPlane.namespace
  const found = applicationSets(controlPlane).find(
    ({ metadata }) => metadata.name === name && metadata.namespace === home,
  )
  const asked = found ?? { metadata: { name, namespace: home }, spec: unknownSpec }
  if (!call.may(applicationSetQuestion(asked, action, controlPlane.namespace)) || !found) {
    throw permissionDenied(`there is no ApplicationSet ${name} that you may ${action}`)
  }
  return found
}

const unknownSpec: ApplicationSet['spec'] = {
  generators: [],
  template: { metadata: {}, spec: { project: 'default', destination: {} } },
}

export function applicationSets(controlPlane: ControlPlane): ApplicationSet[] {
  return controlPlane.applicationSets() as ApplicationSet[]
}
