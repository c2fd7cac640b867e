/** The live object that a request is about, if it belongs to the application and the caller may do with it what is asked. */
import { type Application, instanceName, type KubeObject, keyText, type ResourceKey } from '../../model/index.ts'
import { actingCluster } from '../../reconcile/acting-cluster.ts'
import { objectPermission, projectOf } from '../../reconcile/project.ts'
import { type Cluster, clusterFor } from '../../reconcile/stages.ts'
import { ApiError, permissionDenied } from '../api-error.ts'
import type { Call } from '../call.ts'
import type { Services } from '../services.ts'
import { findApplication, type Named } from './find-application.ts'
import { unmet } from './sync-request.ts'

/** As the query names it. */
export interface ResourceNamed extends Named {
  group?: string
  kind?: string
  namespace?: string
  resourceName?: string
}

export interface FoundResource {
  application: Application
  key: ResourceKey
  /** In the name of the service account that the project gives the application. */
  cluster: Cluster
  /** The object as the cluster has it now. */
  live: KubeObject
  /** Why an object must not be written for the application; undefined: it may. */
  refusal(key: ResourceKey): string | undefined
}

/** Such as `apps/Deployment/shop/web`, as fine-grained rights name it. */
export function rightFor(action: string, { group, kind, namespace, name }: ResourceKey): string {
  return `${action}/${group}/${kind}/${namespace}/${name}`
}

/** A slash would make one part of a right look like two. */
export function keyIn({ group = '', kind = '', namespace = '', resourceName: name = '' }: ResourceNamed): ResourceKey {
  const key = { group, kind, namespace, name }
  if (kind === '' || name === '') throw new ApiError('InvalidArgument', 'the object needs a kind and a resourceName')
  if (Object.values(key).some((part) => part.includes('/'))) {
    throw new ApiError('InvalidArgument', 'no part of the name of an object has a slash')
  }
  return key
}

export async function findResource(
  call: Call,
  { named, action }: { named: ResourceNamed; action(key: ResourceKey): string },
  services: Services,
): Promise<FoundResource> {
  const { controlPlane } = services
  const key = keyIn(named)
  const application = findApplication(call, named, { controlPlane, action: action(key) })
  const { cluster, refusal } = clusterOf(application, services)
  if (!belongsTo(application, { key, cluster }, services)) throw notFound(key, application)
  const fault = refusal(key)
  if (fault) throw permissionDenied(fault)
  const live = await cluster.client.get({ ...key, version: versionOf(key, cluster) }, call.signal)
  // The cache may be behind: what is there now has to be what belongs to the application.
  if (!live || live.metadata.uid !== cluster.live.get(key)?.uid) throw notFound(key, application)
  return { application, key, cluster, live, refusal }
}

/** Where the application may act, as the project has it at this moment. */
function clusterOf(application: Application, { stages }: Services): Pick<FoundResource, 'cluster' | 'refusal'> {
  const cluster = clusterFor(application.spec.destination, stages.clusters)
  const project = projectOf(application, stages)
  if (!cluster || !project) throw unmet(`the ${cluster ? 'project' : 'destination cluster'} does not exist`)
  const acting = actingCluster(application, { project, cluster, stages })
  if (typeof acting === 'string') throw unmet(acting)
  return { cluster: acting, refusal: objectPermission(application, { stages, cluster }) }
}

function belongsTo(
  application: Application,
  { key, cluster }: Pick<FoundResource, 'key' | 'cluster'>,
  { controlPlane, controller }: Services,
): boolean {
  const instance = instanceName(application, controlPlane.namespace)
  const tracking = cluster.live.get(key)?.instance
  // What another application tracks is that one's, whoever owns it.
  if (tracking !== undefined) return tracking === instance
  if (cluster.live.instancesOf(key).includes(instance)) return true
  const orphaned = controller.observation(instance)?.orphaned ?? []
  return orphaned.some((orphan) => keyText(orphan) === keyText(key))
}

export function versionOf({ group, kind }: ResourceKey, { live }: Cluster): string {
  return live.resources().find(group, kind)?.version ?? ''
}

function notFound({ kind, group, name }: ResourceKey, { metadata }: Application): ApiError {
  const what = [kind, group, name].filter((part) => part !== '').join(' ')
  return new ApiError('InvalidArgument', `${what} not found as part of application ${metadata.name}`)
}
