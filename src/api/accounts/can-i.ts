/** "Can I …?" as a question to the policies. Pure. */
import type { Question } from '../../access/index.ts'
import { resources } from '../../contract/index.ts'
import { ApiError } from '../api-error.ts'

const actions = ['get', 'create', 'update', 'delete', 'sync', 'rollback', 'override', 'action', 'invoke']
/** Objects of these are `<project>/<name>`, or `<project>/<namespace>/<name>`. */
const inProjects = ['applications', 'applicationsets', 'logs', 'exec']

/** Throws InvalidArgument for what there is not. */
export function canIQuestion(
  { resource, action, subresource }: { resource: string; action: string; subresource: string },
  controlNamespace: string,
): Question {
  const known: readonly string[] = [...resources, 'extensions']
  if (!known.includes(resource)) {
    throw new ApiError(
      'InvalidArgument',
      `there is no resource ${JSON.stringify(resource)}: it is one of ${known.join(', ')}`,
    )
  }
  if (!actions.includes(action)) {
    throw new ApiError(
      'InvalidArgument',
      `there is no action ${JSON.stringify(action)}: it is one of ${actions.join(', ')}`,
    )
  }
  const [project = '', namespace, ...name] = subresource.split('/')
  const isHome = inProjects.includes(resource) && namespace === controlNamespace && name.length === 1
  return { resource, action, object: isHome ? `${project}/${name[0]}` : subresource }
}
