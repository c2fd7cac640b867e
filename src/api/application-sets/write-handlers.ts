/** Creating, changing and deleting ApplicationSets. */

import { deepEqual } from 'fast-equals'
import { routes } from '../../contract/index.ts'
import { type Application, type ApplicationSet, matchesAny, StageError } from '../../model/index.ts'
import { ApiError } from '../api-error.ts'
import { audit } from '../audit/audit.ts'
import type { Call } from '../call.ts'
import { differentSpec } from '../different-spec.ts'
import { type Handler, handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { storedObjects } from '../stored-objects.ts'
import { applicationSetQuestion, applicationSets, findApplicationSet, projectOf } from './find-application-set.ts'
import { readApplicationSet } from './read-application-set.ts'

export function applicationSetWriteHandlers(services: Services): Handler[] {
  const { controlPlane, client } = services
  const { namespace: home } = controlPlane
  const stored = storedObjects(services)

  /** Of a namespace and a project in which the caller may create it. */
  function readCreatable(call: Pick<Call, 'require'>, given: unknown): ApplicationSet {
    const wanted = readApplicationSet(given, home)
    call.require(applicationSetQuestion(wanted, 'create', home))
    const { namespace = home } = wanted.metadata
    const permitted = (
      controlPlane.settings('argocd-cmd-params-cm')['applicationsetcontroller.namespaces'] ?? ''
    ).split(',')
    if (
      namespace !== home &&
      !matchesAny(
        permitted.map((entry) => entry.trim()),
        namespace,
      )
    ) {
      throw new ApiError(
        'PermissionDenied',
        `namespace '${namespace}' is not permitted: add it to applicationsetcontroller.namespaces of argocd-cmd-params-cm`,
      )
    }
    const project = projectOf(wanted)
    if (!controlPlane.project(project)) {
      throw new ApiError('InvalidArgument', `the ApplicationSet names the project ${project}, which does not exist`)
    }
    return wanted
  }

  async function requireKind(): Promise<void> {
    if ((await client.apiResources()).find('argoproj.io', 'ApplicationSet')) return
    throw new ApiError(
      'FailedPrecondition',
      'the cluster does not know ApplicationSets: run "tiphys crds | kubectl apply --server-side -f -" first, and restart Tiphys',
    )
  }

  return [
    handler(routes.applicationSets.create, async (call) => {
      const wanted = readCreatable(call, call.body)
      if (call.query.dryRun) return { ...wanted, status: resourcesStatus(await preview(wanted, services)) }
      await requireKind()
      const { name, namespace } = wanted.metadata
      const existing = applicationSets(controlPlane).find(
        ({ metadata }) => metadata.name === name && metadata.namespace === namespace,
      )
      const object = String(applicationSetQuestion(wanted, 'create', home).object)
      if (!existing) {
        const after = await stored.create(wanted)
        await audit(
          call,
          { reason: 'ResourceCreated', did: 'created ApplicationSet', object, subject: after, after },
          services,
        )
        return after as ApplicationSet
      }
      if (isSame(existing, wanted)) return existing
      if (!call.query.upsert) throw differentSpec('ApplicationSet')
      // In the project that it leaves, and in the one that it comes to.
      call.require(applicationSetQuestion(existing, 'update', home))
      call.require(applicationSetQuestion(wanted, 'update', home))
      const after = await stored.replace(existing, (current) => updated(current as ApplicationSet, wanted))
      await audit(
        call,
        { reason: 'ResourceUpdated', did: 'updated ApplicationSet', object, subject: after, before: existing, after },
        services,
      )
      return after as ApplicationSet
    }),
    handler(routes.applicationSets.generate, async (call) => {
      const wanted = readCreatable(call, call.body.applicationSet)
      return { applications: await preview(wanted, services) }
    }),
    handler(routes.applicationSets.delete, async (call) => {
      const which = { name: call.params.name, namespace: call.query.appsetNamespace }
      const before = findApplicationSet(call, which, { controlPlane, action: 'delete' })
      await stored.remove(before)
      const object = String(applicationSetQuestion(before, 'delete', home).object)
      await audit(
        call,
        { reason: 'ResourceDeleted', did: 'deleted ApplicationSet', object, subject: before, before },
        services,
      )
      return {}
    }),
  ]
}

/** Throws InvalidArgument where it cannot be told what a set would make. */
async function preview(set: ApplicationSet, { applicationSets: sets }: Services): Promise<Application[]> {
  try {
    return await sets.preview(set)
  } catch (error) {
    if (error instanceof StageError) throw new ApiError('InvalidArgument', error.message)
    throw error
  }
}

function resourcesStatus(applications: Application[]): NonNullable<ApplicationSet['status']> {
  const resources = applications.map(({ metadata: { name, namespace = '' } }) => ({
    group: 'argoproj.io',
    version: 'v1alpha1',
    kind: 'Application',
    namespace,
    name,
  }))
  return { resources, resourcesCount: resources.length }
}

function isSame(existing: ApplicationSet, wanted: ApplicationSet): boolean {
  const facts = ({ spec, metadata: { labels = {}, annotations = {}, finalizers = [] } }: ApplicationSet) => ({
    spec,
    labels,
    annotations,
    finalizers,
  })
  return deepEqual(facts(existing), facts(wanted))
}

/** Labels and annotations are added to those that are there. */
function updated(current: ApplicationSet, { spec, metadata }: ApplicationSet): ApplicationSet {
  const labels = { ...current.metadata.labels, ...metadata.labels }
  const annotations = { ...current.metadata.annotations, ...metadata.annotations }
  return { ...current, spec, metadata: { ...current.metadata, labels, annotations, finalizers: metadata.finalizers } }
}
