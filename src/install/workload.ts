/** The program as it runs in a cluster: not as root, on a file system that it cannot write to. Pure. */
import type { KubeObject } from '../model/index.ts'
import { ownLabels, program, selector } from './labels.ts'
import { ports } from './network.ts'

/** A folder that copies of repositories are kept in; it may be lost at any time. */
const cache = '/cache'

export function deployment({ image }: { image: string }): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: program, labels: ownLabels },
    spec: {
      replicas: 1,
      selector: { matchLabels: selector },
      // Two at once would both work on the same applications.
      strategy: { type: 'Recreate' },
      template: {
        metadata: { labels: ownLabels },
        spec: {
          serviceAccountName: program,
          securityContext: { runAsNonRoot: true, fsGroup: 999, seccompProfile: { type: 'RuntimeDefault' } },
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          terminationGracePeriodSeconds: 30,
          containers: [container(image)],
          volumes: [
            { name: 'cache', emptyDir: {} },
            { name: 'tmp', emptyDir: {} },
          ],
        },
      },
    },
  }
}

function container(image: string) {
  const probe = (path: string) => ({ httpGet: { path, port: 'api', scheme: 'HTTP' } })
  return {
    name: program,
    image,
    args: ['serve', '--metrics-port', String(ports.metrics), '--cache-dir', cache],
    env: [{ name: 'TIPHYS_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } }],
    ports: [
      { name: 'api', containerPort: ports.api, protocol: 'TCP' },
      { name: 'metrics', containerPort: ports.metrics, protocol: 'TCP' },
    ],
    // It waits by itself for what it needs, such as the definitions of its kinds: ten minutes are given to that.
    startupProbe: { ...probe('/healthz'), periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 120 },
    livenessProbe: { ...probe('/healthz'), periodSeconds: 15, timeoutSeconds: 5, failureThreshold: 4 },
    readinessProbe: { ...probe('/readyz'), periodSeconds: 5, timeoutSeconds: 5 },
    // docs/performance.md: 100 applications take 180 MB at most, 1,000 applications 360 MB; renderings run beside it.
    resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '1Gi' } },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
    },
    volumeMounts: [
      { name: 'cache', mountPath: cache },
      { name: 'tmp', mountPath: '/tmp' },
    ],
  }
}
