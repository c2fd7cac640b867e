/** Clusters: how each is reached, and what Tiphys knows of it. */
import { Plus } from 'lucide-react'
import type { ReactNode } from 'react'
import { count, useLanguage } from '../../../lib/language.ts'
import { paths } from '../../../lib/paths.ts'
import { useRights } from '../../../lib/rights.ts'
import { useSearchState } from '../../../lib/search-state.ts'
import { Answer } from '../../../ui/answer.tsx'
import { Button } from '../../../ui/button.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { Page } from '../../../ui/page.tsx'
import { Status } from '../../../ui/status.tsx'
import { Chips } from '../parts/chips.tsx'
import { Fact, Facts } from '../parts/facts.tsx'
import { Dotted, Item, ItemList } from '../parts/item-list.tsx'
import { linesOfPairs } from '../parts/pairs.ts'
import { useSettingsTexts } from '../texts.ts'
import { type Cluster, useClusters } from './ask-clusters.ts'
import { ClusterActions } from './cluster-actions.tsx'
import { ClusterForm } from './cluster-form.tsx'
import { useClusterTexts } from './texts.ts'

const statusOf: Record<string, string> = { Successful: 'Succeeded', Failed: 'Failed' }

export default function ClustersPage({ name }: { name?: string | undefined }) {
  const t = useClusterTexts()
  const { pages } = useSettingsTexts()
  const clusters = useClusters()
  const search = useSearchState()
  const rights = useRights({ create: { resource: 'clusters', action: 'create', object: '*' } })
  const add = rights.create && (
    <Button kind="primary" icon={<Plus />} onClick={() => search.set({ add: 'yes' })}>
      {t.add}
    </Button>
  )
  const open = name === undefined ? undefined : clusters.data?.find((one) => one.server === name || one.name === name)
  if (open) {
    const title = open.name ?? open.server ?? ''
    return (
      <Page title={title} lead={pages.clusters.name} actions={<ClusterActions cluster={open} />}>
        <ClusterFacts cluster={open} />
      </Page>
    )
  }
  return (
    <Page title={pages.clusters.name} lead={t.lead} actions={add}>
      <Answer query={clusters}>
        {(all) =>
          all.length === 0 ? (
            <Empty title={t.none} actions={add} />
          ) : (
            <ItemList label={pages.clusters.name}>
              {all.map((cluster) => (
                <ClusterItem key={cluster.server} cluster={cluster} />
              ))}
            </ItemList>
          )
        }
      </Answer>
      {rights.create && search.get('add') !== undefined && (
        <ClusterForm onClose={() => search.set({ add: undefined })} />
      )}
    </Page>
  )
}

function ClusterItem({ cluster }: { cluster: Cluster }) {
  const t = useClusterTexts()
  const language = useLanguage()
  const { server = '', name = server, serverVersion, info, connectionState, project } = cluster
  const objects = info?.cacheInfo?.resourcesCount
  return (
    <Item
      title={name}
      href={`${paths.settingsPage('clusters')}/${encodeURIComponent(server)}`}
      about={
        <Dotted>
          {[
            <code key="server">{server}</code>,
            serverVersion && `${t.version} ${serverVersion}`,
            count(language, info?.applicationsCount ?? 0, ...t.applications),
            objects !== undefined && count(language, objects, ...t.objects),
            project,
          ]}
        </Dotted>
      }
      status={<Connection cluster={cluster} />}
      problem={connectionState?.status === 'Failed' && connectionState.message}
      note={connectionState?.status === 'Unknown' && connectionState.message}
      actions={<ClusterActions cluster={cluster} />}
    />
  )
}

function Connection({ cluster: { connectionState } }: { cluster: Cluster }) {
  const t = useClusterTexts()
  const state = connectionState?.status ?? 'Unknown'
  return <Status status={statusOf[state] ?? 'Unknown'} word={t.states[state] ?? state} />
}

function ClusterFacts({ cluster }: { cluster: Cluster }) {
  const t = useClusterTexts()
  const language = useLanguage()
  const { server, serverVersion, info, namespaces, clusterResources, project, labels, config, shard, connectionState } =
    cluster
  const { resourcesCount = 0, apisCount = 0 } = info?.cacheInfo ?? {}
  const facts: [name: string, value: ReactNode][] = [
    ['server', <code key="server">{server}</code>],
    [
      'state',
      <div key="state">
        <Connection cluster={cluster} />
        {connectionState?.status !== 'Successful' && connectionState?.message && <p>{connectionState.message}</p>}
      </div>,
    ],
    ['version', serverVersion ?? '—'],
    ['cache', `${count(language, resourcesCount, ...t.objects)}, ${count(language, apisCount, ...t.kinds)}`],
    ['applications', count(language, info?.applicationsCount ?? 0, ...t.applications)],
    ['namespaces', namespaces?.length ? <Chips key="namespaces" values={namespaces} /> : t.every],
    ...(namespaces?.length ? [['clusterResources', clusterResources ? t.yes : t.no] as [string, ReactNode]] : []),
    ['project', project || t.every],
    ['labels', <Chips key="labels" values={linesOfPairs(labels)} />],
    ['tls', config?.tlsClientConfig?.insecure ? t.unchecked : t.checked],
    ...(shard === undefined ? [] : [['shard', shard] as [string, ReactNode]]),
  ]
  return (
    <Facts>
      {facts.map(([name, value]) => (
        <Fact key={name} label={t.facts[name]?.[0]} hint={t.facts[name]?.[1]}>
          {value}
        </Fact>
      ))}
    </Facts>
  )
}
