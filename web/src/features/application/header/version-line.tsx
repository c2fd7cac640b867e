/** What is newer than the versions that an application may run, and what to write to get it. */
import type { Application } from '../../../lib/api.ts'
import { texts } from '../../../lib/language.ts'
import type { ApplicationName } from '../data/application-key.ts'
import { useHeldBack } from '../data/source-versions.ts'
import styles from './version-line.module.css'

const useTexts = texts({
  en: {
    newer: 'There is a newer version:',
    of: (what: string) => `of ${what}`,
    allows: (target: string, allowed: string) => `${target} allows ${allowed}`,
    allowsNone: (target: string) => `${target} allows none`,
    write: 'targetRevision for it:',
  },
  fr: {
    newer: 'Il existe une version plus récente :',
    of: (what: string) => `de ${what}`,
    allows: (target: string, allowed: string) => `${target} permet ${allowed}`,
    allowsNone: (target: string) => `${target} n’en permet aucune`,
    write: 'targetRevision pour l’obtenir :',
  },
})

export function VersionLine({ named, application }: { named: ApplicationName; application: Application }) {
  const t = useTexts()
  const heldBack = useHeldBack(named, application)
  return heldBack.map(({ repoURL, chart, targetRevision, allowed, newest, proposal }) => (
    <p className={styles.line} key={`${repoURL} ${chart} ${targetRevision}`} title={repoURL}>
      {t.newer} <strong>{newest}</strong> {t.of(chart ?? lastPart(repoURL))} (
      {allowed === undefined ? t.allowsNone(targetRevision) : t.allows(targetRevision, allowed)}). {t.write}{' '}
      <code className={styles.code}>{proposal}</code>
    </p>
  ))
}

function lastPart(repoURL: string): string {
  return (
    repoURL
      .replace(/\/+$/, '')
      .replace(/\.git$/, '')
      .split(/[/:]/)
      .at(-1) ?? repoURL
  )
}
