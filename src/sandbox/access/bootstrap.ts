/** The roles and bindings that every cluster begins with, as far as somebody may lean on them. */
import type { ControllerClient, ResourceName } from '../controllers/controller.ts'
import type { KubeObject } from '../object.ts'
import type { PolicyRule } from './rbac.ts'

const readVerbs = ['get', 'list', 'watch']
const writeVerbs = ['create', 'delete', 'deletecollection', 'patch', 'update']

const editable: [group: string, resources: string[]][] = [
  [
    '',
    [
      'configmaps',
      'endpoints',
      'events',
      'persistentvolumeclaims',
      'pods',
      'pods/attach',
      'pods/exec',
      'pods/portforward',
      'pods/proxy',
      'replicationcontrollers',
      'replicationcontrollers/scale',
      'secrets',
      'serviceaccounts',
      'services',
      'services/proxy',
    ],
  ],
  [
    'apps',
    [
      'daemonsets',
      'deployments',
      'deployments/rollback',
      'deployments/scale',
      'replicasets',
      'replicasets/scale',
      'statefulsets',
      'statefulsets/scale',
    ],
  ],
  ['autoscaling', ['horizontalpodautoscalers']],
  ['batch', ['cronjobs', 'jobs']],
  ['coordination.k8s.io', ['leases']],
  ['networking.k8s.io', ['ingresses', 'networkpolicies']],
  ['policy', ['poddisruptionbudgets']],
]

const statuses: [group: string, resources: string[]][] = [
  ['', ['bindings', 'limitranges', 'namespaces', 'namespaces/status', 'pods/log', 'pods/status', 'resourcequotas']],
  ['apps', ['controllerrevisions', 'daemonsets/status', 'deployments/status', 'replicasets/status']],
  ['discovery.k8s.io', ['endpointslices']],
]

function ruleOf([group, resources]: [string, string[]], verbs: string[]): PolicyRule {
  return { verbs, apiGroups: [group], resources }
}

const view: PolicyRule[] = [
  ...editable.map(([group, resources]) =>
    ruleOf(
      [group, resources.filter((one) => one !== 'secrets' && !/\/(attach|exec|portforward|proxy)$/.test(one))],
      readVerbs,
    ),
  ),
  ...statuses.map((entry) => ruleOf(entry, readVerbs)),
]

const edit: PolicyRule[] = [
  ...view,
  ...editable.map((entry) => ruleOf(entry, [...readVerbs, ...writeVerbs])),
  { verbs: ['create'], apiGroups: [''], resources: ['serviceaccounts/token', 'pods/eviction'] },
]

const admin: PolicyRule[] = [
  ...edit,
  ruleOf(['rbac.authorization.k8s.io', ['rolebindings', 'roles']], [...readVerbs, ...writeVerbs]),
  { verbs: ['create'], apiGroups: ['authorization.k8s.io'], resources: ['localsubjectaccessreviews'] },
]

const roles: Record<string, PolicyRule[]> = {
  'cluster-admin': [
    { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
    { verbs: ['*'], nonResourceURLs: ['*'] },
  ],
  admin,
  edit,
  view,
  'system:basic-user': [
    { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
    {
      verbs: ['create'],
      apiGroups: ['authorization.k8s.io'],
      resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
    },
  ],
  'system:discovery': [
    { verbs: ['get'], nonResourceURLs: ['/.well-known', '/.well-known/*'] },
    {
      verbs: ['get'],
      nonResourceURLs: [
        '/api',
        '/api/*',
        '/apis',
        '/apis/*',
        '/healthz',
        '/livez',
        '/openapi',
        '/openapi/*',
        '/readyz',
        '/version',
        '/version/',
      ],
    },
  ],
  'system:public-info-viewer': [
    { verbs: ['get'], nonResourceURLs: ['/healthz', '/livez', '/readyz', '/version', '/version/'] },
  ],
  'system:service-account-issuer-discovery': [
    {
      verbs: ['get'],
      nonResourceURLs: [
        '/.well-known/openid-configuration',
        '/.well-known/openid-configuration/',
        '/openid/v1/jwks',
        '/openid/v1/jwks/',
      ],
    },
  ],
}

const bindings: Record<string, string[]> = {
  'cluster-admin': ['system:masters'],
  'system:basic-user': ['system:authenticated'],
  'system:discovery': ['system:authenticated'],
  'system:public-info-viewer': ['system:authenticated', 'system:unauthenticated'],
  'system:service-account-issuer-discovery': ['system:serviceaccounts'],
}

const group = 'rbac.authorization.k8s.io'
const apiVersion = `${group}/v1`
const labels = { 'kubernetes.io/bootstrapping': 'rbac-defaults' }

function createMissing(client: ControllerClient, resource: ResourceName, object: KubeObject): void {
  if (!client.get({ ...resource, name: object.metadata.name ?? '' })) client.create(resource, object)
}

export function bootstrapRoles(client: ControllerClient): void {
  for (const [name, rules] of Object.entries(roles)) {
    const role = { apiVersion, kind: 'ClusterRole', metadata: { name, labels: { ...labels } }, rules }
    createMissing(client, { group, version: 'v1', resource: 'clusterroles' }, role)
  }
  for (const [name, groups] of Object.entries(bindings)) {
    const subjects = groups.map((one) => ({ kind: 'Group', apiGroup: group, name: one }))
    const roleRef = { apiGroup: group, kind: 'ClusterRole', name }
    const binding = {
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata: { name, labels: { ...labels } },
      roleRef,
      subjects,
    }
    createMissing(client, { group, version: 'v1', resource: 'clusterrolebindings' }, binding)
  }
}
