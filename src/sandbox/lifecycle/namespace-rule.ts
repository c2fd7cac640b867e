/** Nothing is created in a namespace that is missing or being removed, and the first ones stay. */
import { forbidden, notFound } from '../refusal.ts'
import type { Call, Cluster } from './cluster.ts'

const namespaces = { group: '', name: 'namespaces' }

/** Kinds that are made for a moment only and may be asked for in a namespace that is going. */
const exempt = new Set(['authorization.k8s.io'])

export function checkNamespaceForCreate(cluster: Cluster, call: Call, name: string): void {
  if (call.namespace === '' || exempt.has(call.resource.group)) return
  const namespace = cluster.store.bucket('namespaces').get('', call.namespace)
  if (!namespace) throw notFound(namespaces, call.namespace)
  if (namespace.metadata.deletionTimestamp === undefined) return
  const why = `unable to create new content in namespace ${call.namespace} because it is being terminated`
  const error = forbidden(call.resource, name, why)
  const cause = {
    reason: 'NamespaceTerminating',
    message: `namespace ${call.namespace} is being terminated`,
    field: 'metadata.namespace',
  }
  error.status.details = { ...error.status.details, causes: [cause] }
  throw error
}

const lasting = new Set(['default', 'kube-system', 'kube-public'])

export function checkNamespaceForDelete(call: Call): void {
  if (call.resource.bucket !== 'namespaces' || !lasting.has(call.name)) return
  throw forbidden(namespaces, call.name, 'this namespace may not be deleted')
}
