import { expect, test } from 'vitest'
import type { KubeClient } from '../kube/kube-client.ts'
import { KubeError } from '../kube/kube-error.ts'
import type { KubeObject } from '../model/index.ts'
import { leaseObject } from './lease-object.ts'
import { refuseBesideReplicas } from './live-replicas.ts'

const roles = ['controller', 'notifications']

function lease({ version, released = false, of = ['controller'] }: Partial<LeaseOf>): KubeObject {
  const text = { identity: 'other', generation: 1, roles: of, released }
  const object = leaseObject(text, { namespace: 'argocd', seconds: 10, now: new Date(0) })
  return { ...object, metadata: { ...object.metadata, resourceVersion: version ?? '1' } }
}

interface LeaseOf {
  version: string
  released: boolean
  of: string[]
}

/** What each list has. */
function asked(...lists: (KubeObject[] | KubeError)[]): Promise<void> {
  const client = {
    apiResources: async () => ({ find: () => ({ resource: 'leases' }) }),
    async *list() {
      const next = lists.shift() ?? []
      if (next instanceof KubeError) throw next
      yield* next
    },
  } as unknown as KubeClient
  return refuseBesideReplicas({ client, namespace: 'argocd', roles, sleep: async () => {} })
}

test('where a replica renews its Lease, one that does not share is not started, but tried again', async () => {
  const refused = asked([lease({ version: '1' })], [lease({ version: '2' })])
  await expect(refused).rejects.toMatchObject({
    reason: 'Conflict',
    message: expect.stringContaining('other share the work in argocd'),
  })
})

test.each<[string, (KubeObject[] | KubeError)[]]>([
  ['there is none', [[]]],
  ['the one there was has been killed', [[lease({ version: '1' })], [lease({ version: '1' })]]],
  ['the one there was has stopped', [[lease({ version: '1' })], [lease({ version: '2', released: true })]]],
  ['it has another part', [[lease({ of: ['image-updater'] })], [lease({ version: '2', of: ['image-updater'] })]]],
  ['nobody may look', [new KubeError('no', { code: 403, reason: 'Forbidden' })]],
])('it is started where %s', async (_what, lists) => {
  await expect(asked(...lists)).resolves.toBeUndefined()
})
