/** How each application stands, as Prometheus is told; names and labels as in Argo CD. */
import { type Application, isAutomated, sourcesOf, withoutPassword } from '../model/index.ts'
import { labelsOf } from './application-costs.ts'
import type { Family } from './application-series.ts'

export interface StatesOptions {
  /** Objects that belong to an application directly. */
  liveObjects(application: Application): number
  /** How many objects stand beside an application and belong to nobody; undefined: its project does not ask. */
  orphaned(application: Application): number | undefined
  /** The server. */
  destination(application: Application): string
  /** Whether this process looks after it: of several, each tells of its own, and a sum over all is right. */
  isOurs(application: Application): boolean
}

export function statesOf({ liveObjects, orphaned, destination, isOurs }: StatesOptions): Family[] {
  const families: Family[] = [
    {
      name: 'argocd_app_info',
      help: 'One for each application, with its state as labels.',
      type: 'gauge',
      samples: (application) => [{ labels: stateLabels(application, destination(application)), value: 1 }],
    },
    {
      name: 'argocd_app_condition',
      help: 'Conditions of an application, by type.',
      type: 'gauge',
      samples: conditionsOf,
    },
    {
      name: 'argocd_app_orphaned_resources_count',
      help: 'Objects in the namespace of an application that belong to nobody, where its project asks.',
      type: 'gauge',
      samples(application) {
        const { namespace = '', name } = application.metadata
        const value = orphaned(application)
        return value === undefined ? [] : [{ labels: { namespace, name, project: application.spec.project }, value }]
      },
    },
    {
      name: 'tiphys_app_live_objects',
      help: 'Objects in the cluster that belong to an application directly.',
      type: 'gauge',
      samples: (application) => [
        { labels: labelsOf(application, destination(application)), value: liveObjects(application) },
      ],
    },
  ]
  return families.map((family) => ({
    ...family,
    samples: (application) => (isOurs(application) ? family.samples(application) : []),
  }))
}

function stateLabels({ metadata, spec, status, operation }: Application, server: string) {
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    project: spec.project,
    // Metrics are read without signing in.
    repo: withoutPassword(sourcesOf(spec)[0]?.repoURL ?? ''),
    dest_server: server,
    dest_namespace: spec.destination.namespace ?? '',
    sync_status: status?.sync?.status ?? 'Unknown',
    health_status: status?.health?.status ?? 'Unknown',
    autosync_enabled: String(isAutomated(spec)),
    operation: metadata.deletionTimestamp ? 'delete' : operation?.sync ? 'sync' : '',
  }
}

function conditionsOf({ metadata: { namespace = '', name }, spec: { project }, status }: Application) {
  const counts = new Map<string, number>()
  for (const { type } of status?.conditions ?? []) counts.set(type, (counts.get(type) ?? 0) + 1)
  return [...counts].map(([condition, value]) => ({ labels: { namespace, name, project, condition }, value }))
}
