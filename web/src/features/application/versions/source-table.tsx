/** The sources of an application: which version of a chart or tag runs, what its targetRevision allows and holds back. */
import { shortRevision } from '../data/facts.ts'
import type { SourceVersions } from '../data/source-versions.ts'
import { Failure, Held } from './remarks.tsx'
import { sourceStanding } from './standings.ts'
import { VersionTable } from './version-table.tsx'
import { useVersionTexts } from './version-texts.ts'
import styles from './versions.module.css'

export function SourceTable({ versions }: { versions: SourceVersions[] }) {
  const t = useVersionTexts()
  return (
    <VersionTable
      label={t.sources}
      titles={{ name: t.source, rule: t.target }}
      lines={versions.map((source, index) => {
        const {
          repoURL,
          chart,
          revision,
          running = revision && shortRevision(revision),
          allowed,
          targetRevision,
        } = source
        return {
          key: `${index} ${repoURL} ${chart}`,
          name: <SourceName repoURL={repoURL} chart={chart} />,
          runs: running ? [running] : [],
          newest: source.kind === 'name' ? undefined : allowed,
          rule: (
            <>
              {targetRevision ? <code>{targetRevision}</code> : t.newestOf}
              {t.kinds[source.kind] && <span className={styles.beside}>{t.kinds[source.kind]}</span>}
            </>
          ),
          standing: sourceStanding(source),
          ...(source.kind === 'name' && { word: t.follows(targetRevision) }),
          remarks: <Remarks source={source} />,
        }
      })}
    />
  )
}

function SourceName({ repoURL, chart }: { repoURL: string; chart: string | undefined }) {
  return (
    <>
      <code className={styles.code}>{chart ?? repoURL.replace(/\.git$/, '').replace(/^.*[/:]/, '')}</code>
      <span className={styles.beside}>{repoURL}</span>
    </>
  )
}

function Remarks({ source }: { source: SourceVersions }) {
  const t = useVersionTexts()
  const { message, heldBack, proposal } = source
  const standing = sourceStanding(source)
  const [version, ...others] = heldBack
  return (
    <>
      {message !== undefined && <Failure message={message} step={t.sourceFailed} />}
      {standing === 'newer' && <p>{t.deployedNext}</p>}
      {version !== undefined && <Held held={{ version, by: 'range', others }} proposal={proposal} />}
    </>
  )
}
