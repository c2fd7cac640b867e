/** Whether an Application may be as somebody wants it: its project, its spec, and what its sources render to. */
import { deepEqual } from 'fast-equals'
import { type Application, matchesAny, messageOf, sourcesOf } from '../../model/index.ts'
import { projectOf } from '../../reconcile/project.ts'
import { renderSources } from '../../reconcile/render.ts'
import { clusterFor } from '../../reconcile/stages.ts'
import { specFaults } from '../../reconcile/validate-spec.ts'
import { ApiError } from '../api-error.ts'
import type { Services } from '../services.ts'

type Context = Pick<Services, 'controlPlane' | 'stages'>

/** Throws InvalidArgument. Asks nobody. */
export function checkSpec(application: Application, { controlPlane, stages }: Context): void {
  const destination = application.spec.destination ?? {}
  const cluster = clusterFor(destination, stages.clusters)
  const destinationFault = stages.clusters.fault(destination)?.message
  const project = projectOf(application, stages)
  const context = { project, cluster, destinationFault, controlNamespace: controlPlane.namespace }
  const faults = [...specFaults(application, context), ...repeatedNames(application)]
  if (faults.length > 0) throw invalid(application, faults.join('; '))
}

function repeatedNames({ spec }: Application): string[] {
  const names = (Array.isArray(spec.sources) ? spec.sources : []).flatMap(({ name }) => name ?? [])
  return names
    .filter((name, index) => names.indexOf(name) < index)
    .map((name) => `the source name ${name} is given twice`)
}

/** Throws InvalidArgument when the sources cannot be rendered. Only what `checkSpec` has passed is fetched. */
export async function checkSources(
  application: Application,
  { stages }: Context,
  { signal, before }: { signal: AbortSignal; before?: Application },
): Promise<void> {
  if (before && deepEqual(fetched(before), fetched(application))) return
  const cluster = clusterFor(application.spec.destination, stages.clusters)
  const project = projectOf(application, stages)
  if (!cluster || !project) return
  try {
    // Who has just pushed is not told that it is not there.
    const request = { application, sources: sourcesOf(application.spec), project, cluster, refresh: true, signal }
    await renderSources(request, stages)
  } catch (error) {
    signal.throwIfAborted()
    throw invalid(application, messageOf(error))
  }
}

function fetched({ spec }: Application) {
  return { sources: sourcesOf(spec), destination: spec.destination, project: spec.project || 'default' }
}

/** Throws PermissionDenied for a namespace whose Applications are not looked at. */
export function checkNamespace(namespace: string, { controlPlane }: Pick<Context, 'controlPlane'>): void {
  const permitted = (controlPlane.settings('argocd-cmd-params-cm')['application.namespaces'] ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  if (namespace === controlPlane.namespace || matchesAny(permitted, namespace)) return
  throw new ApiError(
    'PermissionDenied',
    `namespace '${namespace}' is not permitted: add it to application.namespaces in argocd-cmd-params-cm`,
  )
}

function invalid({ metadata }: Application, why: string): ApiError {
  return new ApiError('InvalidArgument', `application spec for ${metadata.name} is invalid: ${why}`)
}
