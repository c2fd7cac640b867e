/** What runs beside what there is, a row each, with what is to be known of it below its state. */
import { CircleArrowUp, Clock, EyeOff, GitBranch } from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from '../../../ui/classes.ts'
import { StatusMark } from '../../../ui/status.tsx'
import { type Standing, shortVersion } from './standings.ts'
import { useVersionTexts } from './version-texts.ts'
import styles from './versions.module.css'

export interface VersionLine {
  key: string
  name: ReactNode
  runs: string[]
  newest: string | undefined
  rule: ReactNode
  standing: Standing
  /** In the place of the usual word. */
  word?: string
  /** One paragraph each. */
  remarks: ReactNode
}

export interface VersionTableProps {
  label: string
  /** What the rows are, and what decides about them. */
  titles: { name: string; rule: string }
  lines: VersionLine[]
}

export function VersionTable({ label, titles, lines }: VersionTableProps) {
  const t = useVersionTexts()
  return (
    <table className={styles.table} aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{titles.name}</th>
          <th scope="col">{t.runs}</th>
          <th scope="col">{titles.rule}</th>
          <th scope="col">{t.newest}</th>
          <th scope="col">{t.standing}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ key, name, runs, newest, rule, standing, word, remarks }) => (
          <tr key={key}>
            <th scope="row" className={styles.name}>
              {name}
            </th>
            <td data-label={t.runs}>
              {runs.map((version) => (
                <div key={version}>
                  <Version of={version} />
                </div>
              ))}
            </td>
            <td data-label={titles.rule}>{rule}</td>
            <td data-label={t.newest}>
              {newest && <Version of={newest} isNews={standing === 'newer' || standing === 'written'} />}
            </td>
            <td className={styles.standing}>
              <StandingWord standing={standing} word={word} />
              {remarks && <div className={styles.remarks}>{remarks}</div>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

export function Version({ of, isNews = false }: { of: string; isNews?: boolean }) {
  return (
    <code className={isNews ? styles.news : undefined} title={of}>
      {shortVersion(of)}
    </code>
  )
}

const looks: Partial<Record<Standing, string>> = {
  newest: 'Synced',
  allowed: 'Synced',
  'not running': 'Missing',
  'nothing fits': 'OutOfSync',
  failed: 'Failed',
  unknown: 'Unknown',
}

const icons: Partial<Record<Standing, typeof EyeOff>> = {
  newer: CircleArrowUp,
  written: Clock,
  unwatched: EyeOff,
  followed: GitBranch,
}

/** Told apart by shape as well as by colour. */
function StandingWord({ standing, word }: { standing: Standing; word: string | undefined }) {
  const t = useVersionTexts()
  const Icon = icons[standing]
  return (
    <span className={classes(styles.word, styles[`is-${standing.replace(' ', '-')}`])}>
      {Icon ? <Icon size={14} aria-hidden /> : <StatusMark status={looks[standing]} />}
      {word ?? t.standings[standing]}
    </span>
  )
}
