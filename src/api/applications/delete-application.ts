/** The end of an Application, and what becomes of its resources. */
import type { routes } from '../../contract/index.ts'
import { type Application, keyOf } from '../../model/index.ts'
import { cascades, isPropagation } from '../../operation/index.ts'
import { ApiError } from '../api-error.ts'
import { audit } from '../audit/audit.ts'
import type { Call } from '../call.ts'
import type { Services } from '../services.ts'
import { storedObjects } from '../stored-objects.ts'
import { findApplication, questionOf } from './find-application.ts'

type DeleteRoute = typeof routes.applications.delete

export async function deleteApplication(call: Call<DeleteRoute>, services: Services): Promise<object> {
  const { controlPlane } = services
  const found = findApplication(call, { ...call.query, ...call.params }, { controlPlane, action: 'get' })
  const question = questionOf(found, 'delete', controlPlane.namespace)
  call.require(question)
  const propagation = propagationOf(call.query)
  const stored = storedObjects(services)
  const application = (await stored.change(found, ({ metadata }) => {
    mustBeTheSame(found, metadata.uid)
    // What is being deleted takes no new finalizers, but can be let go of.
    if (metadata.deletionTimestamp && propagation !== 'orphan') return undefined
    return { metadata: { finalizers: cascades(metadata.finalizers, propagation) } }
  })) as Application
  await remove(application, services)
  const change = { reason: 'ResourceDeleted', did: 'deleted application', object: question.object } as const
  await audit(call, { ...change, subject: application, before: application }, services)
  return {}
}

interface DeleteQuery {
  cascade?: boolean
  propagationPolicy?: string
}

function propagationOf({ cascade = true, propagationPolicy = '' }: DeleteQuery) {
  if (!cascade && propagationPolicy) {
    throw new ApiError('InvalidArgument', 'cannot set propagation policy when cascading is disabled')
  }
  const name = cascade ? propagationPolicy.toLowerCase() || 'default' : 'orphan'
  if (isPropagation(name)) return name
  throw new ApiError(
    'InvalidArgument',
    `invalid propagation policy: ${propagationPolicy}: use foreground, background or orphan`,
  )
}

/** Another one that has got its name since is not meant, and may be in another project. */
async function remove(application: Application, { client, controlPlane }: Services): Promise<void> {
  const { uid = '' } = application.metadata
  const target = { ...keyOf(application), version: 'v1alpha1' }
  const outcome = await client.delete(target, { preconditions: { uid } })
  if (outcome.state === 'terminating') controlPlane.remember(outcome.object)
  else controlPlane.forget(application)
}

function mustBeTheSame({ metadata }: Application, uid: string | undefined): void {
  if (metadata.uid !== uid)
    throw new ApiError('Aborted', `another application is named ${metadata.name} since just now`)
}
