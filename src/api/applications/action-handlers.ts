/** What can be done to an object of an Application, or to the Application itself, and doing it. */
import { ActionError } from '../../action/action.ts'
import { type Actions, carryOut, type ImpactedResource, resourceActions } from '../../action/index.ts'
import { routes } from '../../contract/index.ts'
import type { KubeClient } from '../../live/index.ts'
import { type Application, describeKey, type KubeObject, keyOf, type ResourceKey } from '../../model/index.ts'
import { ApiError, permissionDenied } from '../api-error.ts'
import { audit } from '../audit/audit.ts'
import type { Call } from '../call.ts'
import { type Handler, handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { withoutNulls } from '../without-nulls.ts'
import { checkSpec } from './check-application.ts'
import { findApplication, questionOf } from './find-application.ts'
import { findResource, keyIn, type ResourceNamed } from './find-resource.ts'

/** What an action is run on. */
interface Subject {
  application: Application
  live: KubeObject
  client: KubeClient
  /** Throws where what the action has come to must not be written. */
  check(impacted: ImpactedResource): void
}

export function applicationActionHandlers(services: Services): Handler[] {
  const { controlPlane, log } = services
  let known: { settings: object; actions: Actions } | undefined

  /** Scripts are read anew only when the settings change. */
  function actions(): Actions {
    const settings = controlPlane.settings()
    if (known?.settings !== settings) {
      const options = { warn: (message: string) => log.warn({}, message), now: () => new Date() }
      known = { settings, actions: resourceActions(settings, options) }
    }
    return known.actions
  }

  async function run(call: Call, asked: Asked): Promise<object> {
    const { name, parameters, named } = asked
    const action = ({ group, kind }: ResourceKey) => `action/${group}/${kind}/${name}`
    const subject = await subjectOf(call, { named, action }, services)
    const impacted = orRefused(() => actions().run(subject.live, name, parameters))
    for (const one of impacted) subject.check(one)
    const done = await carryOut(subject.client, subject.live, impacted)
    await tell(call, { subject, done, name }, services)
    return {}
  }

  return [
    handler(routes.applications.listActions, async (call) => {
      const named = { ...call.query, ...call.params }
      const { live } = await subjectOf(call as Call, { named, action: () => 'get' }, services)
      return { actions: orRefused(() => actions().list(live)) }
    }),
    handler(routes.applications.runAction, (call) =>
      run(call as Call, { name: actionName(call.body), parameters: {}, named: { ...call.query, ...call.params } }),
    ),
    handler(routes.applications.runActionWithParameters, (call) => {
      const { action = '', resourceActionParameters = [], ...named } = withoutNulls(call.body)
      const parameters = Object.fromEntries(resourceActionParameters.map(({ name = '', value = '' }) => [name, value]))
      return run(call as Call, { name: actionName(action), parameters, named: { ...named, ...call.params } })
    }),
  ]
}

interface Asked {
  name: string
  parameters: Record<string, string>
  named: ResourceNamed
}

function actionName(name: string): string {
  if (name === '' || name.includes('/')) throw new ApiError('InvalidArgument', `${JSON.stringify(name)} is no action`)
  return name
}

type Lookup = Parameters<typeof findResource>[1]

async function subjectOf(call: Call, lookup: Lookup, services: Services): Promise<Subject> {
  const { group, kind, resourceName, name } = lookup.named
  if (group === 'argoproj.io' && kind === 'Application' && resourceName === name) return itself(call, lookup, services)
  const { application, live, cluster, refusal } = await findResource(call, lookup, services)
  return {
    application,
    live,
    client: cluster.client,
    check: ({ operation, resource }) => mustBePermitted(operation, resource, refusal),
  }
}

function mustBePermitted(operation: string, resource: KubeObject, refusal: (key: ResourceKey) => string | undefined) {
  const key = keyOf(resource)
  const fault = refusal(key)
  if (fault) throw permissionDenied(`the action would ${operation} ${describeKey(key)}: ${fault}`)
}

/** The Application stands in the control plane, and what becomes of it has to be as sound as if it were written. */
async function itself(call: Call, { named, action }: Lookup, services: Services): Promise<Subject> {
  const { controlPlane, client } = services
  const application = findApplication(call, named, { controlPlane, action: action(keyIn(named)) })
  const key = keyOf(application)
  const live = await client.get({ ...key, version: 'v1alpha1' }, call.signal)
  if (!live) throw new ApiError('NotFound', `there is no application ${key.name}`)
  return {
    application,
    live,
    client,
    check({ operation, resource }) {
      if (operation === 'patch') checkSpec(resource as Application, services)
      else throw permissionDenied('an action on an application can only change that application')
    },
  }
}

/** What a script of the installation says is for whoever runs it. */
function orRefused<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (error instanceof ActionError) throw new ApiError('InvalidArgument', error.message, { cause: error })
    throw error
  }
}

interface Outcome {
  subject: Subject
  done: ImpactedResource[]
  name: string
}

async function tell(call: Call, { subject, done, name }: Outcome, services: Services): Promise<void> {
  const { application, live } = subject
  const { group, kind, name: liveName } = keyOf(live)
  const { object } = questionOf(application, 'get', services.controlPlane.namespace)
  const onItself = live.metadata.uid === application.metadata.uid
  const did = `ran action ${name}${onItself ? '' : ` on resource ${group}/${kind}/${liveName}`}`
  const patched = done.find(({ operation }) => operation === 'patch')?.resource
  if (onItself && patched) services.controlPlane.remember(patched)
  const sides = patched
    ? { before: live, after: patched }
    : { after: { created: done.map(({ resource }) => keyOf(resource)) } }
  await audit(call, { reason: 'ResourceActionRan', did, object, subject: application, ...sides }, services)
}
