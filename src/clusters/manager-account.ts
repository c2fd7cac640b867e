/** The account that Tiphys acts as on another cluster, and its rights there; names as in Argo CD. */
import type { KubeClient } from '../kube/kube-client.ts'
import { isConflict } from '../kube/kube-error.ts'
import type { KubeObject } from '../model/index.ts'

export const managerAccount = 'argocd-manager'
const role = 'argocd-manager-role'
const binding = 'argocd-manager-role-binding'

const everyObject = { apiGroups: ['*'], resources: ['*'], verbs: ['*'] }
const everyAddress = { nonResourceURLs: ['*'], verbs: ['*'] }

export interface ManagerPlace {
  /** Of the account. */
  namespace: string
  /** It may do everything in these; empty: in all of the cluster. */
  namespaces: string[]
}

/** Pure: what is applied. */
export function managerObjects({ namespace, namespaces }: ManagerPlace): KubeObject[] {
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: managerAccount, namespace } }
  const subjects = [{ kind: 'ServiceAccount', name: managerAccount, namespace }]
  if (namespaces.length === 0) {
    return [
      account,
      { ...rbac('ClusterRole', { name: role }), rules: [everyObject, everyAddress] },
      { ...rbac('ClusterRoleBinding', { name: binding }), roleRef: roleRef('ClusterRole'), subjects },
    ]
  }
  const within = namespaces.flatMap((one) => [
    { ...rbac('Role', { name: role, namespace: one }), rules: [everyObject] },
    { ...rbac('RoleBinding', { name: binding, namespace: one }), roleRef: roleRef('Role'), subjects },
  ])
  return [account, ...within]
}

function rbac(kind: string, metadata: KubeObject['metadata']): KubeObject {
  return { apiVersion: 'rbac.authorization.k8s.io/v1', kind, metadata }
}

function roleRef(kind: 'Role' | 'ClusterRole') {
  return { apiGroup: 'rbac.authorization.k8s.io', kind, name: role }
}

export async function installManager(client: KubeClient, place: ManagerPlace): Promise<void> {
  for (const object of managerObjects(place)) {
    try {
      await client.apply(object, { fieldManager: 'tiphys' })
    } catch (error) {
      // Somebody else makes it at the same time.
      if (!isConflict(error)) throw error
      await client.apply(object, { fieldManager: 'tiphys' })
    }
  }
}
