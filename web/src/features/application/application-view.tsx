/** The page of an application that is there. */
import { Suspense, useEffect, useMemo } from 'react'
import type { Application } from '../../lib/api.ts'
import { parseResourceParameter } from '../../lib/paths.ts'
import { useSearchState } from '../../lib/search-state.ts'
import { Notice } from '../../ui/notice.tsx'
import { OperationProgress } from '../../ui/operation-progress.tsx'
import { Page } from '../../ui/page.tsx'
import { Unfold } from '../../ui/unfold.tsx'
import styles from './application-view.module.css'
import type { ApplicationName } from './data/application-key.ts'
import type { FollowedApplication } from './data/follow-application.ts'
import { useManagedResources } from './data/managed-resources.ts'
import { useApplicationRights } from './data/rights.ts'
import { useSyncWindows } from './data/sync-windows.ts'
import { argoFilters, shownBy } from './deep-link.ts'
import { ApplicationActions } from './header/application-actions.tsx'
import { ConditionNotices } from './header/condition-notices.tsx'
import { OperationLine } from './header/operation-line.tsx'
import { Sentence } from './header/sentence-of-application.tsx'
import { standingOf } from './header/standing.ts'
import { Switches } from './header/switches.tsx'
import { useRefresh } from './header/use-refresh.ts'
import { VersionLine } from './header/version-line.tsx'
import type { ApplicationParts } from './parts.ts'
import { useTexts } from './texts.ts'
import { graphOf, orphanGraph } from './tree/graph.ts'
import { ViewContent } from './view-content.tsx'
import { ViewLinks } from './view-links.tsx'

export interface ApplicationViewProps {
  named: ApplicationName
  application: Application
  followed: FollowedApplication
  parts: ApplicationParts
}

export function ApplicationView({ named, application, followed, parts }: ApplicationViewProps) {
  const t = useTexts()
  const search = useSearchState()
  const shown = shownBy(search)
  const rights = useApplicationRights(application)
  const windows = useSyncWindows(named)
  const managed = useManagedResources(named, application)
  const refresh = useRefresh(application)
  const { tree, isGone, isStale, treeError } = followed
  const root = useMemo(() => tree && graphOf({ application, tree, managed }), [application, tree, managed])
  const orphans = useMemo(() => tree && orphanGraph(tree), [tree])
  const standing = useMemo(() => standingOf({ application, tree, managed }), [application, tree, managed])
  useArgoFilters()
  const address = parseResourceParameter(shown.resource)
  const { ResourcePanel, SyncPanel, ApplicationEditor } = parts
  const close = (name: string) => () => search.set({ [name]: undefined })
  const edit = () => search.set({ edit: 'true' })

  return (
    <Page
      title={application.metadata.name}
      heading={<Sentence named={named} standing={standing} />}
      lead={
        <div className={styles.facts}>
          {standing.health !== 'Healthy' && standing.message && <Unfold text={standing.message} />}
          <Switches application={application} rights={rights} windows={windows} />
          <OperationLine
            application={application}
            maySync={rights.sync === true}
            onDetails={() => search.set({ operation: 'true' })}
          />
          <VersionLine named={named} application={application} />
        </div>
      }
      actions={
        !isGone && (
          <ApplicationActions
            named={named}
            application={application}
            rights={rights}
            refusal={windows && !windows.canSync ? windows.reason : undefined}
            refresh={refresh}
            onSync={() => search.set({ deploy: 'all' })}
            onEdit={edit}
          />
        )
      }
    >
      {isGone && (
        <Notice tone="drift" title={t.gone}>
          {t.goneText}
        </Notice>
      )}
      {isStale && <Notice tone="drift">{t.stale}</Notice>}
      <ConditionNotices
        conditions={application.status?.conditions ?? []}
        isOpen={shown.showsConditions}
        mayUpdate={rights.update === true}
        onEdit={edit}
        onRefresh={() => void refresh.run('normal')}
      />
      <ViewLinks view={shown.view} root={root} orphans={orphans} />
      <ViewContent
        named={named}
        application={application}
        tree={tree}
        treeError={treeError}
        root={root}
        orphans={orphans}
        view={shown.view}
        resource={shown.resource}
        parts={parts}
      />
      {/* Each is loaded when it is opened first; meanwhile the rest stays. */}
      <Suspense fallback={null}>
        {address && (
          <ResourcePanel
            key={shown.resource}
            application={application}
            address={address}
            onClose={() => search.set({ resource: undefined, node: undefined, tab: undefined })}
          />
        )}
        {shown.isSyncOpen && <SyncPanel application={application} onClose={close('deploy')} />}
        {shown.isOperationOpen && (
          <OperationProgress
            title={t.operationOf(application.metadata.name)}
            application={application}
            mayTerminate={rights.sync === true}
            onClose={close('operation')}
          />
        )}
        {shown.isEditorOpen && (
          <ApplicationEditor application={application} onClose={close('edit')} onSaved={close('edit')} />
        )}
      </Suspense>
    </Page>
  )
}

/** Filters in a link made for Argo CD are those of this page from then on. */
function useArgoFilters(): void {
  const search = useSearchState()
  const text = search.get('resource')
  const { set } = search
  useEffect(() => {
    const filters = argoFilters(text)
    if (filters) set({ resource: undefined, ...filters }, { replace: true })
  }, [text, set])
}
