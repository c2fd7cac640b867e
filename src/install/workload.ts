/** The program as it runs in a cluster: not as root, on a file system that it cannot write to. Pure. */
import type { KubeObject } from '../model/index.ts'
import { nodeLost, rolling, spread } from './availability.ts'
import { ownLabels, program, selector } from './labels.ts'
import { ports } from './network.ts'

/** A folder that copies of repositories are kept in; it may be lost at any time. */
const cache = '/cache'

export interface Workload {
  image: string
  /** Whether it serves the API and the page. */
  api: boolean
  /** More than one share the work. */
  replicas: number
}

export function deployment({ image, api, replicas }: Workload): KubeObject {
  const shared = replicas > 1
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: program, labels: ownLabels },
    spec: {
      replicas,
      selector: { matchLabels: selector },
      // One is not worth the room for two.
      strategy: shared ? rolling : { type: 'Recreate' },
      template: {
        metadata: { labels: ownLabels },
        spec: {
          serviceAccountName: program,
          // No user or group is named: the image does that, and platforms that choose them may.
          securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
          // helm and kubectl are in the image for this one.
          nodeSelector: { 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' },
          ...(shared && { topologySpreadConstraints: spread }),
          tolerations: nodeLost,
          terminationGracePeriodSeconds: 30,
          containers: [container({ image, api })],
          volumes: [
            { name: 'cache', emptyDir: { sizeLimit: '10Gi' } },
            { name: 'tmp', emptyDir: { sizeLimit: '2Gi' } },
          ],
        },
      },
    },
  }
}

function container({ image, api }: { image: string; api: boolean }) {
  const probe = (path: string) => ({ httpGet: { path, port: 'probes', scheme: 'HTTP' } })
  return {
    name: program,
    image,
    args: [
      ...['serve', '--metrics-port', String(ports.metrics), '--probe-port', String(ports.probes), '--cache-dir', cache],
      // One alone as well: where its node is cut off and another is started elsewhere, it writes nothing more.
      '--shared',
      ...(api ? [] : ['--roles', 'controller,applicationset']),
    ],
    env: [
      { name: 'TIPHYS_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
      { name: 'TIPHYS_POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    ],
    ports: [
      ...(api ? [{ name: 'api', containerPort: ports.api, protocol: 'TCP' }] : []),
      { name: 'metrics', containerPort: ports.metrics, protocol: 'TCP' },
      { name: 'probes', containerPort: ports.probes, protocol: 'TCP' },
    ],
    // It answers before it has what it waits for, such as the definitions of its kinds; until then it is not ready.
    startupProbe: { ...probe('/healthz'), periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 24 },
    livenessProbe: { ...probe('/healthz'), periodSeconds: 15, timeoutSeconds: 5, failureThreshold: 4 },
    readinessProbe: { ...probe('/readyz'), periodSeconds: 5, timeoutSeconds: 5 },
    // docs/performance.md: 100 applications take 180 MB at most, 1,000 applications 360 MB. What is beyond 512 MiB is for the
    // programs that render: three at once (manifest/limits.ts).
    // Both volumes and the log together are less than what is on a node's disk.
    resources: {
      requests: { cpu: '100m', memory: '256Mi', 'ephemeral-storage': '1Gi' },
      limits: { memory: '2Gi', 'ephemeral-storage': '13Gi' },
    },
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
