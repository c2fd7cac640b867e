/** What of an application differs from Git: the field, its two values, who made it so and when. */
import { failureText } from '../../../lib/api.ts'
import { Time } from '../../../ui/time.tsx'
import type { Row } from '../rows/rows.ts'
import styles from './attention-list.module.css'
import { fieldReason } from './attention-reason.ts'
import { useAttentionTexts } from './attention-texts.ts'
import { type Drift, driftedResources } from './drift-of.ts'

export function DriftSentence({ row, drift, failure }: { row: Row; drift: Drift | undefined; failure: unknown }) {
  const t = useAttentionTexts()
  const resources = driftedResources(row)
  const [first] = resources
  const what = `${first?.kind ?? ''} ${first?.name ?? ''}`.trim()
  const field = drift && fieldReason(drift.fields)
  const others = resources.length - 1
  return (
    <>
      {field ? (
        <span className={styles.reason}>
          <span className={styles.object}>{what}</span> <code>{field.path}</code>{' '}
          <code className={styles.value}>{field.from}</code> → <code className={styles.value}>{field.to}</code>{' '}
          {field.author ? t.by(field.author) : t.newInGit}
          {field.time && (
            <>
              , <Time at={field.time} />
            </>
          )}
          {field.others > 0 && ` ${t.moreFields(field.others)}`}
        </span>
      ) : (
        <span className={styles.reason} title={failure ? failureText(failure) : undefined}>
          {wholeObject(drift) ?? (what === '' ? t.nothingThere : t.differs(what))}
        </span>
      )}
      {others > 0 && <span className={styles.aside}>{t.moreObjects(others)}</span>}
    </>
  )

  function wholeObject(known: Drift | undefined): string | undefined {
    switch (known?.resource?.verdict) {
      case 'missing':
        return t.notThere(what)
      case 'extra':
        return t.notDeclared(what)
      case 'refused':
        return t.refused(what, known.resource.message ?? '')
      default:
        return undefined
    }
  }
}
