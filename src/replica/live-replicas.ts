/** Whether replicas that share are at work, for a process that does not share and would work on the same applications. */
import { systemClock } from '../kube/clock.ts'
import type { KubeClient } from '../kube/kube-client.ts'
import { KubeError } from '../kube/kube-error.ts'
import { readLease } from './lease-object.ts'
import { listLeases } from './list-leases.ts'

export interface LiveReplicasOptions {
  client: KubeClient
  namespace: string
  roles: readonly string[]
  sleep?: (ms: number) => Promise<void>
}

/** Within that, each that lives renews its Lease. */
const renewedWithinMs = 5_000
const answerMs = 10_000

/** Rejects with what a later try to start may no longer find. Who may not see Leases is none of those that share. */
export async function refuseBesideReplicas({
  client,
  namespace,
  roles,
  sleep = (ms) => systemClock.sleep(ms),
}: LiveReplicasOptions): Promise<void> {
  async function held(): Promise<Map<string, string | undefined>> {
    const leases = await listLeases(client, { namespace, signal: AbortSignal.timeout(answerMs) })
    return new Map(
      leases.flatMap((lease) => {
        const text = readLease(lease)
        const counts = text && !text.released && text.roles.some((role) => roles.includes(role))
        return counts ? [[text.identity, lease.metadata.resourceVersion]] : []
      }),
    )
  }
  if (!(await client.apiResources()).find('coordination.k8s.io', 'Lease')) return
  try {
    const before = await held()
    if (before.size === 0) return
    await sleep(renewedWithinMs)
    const live = [...(await held())].filter(([identity, version]) => before.get(identity) !== version)
    if (live.length === 0) return
    const names = live.map(([identity]) => identity).join(', ')
    const message = `${names} share the work in ${namespace}, and two would work on the same applications: start this one with --shared, or stop them`
    throw new KubeError(message, { code: 409, reason: 'Conflict' })
  } catch (error) {
    if (error instanceof KubeError && error.reason === 'Forbidden') return
    throw error
  }
}
