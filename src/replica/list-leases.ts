/** The Leases of all replicas of an installation. */
import type { KubeClient } from '../kube/kube-client.ts'
import type { KubeObject } from '../model/index.ts'
import { leaseSelector } from './lease-object.ts'

export async function listLeases(
  client: KubeClient,
  { namespace, signal }: { namespace: string; signal: AbortSignal },
): Promise<KubeObject[]> {
  const resource = (await client.apiResources()).find('coordination.k8s.io', 'Lease')
  if (!resource) throw new Error(`${client.server} does not know Leases: replicas cannot share without them`)
  const leases: KubeObject[] = []
  for await (const lease of client.list(resource, { namespace, labelSelector: leaseSelector, attempts: 1, signal }))
    leases.push(lease)
  return leases
}
