/** Whose name the program acts in, and what it may do. Pure. */
import type { KubeObject } from '../model/index.ts'
import { ownLabels, program } from './labels.ts'

interface Rule {
  apiGroups: string[]
  resources: string[]
  verbs: string[]
}

const rbac = 'rbac.authorization.k8s.io/v1'
const follow = ['get', 'list', 'watch']

/**
 * What the program does in its own namespace, whatever it deploys; a test compares it with the requests that are made.
 * Of Applications, projects and sets people change the specs through the API, and Tiphys the statuses.
 */
const ownRules: Rule[] = [
  {
    apiGroups: ['argoproj.io'],
    resources: ['applications', 'appprojects'],
    verbs: ['create', 'delete', ...follow, 'patch'],
  },
  {
    apiGroups: ['argoproj.io'],
    resources: ['applicationsets'],
    verbs: ['create', 'delete', ...follow, 'patch', 'update'],
  },
  { apiGroups: ['argoproj.io'], resources: ['applicationsets/status'], verbs: ['patch'] },
  // Some servers ask for it of who makes an application that its set must not go without.
  { apiGroups: ['argoproj.io'], resources: ['applicationsets/finalizers'], verbs: ['update'] },
  { apiGroups: ['argocd-image-updater.argoproj.io'], resources: ['imageupdaters'], verbs: ['list', 'watch'] },
  { apiGroups: ['argocd-image-updater.argoproj.io'], resources: ['imageupdaters/status'], verbs: ['patch'] },
  // Settings, certificates of repositories and keys of signers, changed by who may do so through the API.
  { apiGroups: [''], resources: ['configmaps'], verbs: ['create', ...follow, 'patch'] },
  // Credentials of clusters and repositories, accounts, sessions.
  { apiGroups: [''], resources: ['secrets'], verbs: ['create', 'delete', ...follow, 'patch'] },
  // What was done, and by whom.
  { apiGroups: [''], resources: ['events'], verbs: ['create', 'list'] },
  // What replicas that share the work tell each other by, and one is told by that another has its place.
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create', 'delete', 'list', 'patch'] },
]

/** Whoever is to deploy anything must be allowed anything: a role can only be granted by who has it. */
const everything: (Rule | { nonResourceURLs: string[]; verbs: string[] })[] = [
  { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
  { nonResourceURLs: ['*'], verbs: ['*'] },
]

export function serviceAccount(): KubeObject {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: program, labels: ownLabels } }
}

export function namespacedRights({ namespace }: { namespace: string }): KubeObject[] {
  return [
    { apiVersion: rbac, kind: 'Role', metadata: { name: program, labels: ownLabels }, rules: ownRules },
    binding('RoleBinding', 'Role', namespace),
  ]
}

export function clusterWideRights({ namespace }: { namespace: string }): KubeObject[] {
  return [
    { apiVersion: rbac, kind: 'ClusterRole', metadata: { name: program, labels: ownLabels }, rules: everything },
    binding('ClusterRoleBinding', 'ClusterRole', namespace),
  ]
}

function binding(kind: string, role: string, namespace: string): KubeObject {
  return {
    apiVersion: rbac,
    kind,
    metadata: { name: program, labels: ownLabels },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: role, name: program },
    // The only place where a namespace has to be written: kubectl's -n does not reach it.
    subjects: [{ kind: 'ServiceAccount', name: program, namespace }],
  }
}
