/** The sources of an application: which version of a chart or tag runs, what its targetRevision allows and holds back. */
import { shortRevision } from '../data/facts.ts'
import type { SourceVersions } from '../data/source-versions.ts'
import { Failure, Held } from './remarks.tsx'
import { isBehind, type Standing, sourceStanding } from './standings.ts'
import { VersionTable } from './version-table.tsx'
import { useVersionTexts } from './version-texts.ts'
import styles from './versions.module.css'

export interface SourceTableProps {
  versions: SourceVersions[]
  /** Of each its revision at the last deployment, where that is not what is wanted now. */
  deployed: string[]
}

export function SourceTable({ versions, deployed }: SourceTableProps) {
  const t = useVersionTexts()
  return (
    <VersionTable
      label={t.sources}
      titles={{ name: t.source, rule: t.target }}
      lines={versions.map((source, index) => {
        const { repoURL, chart, revision, running, allowed, targetRevision } = source
        const standing = sourceStanding(source, deployed[index])
        const runs = isBehind(revision, deployed[index]) ? deployed[index] : (running ?? revision)
        return {
          key: `${index} ${repoURL} ${chart}`,
          name: <SourceName repoURL={repoURL} chart={chart} />,
          runs: runs ? [shortRevision(runs)] : [],
          newest: source.kind === 'name' ? undefined : allowed,
          rule: (
            <>
              {targetRevision ? <code>{targetRevision}</code> : t.newestOf}
              {t.kinds[source.kind] && <span className={styles.beside}>{t.kinds[source.kind]}</span>}
            </>
          ),
          standing,
          ...(standing === 'followed' && { word: t.follows(targetRevision) }),
          ...(standing === 'written' && { word: t.notDeployed }),
          remarks: <Remarks source={source} standing={standing} />,
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

function Remarks({ source, standing }: { source: SourceVersions; standing: Standing }) {
  const t = useVersionTexts()
  const { message, heldBack, proposal } = source
  const [version, ...others] = heldBack
  return (
    <>
      {message !== undefined && <Failure message={message} step={t.sourceFailed} />}
      {(standing === 'newer' || standing === 'written') && <p>{t.hints.written}</p>}
      {version !== undefined && <Held held={{ version, by: 'range', others }} proposal={proposal} />}
    </>
  )
}
