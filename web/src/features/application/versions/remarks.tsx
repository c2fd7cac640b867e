/** What is to be known of a version beside its state: what is held back, what was written last, why nothing is known. */
import { Lock } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { paths } from '../../../lib/paths.ts'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { Time } from '../../../ui/time.tsx'
import type { ImageRow } from '../data/application-images.ts'
import { shortRevision } from '../data/facts.ts'
import { commitAddress } from '../header/commit-address.ts'
import type { HeldBack } from './standings.ts'
import { Version } from './version-table.tsx'
import { useVersionTexts } from './version-texts.ts'
import styles from './versions.module.css'

/** `proposal`: what to write to get it. */
export function Held({ held, proposal }: { held: HeldBack; proposal: string | undefined }) {
  const t = useVersionTexts()
  const { version, by, others } = held
  return (
    <p className={styles.held}>
      <Lock size={12} aria-hidden />
      <span>
        <Version of={version} /> {t.heldBy[by] ?? by}
        {others.length > 0 && <span title={others.join(', ')}> {t.more(others.length)}</span>}
        {proposal !== undefined && (
          <>
            {t.toAllow}
            <span className={styles.proposal}>
              <code>{proposal}</code>
              <CopyButton text={proposal} label={t.copyProposal(proposal)} />
            </span>
          </>
        )}
      </span>
    </p>
  )
}

export function LastUpdate({ from, to, at, commit }: NonNullable<ImageRow['updated']>) {
  const t = useVersionTexts()
  return (
    <p>
      {t.updated} <Time at={at} />{' '}
      {from !== '' && (
        <>
          {t.from} <Version of={from} />{' '}
        </>
      )}
      {t.to} <Version of={to} />{' '}
      {commit ? (
        <>
          {t.byCommit} <Commit {...commit} /> {t.on} <code>{commit.branch}</code>
        </>
      ) : (
        t.inSpec
      )}
    </p>
  )
}

function Commit({ repoURL, revision }: { repoURL: string; revision: string }) {
  const address = commitAddress({ repoURL, revision })
  const shown = <code title={`${revision} ${repoURL}`}>{shortRevision(revision)}</code>
  return address ? (
    <a href={address} target="_blank" rel="noreferrer">
      {shown}
    </a>
  ) : (
    shown
  )
}

/** The words of who was asked, and what to do about it. */
export function Failure({ message, step }: { message: string; step: string }): ReactNode {
  const t = useVersionTexts()
  return (
    <>
      <p className={styles.failure}>{message}</p>
      <p>
        {step} <Link href={paths.settingsPage('repos')}>{t.repositories}</Link>.
      </p>
    </>
  )
}
