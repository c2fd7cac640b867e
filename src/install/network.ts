/** How the program is reached, and by whom. Pure. */
import type { KubeObject } from '../model/index.ts'
import { ownLabels, program, selector } from './labels.ts'

/** That of the probes is for the kubelet of the Pod's own node, which no policy keeps away, and for nobody else. */
export const ports = { api: 8080, probes: 8081, metrics: 8082 }

export function networkObjects(): KubeObject[] {
  return reached({ api: true })
}

/** Where there is no API. */
export function metricsObjects(): KubeObject[] {
  return reached({ api: false })
}

function reached({ api }: { api: boolean }): KubeObject[] {
  const apiService = () =>
    service(program, [
      // Both lead to the port that tells TLS and plain connections apart.
      { name: 'http', port: 80, targetPort: ports.api, protocol: 'TCP' },
      { name: 'https', port: 443, targetPort: ports.api, protocol: 'TCP' },
    ])
  return [
    ...(api ? [apiService()] : []),
    service(`${program}-metrics`, [
      { name: 'metrics', port: ports.metrics, targetPort: ports.metrics, protocol: 'TCP' },
    ]),
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: program, labels: ownLabels },
      spec: {
        podSelector: { matchLabels: selector },
        policyTypes: ['Ingress'],
        ingress: [
          ...(api ? [{ ports: [{ port: ports.api, protocol: 'TCP' }] }] : []),
          // Metrics name applications and repositories: they are for those who run in the cluster.
          { from: [{ namespaceSelector: {} }], ports: [{ port: ports.metrics, protocol: 'TCP' }] },
        ],
      },
    },
  ]
}

function service(name: string, servicePorts: object[]): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, labels: { ...ownLabels, 'app.kubernetes.io/name': name } },
    spec: { ports: servicePorts, selector },
  }
}
