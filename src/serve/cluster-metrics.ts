/** What Prometheus is told of the clusters: read off when somebody asks; names as in Argo CD. */
import { Counter, Gauge, type Registry } from 'prom-client'
import type { ClusterConnection, Clusters } from '../clusters/index.ts'

export function clusterMetrics(clusters: Pick<Clusters, 'connections' | 'onChange'>, registers: Registry[]): void {
  function gauge<Label extends string>(
    { name, help, labels }: { name: string; help: string; labels: readonly Label[] },
    values: (connection: ClusterConnection) => { labels: Record<Label, string>; value: number }[],
  ): void {
    new Gauge({
      name,
      help,
      labelNames: labels,
      registers,
      collect() {
        this.reset()
        for (const connection of clusters.connections()) {
          for (const { labels, value } of values(connection)) this.set(labels as never, value)
        }
      },
    })
  }

  gauge(
    {
      name: 'argocd_cluster_info',
      help: 'One for each cluster that is registered.',
      labels: ['server', 'k8s_version', 'name'],
    },
    ({ server, name, version = '' }) => [{ labels: { server, k8s_version: version, name }, value: 1 }],
  )
  gauge(
    {
      name: 'argocd_cluster_connection_status',
      help: '1 when the cluster answers, 0 when it does not.',
      labels: ['server', 'k8s_version'],
    },
    ({ server, version = '', status }) => [
      { labels: { server, k8s_version: version }, value: status === 'Successful' ? 1 : 0 },
    ],
  )
  gauge(
    {
      name: 'argocd_cluster_api_resource_objects',
      help: 'Objects of a cluster that are followed.',
      labels: ['server'],
    },
    ({ server, live }) => [{ labels: { server }, value: live?.state().objects ?? 0 }],
  )
  gauge(
    { name: 'argocd_cluster_api_resources', help: 'Kinds of a cluster that are followed.', labels: ['server'] },
    ({ server, live }) => [{ labels: { server }, value: live?.state().kinds.length ?? 0 }],
  )
  gauge(
    {
      name: 'argocd_cluster_cache_age_seconds',
      help: 'Since a cluster that is followed has last answered.',
      labels: ['server'],
    },
    ({ server, live, heardAt }) =>
      live && heardAt !== undefined ? [{ labels: { server }, value: (Date.now() - heardAt) / 1000 }] : [],
  )
  gauge(
    {
      name: 'tiphys_kubernetes_requests',
      help: 'Requests sent to a cluster since the start.',
      labels: ['server', 'verb'],
    },
    ({ server, requests }) => Object.entries(requests).map(([verb, value]) => ({ labels: { server, verb }, value })),
  )
  const events = new Counter({
    name: 'argocd_cluster_events_total',
    help: 'Changes of objects that a cluster has told of.',
    labelNames: ['server', 'group', 'kind'],
    registers,
  })
  clusters.onChange(({ key: { group, kind } }, { server }) => events.inc({ server, group, kind }))
}
