/** May this caller have a terminal in this container? Asked when one is opened, and again while it is open. */
import type { Access, Caller } from '../../access/index.ts'
import type { KubeClient } from '../../live/index.ts'
import { ApiError, permissionDenied } from '../api-error.ts'
import { applicationQuestion, findApplication } from '../applications/find-application.ts'
import { observedApplications } from '../applications/observed-application.ts'
import { treeObject } from '../applications/tree-object.ts'
import type { Services } from '../services.ts'
import type { TerminalRequest } from './terminal-request.ts'

export interface Admission {
  caller: Caller
  /** Of the cluster that the container is in, in the name that the application acts in. */
  client: KubeClient
  /** `<project>/<application>`. */
  object: string
}

/** Rejects when the token is no longer good, or a right is gone. */
export async function permitted(
  { application, appNamespace, project }: TerminalRequest,
  token: string | undefined,
  { access, controlPlane }: { access: Access } & Pick<Services, 'controlPlane'>,
): Promise<Pick<Admission, 'caller' | 'object'>> {
  const caller = await access.callerOf(token)
  const enforcer = access.enforcerOf(caller)
  const call = {
    may: (question: Parameters<typeof enforcer.may>[0]) => enforcer.may(question).allowed,
    require() {},
  }
  const named = { name: application, appNamespace, project }
  findApplication(call, named, { controlPlane, action: 'get' })
  const question = applicationQuestion(
    { name: application, namespace: appNamespace || controlPlane.namespace, project },
    'create',
    controlPlane.namespace,
  )
  if (!call.may({ ...question, resource: 'exec' })) throw permissionDenied('you may not open a terminal there')
  return { caller, object: [question.object].flat()[0] ?? '' }
}

/** The same, and the container is there and runs. */
export async function admit(
  request: TerminalRequest,
  { token, signal }: { token: string | undefined; signal: AbortSignal },
  services: Services,
): Promise<Admission> {
  const { caller, object } = await permitted(request, token, services)
  const everything = { may: () => true, require() {}, signal, query: request }
  const found = await observedApplications(services).observed(everything, request.application)
  const key = { group: '', kind: 'Pod', namespace: request.namespace, name: request.pod }
  const { cluster } = await treeObject(found, key, services.stages)
  const pod = await cluster.client.get({ ...key, version: 'v1' }, signal)
  if (!isRunning(pod?.status, request.container)) {
    throw new ApiError('FailedPrecondition', `container ${request.container} of ${request.pod} is not running`)
  }
  return { caller, object, client: cluster.client }
}

interface ContainerStatus {
  name: string
  state?: { running?: object }
}

function isRunning(status: unknown, container: string): boolean {
  const { containerStatuses = [], initContainerStatuses = [] } = (status ?? {}) as Record<string, ContainerStatus[]>
  return [...containerStatuses, ...initContainerStatuses].some(
    ({ name, state }) => name === container && state?.running !== undefined,
  )
}
