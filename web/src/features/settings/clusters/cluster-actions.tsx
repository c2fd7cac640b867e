/** What can be done with a cluster. */
import { useQueryClient } from '@tanstack/react-query'
import { Ellipsis, KeyRound, Pencil, RefreshCw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { api, routes } from '../../../lib/api.ts'
import { count, useLanguage } from '../../../lib/language.ts'
import { useRights } from '../../../lib/rights.ts'
import { IconButton } from '../../../ui/button.tsx'
import { Confirm } from '../../../ui/confirm.tsx'
import { Menu } from '../../../ui/menu.tsx'
import { useTell } from '../../../ui/toasts.tsx'
import { type Cluster, clustersKey } from './ask-clusters.ts'
import { ClusterForm } from './cluster-form.tsx'
import { useClusterTexts } from './texts.ts'

export function ClusterActions({ cluster }: { cluster: Cluster }) {
  const t = useClusterTexts()
  const language = useLanguage()
  const tell = useTell()
  const client = useQueryClient()
  const [open, setOpen] = useState<'edit' | 'rotate' | 'remove'>()
  const { server = '', name = server, project, info } = cluster
  const object = project ? `${project}/${server}` : server
  const rights = useRights({
    update: { resource: 'clusters', action: 'update', object },
    delete: { resource: 'clusters', action: 'delete', object },
  })
  const changed = () => client.invalidateQueries({ queryKey: clustersKey })

  async function look(): Promise<void> {
    try {
      await api.call(routes.clusters.invalidateCache, { params: { id: server } })
      await changed()
      tell.done(t.looked(name))
    } catch (error) {
      tell.failed(name, error)
    }
  }

  async function rotate(): Promise<void> {
    await api.call(routes.clusters.rotateAuth, { params: { id: server } })
    await changed()
    tell.done(t.rotated(name))
  }

  async function remove(): Promise<void> {
    await api.call(routes.clusters.delete, { params: { id: server } })
    await changed()
  }

  if (!rights.update && !rights.delete) return null
  const close = () => setOpen(undefined)
  return (
    <>
      <Menu
        trigger={
          <IconButton label={t.menu(name)}>
            <Ellipsis />
          </IconButton>
        }
        groups={[
          rights.update
            ? [
                { label: t.edit, icon: <Pencil size={14} />, run: () => setOpen('edit') },
                { label: t.look, hint: t.lookHint, icon: <RefreshCw size={14} />, run: () => void look() },
                { label: t.rotate, hint: t.rotateHint, icon: <KeyRound size={14} />, run: () => setOpen('rotate') },
              ]
            : [],
          rights.delete
            ? [{ label: t.remove, icon: <Trash2 size={14} />, run: () => setOpen('remove'), danger: true }]
            : [],
        ]}
      />
      {open === 'edit' && <ClusterForm cluster={cluster} onClose={close} />}
      {open === 'rotate' && (
        <Confirm title={t.rotateTitle(name)} action={t.rotate} danger={false} run={rotate} onClose={close}>
          {t.rotateHint}
        </Confirm>
      )}
      {open === 'remove' && (
        <Confirm title={t.removeTitle(name)} action={t.removeAction} typed={name} run={remove} onClose={close}>
          {t.removeText(count(language, info?.applicationsCount ?? 0, ...t.applications))}
        </Confirm>
      )}
    </>
  )
}
