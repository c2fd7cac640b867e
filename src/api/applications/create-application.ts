/** A new Application, or one that replaces another under its name. */

import { deepEqual } from 'fast-equals'
import type { BodyOf, QueryOf, routes } from '../../contract/index.ts'
import { KubeError } from '../../kube/kube-error.ts'
import { type Application, instanceName } from '../../model/index.ts'
import { ApiError, permissionDenied } from '../api-error.ts'
import { audit } from '../audit/audit.ts'
import type { Call } from '../call.ts'
import { differentSpec } from '../different-spec.ts'
import type { Services } from '../services.ts'
import { storedObjects } from '../stored-objects.ts'
import { changeApplication } from './change-application.ts'
import { checkNamespace, checkSources, checkSpec } from './check-application.ts'
import { type Declared, declaredIn, declaredOf, laidOver, placeIn, shown } from './declared.ts'
import { applicationQuestion, questionOf } from './find-application.ts'

type CreateRoute = typeof routes.applications.create
interface Request {
  body: BodyOf<CreateRoute>
  query: Partial<QueryOf<CreateRoute>>
}

/** An operation in the body is left out: what is to be synced, and by whom, is asked for by a sync. */
export async function createApplication(call: Call<CreateRoute>, services: Services): Promise<Application> {
  const { controlPlane } = services
  const { body, query }: Request = call
  const declared = declaredIn(body)
  const place = placeIn(body, { namespace: controlPlane.namespace })
  const { project } = declared.spec
  const question = applicationQuestion({ ...place, project }, 'create', controlPlane.namespace)
  call.require(question)
  checkNamespace(place.namespace, services)
  const wanted = applicationOf(place, declared)
  const existing = controlPlane.application(instanceName(wanted, controlPlane.namespace))
  if (existing)
    return settleWith(call as Call, { existing, declared, upsert: query.upsert, validate: query.validate }, services)
  checkSpec(wanted, services)
  if (query.validate !== false) await checkSources(wanted, services, { signal: call.signal })
  const created = await create(wanted, services)
  const change = { reason: 'ResourceCreated', did: 'created application', object: question.object } as const
  await audit(call, { ...change, subject: created, after: created }, services)
  return created
}

function applicationOf(
  { name, namespace }: { name: string; namespace: string },
  { metadata, spec }: Declared,
): Application {
  return { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: { ...metadata, name, namespace }, spec }
}

async function create(wanted: Application, services: Services): Promise<Application> {
  try {
    return shown((await storedObjects(services).create(wanted)) as Application)
  } catch (error) {
    if (!(error instanceof KubeError) || error.reason !== 'AlreadyExists') throw error
    throw new ApiError('Aborted', `${wanted.metadata.name} has been created by somebody else just now: try again`)
  }
}

interface Settlement {
  existing: Application
  declared: Declared
  upsert: boolean | undefined
  validate: boolean | undefined
}

/** The same once more is no change; something else is one, and needs to be meant. */
async function settleWith(
  call: Call,
  { existing, declared, upsert = false, validate = true }: Settlement,
  services: Services,
): Promise<Application> {
  if (!call.may(questionOf(existing, 'get', services.controlPlane.namespace))) {
    throw permissionDenied(`the name ${existing.metadata.name} is not yours to use`)
  }
  if (deepEqual(declaredOf(existing), declared)) return existing
  if (!upsert) throw differentSpec('application')
  const change = { wanted: (current: Application) => laidOver(current, declared), replaces: false, validate }
  return changeApplication(call, { application: existing, change, services })
}
