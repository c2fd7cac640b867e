/** One object of an application, beside its tree: how it is and why, what differs, its YAML, events, logs, terminal, actions. */
import { Maximize2, Minimize2 } from 'lucide-react'
import { lazy, type ReactNode, Suspense } from 'react'
import type { Application, ResourceNode } from '../../lib/api.ts'
import { failureText } from '../../lib/api.ts'
import { texts } from '../../lib/language.ts'
import { type RightQuestion, useRights } from '../../lib/rights.ts'
import { useSearchState } from '../../lib/search-state.ts'
import { useSession } from '../../lib/session.tsx'
import { useShortcuts } from '../../lib/shortcuts.ts'
import { useStored } from '../../lib/stored.ts'
import { IconButton } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { StatusMark } from '../../ui/status.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { findNode, podsOf } from './chain.ts'
import { useOfferedActions } from './queries/object-actions.ts'
import { type ObjectAddress, objectRight, rightsObject } from './queries/object-address.ts'
import { useTree } from './queries/tree.ts'
import styles from './resource-panel.module.css'
import { type TabName, tabsOf } from './tabs-of.ts'

const Overview = lazy(() => import('./overview/overview.tsx'))
const ObjectChanges = lazy(() => import('./changes/object-changes.tsx'))
const YamlTab = lazy(() => import('./yaml/yaml-tab.tsx'))
const EventsTab = lazy(() => import('./events-tab.tsx'))
const LogsTab = lazy(() => import('./logs/logs-tab.tsx'))
const TerminalTab = lazy(() => import('./terminal/terminal-tab.tsx'))
const ActionsTab = lazy(() => import('./actions/actions-tab.tsx'))

export interface ResourcePanelProps {
  application: Application
  /** As the address of the page has it. */
  address: ObjectAddress
  onClose(): void
}

const useTexts = texts({
  en: {
    tabs: {
      overview: 'Overview',
      changes: 'Changes',
      yaml: 'YAML',
      events: 'Events',
      logs: 'Logs',
      terminal: 'Terminal',
      actions: 'Actions',
    },
    about: (kind: string, name: string) => `About ${kind} ${name}`,
    wide: 'Widen',
    narrow: 'Make narrower',
    copyName: 'Copy the name',
    gone: 'This object is not there',
    goneText: 'It has been deleted, or it does not belong to this application any more.',
    treeFailed: 'The tree of this application cannot be read',
  },
  fr: {
    tabs: {
      overview: 'Aperçu',
      changes: 'Écarts',
      yaml: 'YAML',
      events: 'Événements',
      logs: 'Journaux',
      terminal: 'Terminal',
      actions: 'Actions',
    },
    about: (kind: string, name: string) => `À propos de ${kind} ${name}`,
    wide: 'Élargir',
    narrow: 'Rétrécir',
    copyName: 'Copier le nom',
    gone: 'Cet objet n’existe pas',
    goneText: 'Il a été supprimé, ou il n’appartient plus à cette application.',
    treeFailed: 'L’arbre de cette application est illisible',
  },
})

export interface TabProps {
  application: Application
  address: ObjectAddress
  /** As the tree has it; undefined: it is not in the cluster. */
  node: ResourceNode | undefined
  nodes: ResourceNode[]
}

export interface ObjectRights {
  update?: boolean
  delete?: boolean
  logs?: boolean
  exec?: boolean
}

export default function ResourcePanel({ application, address, onClose }: ResourcePanelProps) {
  const t = useTexts()
  const search = useSearchState()
  const [width, setWidth] = useStored('resource-panel')
  const isWide = width === 'wide'
  const { tree, error } = useTree(application)
  const nodes = tree ? [...tree.nodes, ...tree.orphanedNodes] : []
  const node = findNode(nodes, address)
  const isOrphaned = tree !== undefined && findNode(tree.orphanedNodes, address) !== undefined
  const declared = declaredState(application, address)
  const { settings } = useSession()
  const rights = useObjectRights(application, address)
  const offered = useOfferedActions(application, address, node)
  const names = tabsOf({
    address,
    isLive: node?.uid !== undefined,
    isDeclared: declared !== undefined,
    hasPods: node !== undefined && podsOf(nodes, node).length > 0,
    mayAct: rights.delete === true || (offered.actions?.length ?? 0) > 0,
    mayLogs: rights.logs === true,
    mayExec: settings.execEnabled === true && rights.exec === true,
  })
  const asked = search.get('tab')
  const open = names.find((name) => name === asked) ?? 'overview'
  const go = (tab: TabName) => names.includes(tab) && search.set({ tab: tab === 'overview' ? undefined : tab })
  useShortcuts([
    { keys: 'd', label: t.tabs.changes, run: () => go('changes') },
    { keys: 'l', label: t.tabs.logs, run: () => go('logs') },
  ])
  const props = { application, address, node, nodes, rights }
  const content: Record<TabName, ReactNode> = {
    overview: <Overview {...props} declared={declared} isOrphaned={isOrphaned} />,
    changes: <ObjectChanges {...props} />,
    yaml: <YamlTab {...props} />,
    events: node && <EventsTab application={application} node={node} />,
    logs: node && <LogsTab {...props} node={node} />,
    terminal: node && <TerminalTab {...props} node={node} />,
    actions: node && <ActionsTab {...props} node={node} offered={offered} onDeleted={onClose} />,
  }

  return (
    <Dialog
      title={<Title address={address} status={node?.health?.status} copyLabel={t.copyName} />}
      onClose={onClose}
      shape={isWide ? 'wide panel' : 'panel'}
      modal={false}
      tools={
        <span className={styles.wide}>
          <IconButton label={isWide ? t.narrow : t.wide} onClick={() => setWidth(isWide ? undefined : 'wide')}>
            {isWide ? <Minimize2 /> : <Maximize2 />}
          </IconButton>
        </span>
      }
    >
      <div className={styles.panel}>
        {error && !tree ? (
          <Notice tone="bad" title={t.treeFailed}>
            {failureText(error)}
          </Notice>
        ) : !tree ? (
          <Skeleton rows={6} />
        ) : !node && !declared ? (
          <Empty title={t.gone}>{t.goneText}</Empty>
        ) : (
          <Tabs
            label={t.about(address.kind, address.name)}
            open={open}
            onOpen={(id) => go(id as TabName)}
            tabs={names.map((id) => ({
              id,
              label: t.tabs[id],
              content: <Suspense fallback={<Skeleton rows={6} />}>{content[id]}</Suspense>,
            }))}
          />
        )}
      </div>
    </Dialog>
  )
}

function Title({
  address,
  status,
  copyLabel,
}: {
  address: ObjectAddress
  status: string | undefined
  copyLabel: string
}) {
  const { kind, namespace, name } = address
  return (
    <span className={styles.title}>
      {status && <StatusMark status={status} title={status} />}
      <span className={styles.kind}>{kind}</span>
      <span className={styles.name}>
        {namespace && <span className={styles.namespace}>{namespace}/</span>}
        {name}
      </span>
      <CopyButton text={name} label={copyLabel} />
    </span>
  )
}

export type DeclaredState = NonNullable<NonNullable<Application['status']>['resources']>[number]

/** As the application's status has it; undefined: Git does not know the object. */
function declaredState({ status }: Application, address: ObjectAddress): DeclaredState | undefined {
  return status?.resources?.find(
    ({ group = '', kind, namespace = '', name }) =>
      group === address.group && kind === address.kind && namespace === address.namespace && name === address.name,
  )
}

function useObjectRights(application: Application, address: ObjectAddress): ObjectRights {
  const { settings } = useSession()
  const object = rightsObject(application, settings.controllerNamespace)
  const ask = (resource: string, action: string): RightQuestion => ({ resource, action, object })
  return useRights({
    update: objectRight('update', address, object),
    delete: objectRight('delete', address, object),
    logs: ask('logs', 'get'),
    exec: ask('exec', 'create'),
  })
}
