/** What the recordings did by calls that they do not show: objects there must be before a trace or one of its steps. */
import type { Step } from './trace.ts'

type Request = Step['request']

interface Setup {
  /** False where the recording was over before the controllers came to act. */
  controllers?: boolean
  before?: Request[]
  /** By the name of the step that it comes before: a patch of every object of a list. */
  steps?: Record<string, { list: string; patch: unknown }>
}

function post(path: string, body: unknown): Request {
  return { method: 'POST', path, body, headers: { 'content-type': 'application/json' } }
}

function secret(name: string, labels?: Record<string, string>): Request {
  return post('/api/v1/namespaces/demo-list/secrets', { metadata: { name, labels }, data: { v: '' } })
}

const spec = { containers: [{ name: 'c', image: 'i' }] }

function labelled(name: string, more: object): object {
  return { metadata: { name, labels: { app: 't' } }, ...more }
}

const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/demo-access'

const heldPods = '/api/v1/namespaces/demo-deletion/pods?labelSelector=app%3Dforeground'

export const setups: Record<string, Setup> = {
  scale: {
    before: [
      post('/apis/apps/v1/namespaces/demo-scale/deployments', {
        metadata: { name: 'd' },
        spec: {
          replicas: 0,
          selector: { matchLabels: { a: 'b' } },
          template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
        },
      }),
    ],
  },
  deletion: {
    steps: {
      'delete with Foreground': { list: heldPods, patch: { metadata: { finalizers: ['example.com/hold'] } } },
      'then the deployment goes': { list: heldPods, patch: { metadata: { finalizers: null } } },
    },
  },
  'apply-lists': { controllers: false },
  'access-review': {
    before: [
      post('/api/v1/namespaces/demo-access/serviceaccounts', { metadata: { name: 'default' } }),
      post(`${rbac}/roles`, {
        metadata: { name: 'reader' },
        rules: [
          { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list'] },
          {
            apiGroups: ['apps'],
            resources: ['deployments', 'deployments/scale'],
            resourceNames: ['web'],
            verbs: ['*'],
          },
        ],
      }),
      post(`${rbac}/rolebindings`, {
        metadata: { name: 'reader' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
        subjects: [
          { kind: 'User', name: 'ann' },
          { kind: 'ServiceAccount', name: 'default', namespace: 'demo-access' },
        ],
      }),
    ],
  },
  'quota-and-limits': {
    before: [
      {
        method: 'PATCH',
        path: '/api/v1/namespaces/demo-security',
        headers: { 'content-type': 'application/merge-patch+json' },
        body: {
          metadata: {
            labels: {
              'pod-security.kubernetes.io/enforce': 'baseline',
              'pod-security.kubernetes.io/warn': 'restricted',
            },
          },
        },
      },
    ],
  },
  'list-as-table': {
    before: [
      post('/api/v1/namespaces/demo-table/configmaps', labelled('a', { data: { x: '1', y: '2' } })),
      post('/api/v1/namespaces/demo-table/pods', labelled('p', { spec })),
      post(
        '/apis/apps/v1/namespaces/demo-table/deployments',
        labelled('web', {
          spec: {
            replicas: 0,
            selector: { matchLabels: { a: 'b' } },
            template: { metadata: { labels: { a: 'b' } }, spec },
          },
        }),
      ),
      post(
        '/api/v1/namespaces/demo-table/services',
        labelled('s', { spec: { clusterIP: 'None', ports: [{ port: 80 }] } }),
      ),
    ],
  },
  'list-select-page': {
    before: [
      secret('a', { app: 'x', tier: 'web' }),
      secret('b', { app: 'x', tier: 'db' }),
      secret('c', { app: 'y' }),
      secret('d'),
      secret('e', { app: 'x', tier: '' }),
      post('/api/v1/namespaces/demo-list/pods', { metadata: { name: 'p1' }, spec }),
      post('/api/v1/namespaces/demo-list/pods', { metadata: { name: 'p2' }, spec }),
    ],
  },
}
