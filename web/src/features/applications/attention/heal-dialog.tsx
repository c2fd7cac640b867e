/** Asks before what has been changed in the cluster is put back to what Git declares. */
import { useQueryClient } from '@tanstack/react-query'
import { Confirm } from '../../../ui/confirm.tsx'
import { useTell } from '../../../ui/toasts.tsx'
import type { Row } from '../rows/rows.ts'
import { syncApplication } from '../rows/sync-application.ts'
import styles from './attention-list.module.css'
import { shown } from './attention-reason.ts'
import { useAttentionTexts } from './attention-texts.ts'
import type { Drift } from './drift-of.ts'

interface HealDialogProps {
  row: Row
  drift: Drift | undefined
  /** Something is put back, rather than brought there. */
  isHeal: boolean
  onClose(): void
}

export function HealDialog({ row, drift, isHeal, onClose }: HealDialogProps) {
  const t = useAttentionTexts()
  const tell = useTell()
  const client = useQueryClient()
  const { name } = row.metadata
  const fields = drift?.fields ?? []
  return (
    <Confirm
      title={isHeal ? t.healTitle(name) : t.syncTitle(name)}
      action={isHeal ? t.healAction(name) : t.syncAction(name)}
      danger={false}
      run={async () => {
        await syncApplication(row, {})
        tell.done(t.started(name))
        void client.invalidateQueries({ queryKey: ['applications', 'drift'] })
      }}
      onClose={onClose}
    >
      {isHeal && fields.length > 0 ? (
        <>
          <p>{t.healText}</p>
          <ul className={styles.fields}>
            {fields.map(({ path, desired, live }) => (
              <li key={path}>
                <code>{path}</code>: <code>{shown(live)}</code> → <code>{shown(desired)}</code>
              </li>
            ))}
          </ul>
          <p>{t.healOthers}</p>
        </>
      ) : (
        <p>{t.syncText}</p>
      )}
    </Confirm>
  )
}
