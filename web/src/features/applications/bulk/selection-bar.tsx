/** What can be done to the selected applications; it stays at the bottom while the list scrolls. */
import { X } from 'lucide-react'
import { useLanguage } from '../../../lib/language.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { usePageTexts } from '../texts.ts'
import type { BulkKind } from './bulk-dialog.tsx'
import styles from './selection-bar.module.css'

interface SelectionBarProps {
  amount: number
  /** All that match, when they are not all selected. */
  matching: number
  maySync: boolean
  onBulk(kind: BulkKind): void
  onBulkAll(kind: BulkKind): void
  onClear(): void
}

export function SelectionBar({ amount, matching, maySync, onBulk, onBulkAll, onClear }: SelectionBarProps) {
  const t = usePageTexts()
  const language = useLanguage()
  const format = (number: number) => new Intl.NumberFormat(language).format(number)
  if (amount === 0) return null
  return (
    <section className={styles.bar} aria-label={t.selected(amount, format(amount))}>
      <span className={styles.amount} role="status">
        {t.selected(amount, format(amount))}
      </span>
      {maySync && (
        <Button kind="primary" onClick={() => onBulk('sync')}>
          {t.sync}
        </Button>
      )}
      <Button onClick={() => onBulk('refresh')}>{t.refresh}</Button>
      {matching > amount && (
        <Button kind="quiet" className={styles.wideOnly} onClick={() => onBulkAll(maySync ? 'sync' : 'refresh')}>
          {maySync ? t.syncAll(format(matching)) : t.refreshAll(format(matching))}
        </Button>
      )}
      <IconButton label={t.clearSelection} onClick={onClear}>
        <X />
      </IconButton>
    </section>
  )
}
