/** Keeps the status of each ResourceQuota: what is limited and how much of it is used. */
import { deepEqual } from 'fast-equals'
import type { Controller, ControllerClient, ResourceName } from '../controllers/controller.ts'
import { fields } from '../kinds/fields.ts'
import { amountsOf } from '../kinds/resource-list.ts'
import type { KubeObject } from '../object.ts'
import { StatusError } from '../status.ts'
import { usedOf } from './quota.ts'

const quotas = { group: '', version: 'v1', resource: 'resourcequotas' }

/** What may be counted; changes of these make the namespace's quotas be looked at again. */
const watched: ResourceName[] = [
  'pods',
  'services',
  'persistentvolumeclaims',
  'configmaps',
  'secrets',
  'replicationcontrollers',
  'resourcequotas',
].map((resource) => ({ group: '', version: 'v1', resource }))
const watchedElsewhere: ResourceName[] = [
  ...['deployments', 'replicasets', 'statefulsets', 'daemonsets'].map((resource) => ({
    group: 'apps',
    version: 'v1',
    resource,
  })),
  ...['jobs', 'cronjobs'].map((resource) => ({ group: 'batch', version: 'v1', resource })),
  { group: 'networking.k8s.io', version: 'v1', resource: 'ingresses' },
]

/** Conflicts and removals meanwhile are settled by the change that caused them. */
function isPassing(error: unknown): boolean {
  return error instanceof StatusError && [404, 409].includes(error.status.code)
}

function settle(client: ControllerClient, quota: KubeObject): void {
  const hard = amountsOf(fields(quota.spec).hard)
  const status = { hard, used: usedOf(quota, client) }
  if (deepEqual(status, { hard: fields(quota.status).hard, used: fields(quota.status).used })) return
  try {
    client.updateStatus(quotas, { ...quota, status: { ...fields(quota.status), ...status } })
  } catch (error) {
    if (!isPassing(error)) throw error
  }
}

/** Looks at a namespace soon after something in it changed; many changes make one look. */
export function startQuotaController(base: ControllerClient): Controller {
  const client = base.as('kube-controller-manager')
  const dirty = new Set<string>()
  let scheduled: NodeJS.Immediate | undefined

  function work(): void {
    scheduled = undefined
    const namespaces = [...dirty]
    dirty.clear()
    for (const namespace of namespaces) for (const quota of client.list(quotas, { namespace })) settle(client, quota)
  }

  function note(_: string, { metadata }: KubeObject): void {
    dirty.add(metadata.namespace ?? '')
    scheduled ??= setImmediate(work)
  }

  const ends = [...watched, ...watchedElsewhere].map((resource) => client.watch(resource, note))
  return {
    stop() {
      for (const end of ends) end()
      if (scheduled) clearImmediate(scheduled)
    },
  }
}
