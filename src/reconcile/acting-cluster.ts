/** A cluster as an application may act on it: in the name of the service account that its project gives it. */
import type { Application } from '../model/index.ts'
import { type ProjectInForce, serviceAccountFor } from '../project/index.ts'
import type { WriteGuard } from './share.ts'
import type { Cluster, Stages } from './stages.ts'

/** They stay the same, so that what is remembered for a cluster is found again. */
const acting = new WeakMap<Cluster, Map<string, Cluster>>()

/** A text says why the application must not act on it at all. */
export function actingCluster(
  { metadata, spec }: Application,
  { project, cluster, stages }: { project: ProjectInForce; cluster: Cluster; stages: Stages },
): Cluster | string {
  const { impersonation } = stages.settings
  if (impersonation === 'off') return cluster
  const account = serviceAccountFor(project, {
    cluster,
    namespace: spec.destination.namespace ?? '',
    applicationNamespace: metadata.namespace ?? stages.controlPlane.namespace,
  })
  if (account === undefined) {
    if (impersonation === 'where named') return cluster
    return `the project ${project.name} names no service account for the destination: add one to its destinationServiceAccounts`
  }
  return 'fault' in account ? account.fault : inNameOf(account.user, cluster)
}

/** The same, whose guard is asked about every write. */
export function guardedCluster(cluster: Cluster, guard: WriteGuard | undefined): Cluster {
  return guard ? { ...cluster, live: cluster.live, client: cluster.client.guarded(guard) } : cluster
}

function inNameOf(user: string, cluster: Cluster): Cluster {
  const known = acting.get(cluster) ?? new Map<string, Cluster>()
  acting.set(cluster, known)
  const found = known.get(user) ?? { ...cluster, live: cluster.live, client: cluster.client.as(user) }
  known.set(user, found)
  return found
}
