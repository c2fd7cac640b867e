/** A question of a client, as policies are asked it. */
import { AccessError } from '../access-error.ts'
import type { Question } from './enforcer.ts'
import { applicationObject } from './objects.ts'
import { actions, projectScoped, resources } from './words.ts'

export interface PlainQuestion {
  resource: string
  action: string
  object: string
}

/** Words that no policy can know are refused, so that a mistake is not taken for a no. */
export function readQuestion({ resource, action, object }: PlainQuestion, controlNamespace: string): Question {
  if (!actions.includes(action.split('/')[0] ?? '')) {
    throw new AccessError('invalid', `[${actions.join(' ')}] does not contain ${action}`)
  }
  if (!resources.includes(resource)) {
    throw new AccessError('invalid', `[${resources.join(' ')}] does not contain ${resource}`)
  }
  const [project = '', namespace, name, ...more] = object.split('/')
  const isNamespaced = projectScoped.has(resource) && namespace && name && more.length === 0
  const written = isNamespaced ? applicationObject({ project, namespace, name, controlNamespace }) : object
  return { resource, action, object: written }
}
