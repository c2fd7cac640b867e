/** What is wrong or drifting, a sentence each, worst first; rows come and go as it happens. */
import { useMemo } from 'react'
import { useLanguage } from '../../../lib/language.ts'
import { useRights } from '../../../lib/rights.ts'
import { useSession } from '../../../lib/session.tsx'
import { Button } from '../../../ui/button.tsx'
import { keyOf, type Row, rightsObject } from '../rows/rows.ts'
import { usePageTexts } from '../texts.ts'
import styles from './attention-list.module.css'
import { AttentionRow } from './attention-row.tsx'

interface AttentionListProps {
  rows: Row[]
  /** There are more of them. */
  remaining: number
  onMore(): void
}

export function AttentionList({ rows, remaining, onMore }: AttentionListProps) {
  const t = usePageTexts()
  const language = useLanguage()
  const { settings } = useSession()
  const questions = useMemo(
    () =>
      Object.fromEntries(
        rows.slice(0, 60).flatMap((row) => {
          const object = rightsObject(row, settings.controllerNamespace)
          return (['sync', 'rollback', 'update'] as const).map((action) => [
            `${action} ${keyOf(row)}`,
            { resource: 'applications', action, object },
          ])
        }),
      ),
    [rows, settings.controllerNamespace],
  )
  const rights = useRights(questions)
  if (rows.length === 0) return null
  return (
    <section className={styles.section} aria-labelledby="attention">
      <h2 id="attention" className={styles.heading}>
        {t.attention}
      </h2>
      <ul className={styles.list}>
        {rows.map((row) => (
          <AttentionRow
            key={keyOf(row)}
            row={row}
            maySync={rights[`sync ${keyOf(row)}`] === true}
            mayRollBack={rights[`rollback ${keyOf(row)}`] === true}
            mayUpdate={rights[`update ${keyOf(row)}`] === true}
          />
        ))}
      </ul>
      {remaining > 0 && (
        <Button kind="quiet" onClick={onMore}>
          {t.showMore(new Intl.NumberFormat(language).format(remaining))}
        </Button>
      )}
    </section>
  )
}
