/** What can be done to an application: one button for what is due, and the rest in a menu. */
import { Ellipsis, ExternalLink, History, Link2, Pencil, Pin, RefreshCw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Application } from '../../../lib/api.ts'
import { useSearchState } from '../../../lib/search-state.ts'
import { useShortcuts } from '../../../lib/shortcuts.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { Menu, type MenuItem } from '../../../ui/menu.tsx'
import { useTell } from '../../../ui/toasts.tsx'
import type { ApplicationName } from '../data/application-key.ts'
import { isUnderWay, lastDeployment, pendingChanges, pinOf } from '../data/facts.ts'
import { useLinks } from '../data/links.ts'
import type { ApplicationRights } from '../data/rights.ts'
import { useTexts } from '../texts.ts'
import { DeleteApplication } from './delete-application.tsx'
import { outerLinks } from './outer-links.ts'
import { PinHere, usePinTexts } from './pin-here.tsx'
import type { Refresh } from './use-refresh.ts'

export interface ApplicationActionsProps {
  named: ApplicationName
  application: Application
  rights: ApplicationRights
  /** Why it cannot be synced now. */
  refusal: string | undefined
  refresh: Refresh
  onSync(): void
  onEdit(): void
}

export function ApplicationActions(props: ApplicationActionsProps) {
  const { named, application, rights, refusal, refresh, onSync, onEdit } = props
  const t = useTexts()
  const pinTexts = usePinTexts()
  const tell = useTell()
  const search = useSearchState()
  const links = useLinks(named)
  const [open, setOpen] = useState<'delete' | 'pin'>()
  const { changes } = pendingChanges(application)
  const isRunning = isUnderWay(application)
  const syncs = rights.sync ? onSync : undefined
  useShortcuts([
    ...(syncs ? [{ keys: 's', label: isRunning ? t.watchSync : t.syncAgain, run: syncs }] : []),
    { keys: 'r', label: t.refresh, run: () => void refresh.run('normal') },
    { keys: 'd', label: t.views.changes, run: () => search.set({ view: 'changes' }) },
    { keys: 'v', label: t.views.versions, run: () => search.set({ view: 'versions' }) },
  ])

  async function copyLink() {
    await navigator.clipboard?.writeText(location.href)
    tell.done(t.copied)
  }

  const canPin = rights.rollback && !pinOf(application) && lastDeployment(application) !== undefined && !isRunning
  const actions: MenuItem[] = [
    ...(rights.update ? [{ label: t.edit, icon: <Pencil />, run: onEdit }] : []),
    { label: t.history, icon: <History />, run: () => search.set({ view: 'history' }) },
    ...(canPin ? [{ label: pinTexts.pin, icon: <Pin />, hint: pinTexts.hint, run: () => setOpen('pin') }] : []),
    {
      label: t.hardRefresh,
      icon: <RefreshCw />,
      hint: t.hardRefreshHint,
      run: () => void refresh.run('hard'),
    },
    ...(navigator.clipboard ? [{ label: t.copyLink, icon: <Link2 />, run: () => void copyLink() }] : []),
  ]
  const outer: MenuItem[] = outerLinks(application, links).map(({ title, url }) => ({
    label: title,
    icon: <ExternalLink />,
    run: () => void window.open(url, '_blank', 'noopener,noreferrer'),
  }))
  const destructive: MenuItem[] = rights.delete
    ? [{ label: t.remove, icon: <Trash2 />, danger: true, run: () => setOpen('delete') }]
    : []
  return (
    <>
      {syncs && (
        <Button
          kind={changes > 0 && !isRunning ? 'primary' : 'plain'}
          disabled={refusal !== undefined && !isRunning}
          title={refusal}
          onClick={syncs}
        >
          {isRunning ? t.watchSync : changes > 0 ? t.syncChanges(changes) : t.syncAgain}
        </Button>
      )}
      <Button
        icon={<RefreshCw />}
        busy={refresh.isBusy}
        title={t.refreshHint}
        onClick={() => void refresh.run('normal')}
      >
        {t.refresh}
      </Button>
      <Menu
        trigger={
          <IconButton label={t.more}>
            <Ellipsis />
          </IconButton>
        }
        groups={[actions, outer, destructive]}
      />
      {open === 'delete' && <DeleteApplication application={application} onClose={() => setOpen(undefined)} />}
      {open === 'pin' && <PinHere application={application} onClose={() => setOpen(undefined)} />}
    </>
  )
}
