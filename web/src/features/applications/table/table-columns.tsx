/** The columns of the table: how wide, what is in them, and how the server sorts by them. */
import type { ReactNode } from 'react'
import { classes } from '../../../ui/classes.ts'
import { isStatusWord, StatusMark, toneOf, type useStatusWords } from '../../../ui/status.tsx'
import { Time } from '../../../ui/time.tsx'
import {
  clusterOf,
  isAutomated,
  lastSyncOf,
  type Row,
  repositoryName,
  revisionOf,
  shortRevision,
  sourcesOf,
} from '../rows/rows.ts'
import type { PageTexts } from '../texts.ts'
import styles from './application-table.module.css'
import type { ColumnId } from './shown-columns.ts'

export interface ListColumn {
  /** A track of the grid. */
  width: string
  /** Absent where the server does not sort by it. */
  sort?: string
  cell(row: Row, t: PageTexts, words: StatusWords): ReactNode
}

export type StatusWords = ReturnType<typeof useStatusWords>

/** The name is drawn by the row itself, which makes it a link. */
export const listColumns: Record<Exclude<ColumnId, 'name'>, ListColumn> = {
  health: {
    width: 'minmax(112px, 132px)',
    sort: 'health',
    cell: ({ status }, _t, words) => calmStatus(status?.health?.status, words),
  },
  sync: {
    width: 'minmax(112px, 132px)',
    sort: 'sync',
    cell: ({ status, operation }, _t, words) => {
      const phase = status?.operationState?.phase
      const isRunning = operation !== undefined || phase === 'Running' || phase === 'Terminating'
      const hasFailed = phase === 'Failed' || phase === 'Error'
      return (
        <span className={styles.sync}>
          {calmStatus(status?.sync?.status, words)}
          {isRunning && <StatusMark status="Running" title="Running" />}
          {!isRunning && hasFailed && <StatusMark status="Failed" title={phase} size={12} />}
        </span>
      )
    },
  },
  project: { width: 'minmax(80px, 1fr)', sort: 'project', cell: ({ spec }) => spec.project },
  cluster: { width: 'minmax(80px, 1fr)', sort: 'cluster', cell: clusterOf },
  namespace: { width: 'minmax(80px, 1fr)', sort: 'namespace', cell: ({ spec }) => spec.destination?.namespace ?? '' },
  repo: {
    width: 'minmax(120px, 1.6fr)',
    sort: 'repo',
    cell: (row) => {
      const [source, ...others] = sourcesOf(row)
      if (!source) return ''
      const place = source.chart ?? source.path ?? ''
      return (
        <span title={`${source.repoURL} ${place}`}>
          {repositoryName(source.repoURL)}
          <span className={styles.quiet}>
            {place && place !== '.' && ` / ${place}`}
            {others.length > 0 && ` +${others.length}`}
          </span>
        </span>
      )
    },
  },
  targetRevision: {
    width: 'minmax(64px, 0.6fr)',
    cell: (row) => <span className={styles.mono}>{sourcesOf(row)[0]?.targetRevision ?? 'HEAD'}</span>,
  },
  revision: {
    width: '84px',
    cell: (row) => {
      const revision = revisionOf(row)
      return revision ? (
        <span className={styles.mono} title={revision}>
          {shortRevision(revision)}
        </span>
      ) : (
        ''
      )
    },
  },
  lastSync: { width: '92px', sort: 'lastSync', cell: (row) => <Time at={lastSyncOf(row)} /> },
  createdAt: {
    width: '92px',
    sort: 'createdAt',
    cell: ({ metadata }) => <Time at={metadata.creationTimestamp ?? undefined} />,
  },
  autoSync: { width: '80px', cell: (row, t) => (isAutomated(row) ? t.on : t.off) },
  labels: {
    width: 'minmax(120px, 1.4fr)',
    cell: ({ metadata }) => {
      const text = Object.entries(metadata.labels ?? {})
        .map(([name, value]) => `${name}=${value}`)
        .join(', ')
      return <span title={text}>{text}</span>
    },
  },
}

export const nameColumn = { width: 'minmax(180px, 2fr)', sort: 'name' }

/** What is as it should be does not ask for attention: of it, only the shape has a colour. */
function calmStatus(status: string | undefined, words: StatusWords): ReactNode {
  return (
    <span className={classes(styles.status, styles[toneOf(status)])} title={status}>
      <StatusMark status={status} />
      <span className={styles.word}>{words[isStatusWord(status) ? status : 'Unknown']}</span>
    </span>
  )
}
