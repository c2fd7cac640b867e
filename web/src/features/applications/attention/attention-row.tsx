/** One application that needs attention: subject, fact, reason, since when, and what can be done. */
import { memo, useRef, useState } from 'react'
import { Link } from 'wouter'
import { paths } from '../../../lib/paths.ts'
import type { Standing } from '../../../lib/standing.ts'
import { Button } from '../../../ui/button.tsx'
import { classes } from '../../../ui/classes.ts'
import { StatusMark } from '../../../ui/status.tsx'
import { Time } from '../../../ui/time.tsx'
import { Unfold } from '../../../ui/unfold.tsx'
import { type Row, shortRevision } from '../rows/rows.ts'
import { standingLooks } from '../standing/standing-look.ts'
import styles from './attention-list.module.css'
import { reasonOf } from './attention-reason.ts'
import { useAttentionTexts } from './attention-texts.ts'
import { useCommit } from './commit-of.ts'
import { useDrift } from './drift-of.ts'
import { DriftSentence } from './drift-sentence.tsx'
import { HealDialog } from './heal-dialog.tsx'
import { IgnoreDialog } from './ignore-dialog.tsx'
import { ignoreRule } from './ignored-field.ts'
import { useSeen } from './use-seen.ts'

interface AttentionRowProps {
  row: Row
  maySync: boolean
  mayRollBack: boolean
  mayUpdate: boolean
}

export const AttentionRow = memo(function AttentionRow({ row, maySync, mayRollBack, mayUpdate }: AttentionRowProps) {
  const t = useAttentionTexts()
  const item = useRef<HTMLLIElement>(null)
  const isSeen = useSeen(item)
  const [asked, setAsked] = useState<'heal' | 'ignore'>()
  const { name, namespace = '' } = row.metadata
  const { standing, text, message, since, revision } = reasonOf(row)
  const isDrift = standing === 'drifted' || (standing === 'missing' && !text)
  // What somebody has changed is a likelier cause than what was deployed.
  const isDriftToo = standing === 'degraded' && row.status?.sync?.status === 'OutOfSync'
  const drift = useDrift(row, isSeen && (isDrift || isDriftToo))
  const told = (standing === 'degraded' && !isDriftToo) || standing === 'failed' ? revision : undefined
  const commit = useCommit(row, told, isSeen)
  const { status, tone } = standingLooks[standing]
  const address = (search?: Record<string, string>) => paths.application(namespace, name, search)
  return (
    <li ref={item} className={styles.row}>
      <StatusMark status={status} size={16} />
      <div className={styles.told}>
        <p className={styles.sentence}>
          <Link className={styles.name} href={address()}>
            {name}
          </Link>
          <span className={classes(styles.word, styles[tone])}>{t.word[standing]}</span>
          {isDrift ? (
            <DriftSentence row={row} drift={drift.data} failure={drift.error} />
          ) : (
            <span className={styles.reason}>{text ?? (standing === 'missing' ? t.nothingThere : t.notKnown)}</span>
          )}
          {!isDrift && since && (
            <span className={styles.aside}>
              <Time at={since} />
            </span>
          )}
          {isDriftToo && (
            <>
              <span className={classes(styles.word, styles.drift)}>{t.word.drifted}</span>
              <DriftSentence row={row} drift={drift.data} failure={drift.error} />
            </>
          )}
          {told && (
            <span className={styles.aside}>
              {t.after} <code>{shortRevision(told)}</code>
              {commit && ` ${t.byAuthor(authorName(commit.author), titleOf(commit.message))}`}
            </span>
          )}
        </p>
        {!isDrift && message && <Unfold text={message} />}
      </div>
      <div className={styles.actions}>
        {(isDrift || isDriftToo || standing === 'missing') && maySync && (
          <Button kind="quiet" onClick={() => setAsked('heal')}>
            {standing === 'missing' ? t.sync : t.heal}
          </Button>
        )}
        {drift.data?.resource && mayUpdate && ignoreRule(drift.data.resource) && (
          <Button kind="quiet" onClick={() => setAsked('ignore')}>
            {t.ignore}
          </Button>
        )}
        {told !== undefined && mayRollBack && (
          <Link className={styles.action} href={address({ rollback: 'true' })}>
            {t.rollBack}
          </Link>
        )}
        <Link className={styles.action} href={address(whereToLook[standing])} aria-label={`${t.open} ${name}`}>
          {t.open}
        </Link>
      </div>
      {asked === 'ignore' && drift.data?.resource && (
        <IgnoreDialog row={row} resource={drift.data.resource} onClose={() => setAsked(undefined)} />
      )}
      {asked === 'heal' && (
        <HealDialog row={row} drift={drift.data} isHeal={standing !== 'missing'} onClose={() => setAsked(undefined)} />
      )}
    </li>
  )
})

/** What of its page says more about it. */
const whereToLook: Partial<Record<Standing, Record<string, string>>> = {
  failed: { operation: 'true' },
  error: { conditions: 'true' },
  drifted: { view: 'changes' },
}

/** Git writes `Ana <ana@example.com>`. */
function authorName(author: string): string {
  return author.replace(/\s*<[^>]*>$/, '') || author
}

function titleOf(message: string): string {
  return message.split('\n')[0] ?? ''
}
