/** Changing what is declared of an Application that is there: rights, rules and the write, on one version of it. */
import { deepEqual } from 'fast-equals'
import type { Application } from '../../model/index.ts'
import { ApiError } from '../api-error.ts'
import { audit } from '../audit/audit.ts'
import type { Call } from '../call.ts'
import type { Services } from '../services.ts'
import { storedObjects } from '../stored-objects.ts'
import { rightsToChange } from './change-rights.ts'
import { checkSources, checkSpec } from './check-application.ts'
import { type Declared, declaredOf, declaredPatch, shown, withDeclared } from './declared.ts'
import { applicationQuestion, questionOf } from './find-application.ts'

export interface Change {
  /** What is wanted, given what there is at that moment. */
  wanted(current: Application): Declared
  /** It speaks of all that is declared: whoever has changed that meanwhile would be overwritten. */
  replaces: boolean
  /** Whether what the sources render to is looked at first. */
  validate: boolean
}

/** Answers the application as it is then. */
export async function changeApplication(
  call: Call,
  { application, change, services }: { application: Application; change: Change; services: Services },
): Promise<Application> {
  const { controlPlane } = services
  const { signal } = call
  let base: Application | undefined
  let before = application
  let changed = false

  /** Of the newest version: what is asked and what is written must not be about different ones. */
  function patchOf(current: Application): object | undefined {
    base ??= current
    if (change.replaces && !deepEqual(declaredOf(base), declaredOf(current))) throw overtaken(current)
    before = current
    const wanted = change.wanted(current)
    requireRights(call, { current, wanted, controlNamespace: controlPlane.namespace })
    checkSpec(withDeclared(current, wanted), services)
    const patch = declaredPatch(current, wanted)
    changed = patch !== undefined
    return patch
  }

  const first = change.wanted(application)
  requireRights(call, { current: application, wanted: first, controlNamespace: controlPlane.namespace })
  const next = withDeclared(application, first)
  checkSpec(next, services)
  if (change.validate) await checkSources(next, services, { signal, before: application })
  const stored = storedObjects(services)
  const after = shown((await stored.change(application, (current) => patchOf(current as Application))) as Application)
  if (changed) await tell(call, { before, after, services })
  return after
}

function requireRights(
  call: Call,
  { current, wanted, controlNamespace }: { current: Application; wanted: Declared; controlNamespace: string },
): void {
  const { name, namespace = controlNamespace } = current.metadata
  for (const { action, project } of rightsToChange(current, wanted)) {
    call.require(applicationQuestion({ name, namespace, project }, action, controlNamespace))
  }
}

function overtaken({ metadata }: Application): ApiError {
  return new ApiError('Aborted', `${metadata.name} has been changed meanwhile: read it again and repeat your change`)
}

async function tell(
  call: Call,
  { before, after, services }: { before: Application; after: Application; services: Services },
): Promise<void> {
  const { object } = questionOf(after, 'update', services.controlPlane.namespace)
  await audit(
    call,
    { reason: 'ResourceUpdated', did: 'updated application spec', object, subject: after, before, after },
    services,
  )
}
