/** How applications read in tables and on `app get`. Pure. */
import { type Application, type ResourceStatus, sourcesOf } from '../../model/index.ts'
import { type Column, type Listing, printTable } from '../output.ts'

export function syncPolicyText({ spec }: Application): string {
  const automated = spec.syncPolicy?.automated
  if (!automated || automated.enabled === false) return 'Manual'
  const extras = [automated.prune && 'Prune', automated.selfHeal && 'SelfHeal'].filter(Boolean)
  return extras.length > 0 ? `Auto-${extras.join('-')}` : 'Auto'
}

export function shortRevision(revision: string | undefined): string {
  if (!revision) return ''
  return /^[0-9a-f]{40}$/.test(revision) ? revision.slice(0, 7) : revision
}

export function syncText({ status }: Application): string {
  const revision = shortRevision(status?.sync?.revision ?? status?.sync?.revisions?.join(', '))
  const code = status?.sync?.status ?? 'Unknown'
  return revision ? `${code} to ${revision}` : code
}

/** The one line that matters most: a problem, else what goes on, else why it is not healthy. */
export function messageText({ status }: Application): string {
  const condition = status?.conditions?.[0]
  if (condition) return `${condition.type}: ${firstLine(condition.message)}`
  const operation = status?.operationState
  if (operation && operation.phase !== 'Succeeded') return `${operation.phase}: ${firstLine(operation.message ?? '')}`
  return firstLine(status?.health?.message ?? '')
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}

const columns: Column<Application>[] = [
  { title: 'NAME', cell: (app) => app.metadata.name },
  { title: 'CLUSTER', cell: ({ spec }) => spec.destination.name ?? spec.destination.server ?? '', wide: true },
  { title: 'NAMESPACE', cell: ({ spec }) => spec.destination.namespace ?? '' },
  { title: 'PROJECT', cell: ({ spec }) => spec.project, wide: true },
  { title: 'STATUS', cell: ({ status }) => status?.sync?.status ?? 'Unknown' },
  { title: 'HEALTH', cell: ({ status }) => status?.health?.status ?? 'Unknown' },
  { title: 'SYNCPOLICY', cell: syncPolicyText },
  {
    title: 'REVISION',
    cell: ({ status }) => shortRevision(status?.sync?.revision ?? status?.sync?.revisions?.join(', ')),
  },
  { title: 'REPO', cell: ({ spec }) => sourcesOf(spec)[0]?.repoURL ?? '', wide: true },
  { title: 'PATH', cell: ({ spec }) => sourcesOf(spec)[0]?.path ?? '', wide: true },
  { title: 'TARGET', cell: ({ spec }) => sourcesOf(spec)[0]?.targetRevision ?? 'HEAD', wide: true },
  { title: 'MESSAGE', cell: messageText },
]

export function listingOf(applications: Application[]): Listing<Application> {
  return {
    columns,
    rows: applications,
    document: { apiVersion: 'v1', kind: 'List', items: applications },
    name: (application) => application.metadata.name,
  }
}

export function describeApplication(application: Application): string {
  const { metadata, spec, status } = application
  const fields: [string, string | undefined][] = [
    ['Name', `${metadata.namespace}/${metadata.name}`],
    ['Project', spec.project],
    [
      'Destination',
      `${spec.destination.name ?? spec.destination.server ?? ''} ${spec.destination.namespace ?? ''}`.trim(),
    ],
    ...sourcesOf(spec).map((source): [string, string] => [
      'Source',
      `${source.repoURL} ${source.chart ?? source.path ?? ''} at ${source.targetRevision ?? 'HEAD'}`,
    ]),
    ['Sync policy', syncPolicyText(application)],
    ['Sync status', syncText(application)],
    ['Health', [status?.health?.status ?? 'Unknown', status?.health?.message].filter(Boolean).join(': ')],
    ...(status?.conditions ?? []).map((condition): [string, string] => [condition.type, condition.message]),
  ]
  const operation = status?.operationState
  if (operation) {
    const when = operation.finishedAt ?? operation.startedAt
    fields.push(['Last sync', `${operation.phase} at ${when}${operation.message ? `: ${operation.message}` : ''}`])
  }
  const width = Math.max(...fields.map(([title]) => title.length)) + 2
  const lines = fields.map(([title, text]) => `${`${title}:`.padEnd(width)}${text ?? ''}\n`)
  const resources = status?.resources ?? []
  return lines.join('') + (resources.length > 0 ? `\n${resourceTable(application, resources)}` : '')
}

export function resourceTable({ status }: Application, resources: ResourceStatus[]): string {
  const results = new Map(
    (status?.operationState?.syncResult?.resources ?? []).map((r) => [
      `${r.group}/${r.kind}/${r.namespace}/${r.name}`,
      r,
    ]),
  )
  const rows = resources.map((resource) => {
    const { group = '', kind = '', namespace = '', name = '', health } = resource
    const result = results.get(`${group}/${kind}/${namespace}/${name}`)
    const state = resource.requiresPruning ? `${resource.status} (prune)` : (resource.status ?? '')
    return [group, kind, namespace, name, state, health?.status ?? '', health?.message ?? result?.message ?? '']
  })
  return printTable(['GROUP', 'KIND', 'NAMESPACE', 'NAME', 'STATUS', 'HEALTH', 'MESSAGE'], rows)
}
