/** A card for each application, for who comes from Argo CD. */
import { memo } from 'react'
import { Link } from 'wouter'
import { paths } from '../../../lib/paths.ts'
import { standingOf } from '../../../lib/standing.ts'
import { classes } from '../../../ui/classes.ts'
import { Status } from '../../../ui/status.tsx'
import { Time } from '../../../ui/time.tsx'
import { clusterOf, lastSyncOf, type Row, repositoryName, revisionOf, shortRevision, sourcesOf } from '../rows/rows.ts'
import { standingLooks } from '../standing/standing-look.ts'
import { usePageTexts } from '../texts.ts'
import styles from './application-tiles.module.css'
import { CellList, type CellListProps } from './cell-list.tsx'

export function ApplicationTiles(props: CellListProps) {
  return <CellList {...props} width={300} height={168} stretch cell={drawTile} />
}

const drawTile = (row: Row) => <Tile row={row} />

const Tile = memo(function Tile({ row }: { row: Row }) {
  const t = usePageTexts()
  const { name, namespace = '' } = row.metadata
  const [source] = sourcesOf(row)
  const revision = revisionOf(row)
  const { tone } = standingLooks[standingOf(row)]
  const place = source?.chart ?? source?.path
  const facts: [label: string, value: string | undefined][] = [
    [t.column.project, row.spec.project],
    [t.column.cluster, [clusterOf(row), row.spec.destination?.namespace].filter(Boolean).join(' / ')],
    [t.column.repo, source && [repositoryName(source.repoURL), place].filter(Boolean).join(' / ')],
  ]
  return (
    <Link className={classes(styles.tile, styles[tone])} href={paths.application(namespace, name)}>
      <span className={styles.name}>{name}</span>
      <span className={styles.statuses}>
        <Status status={row.status?.health?.status} />
        <Status status={row.status?.sync?.status} />
      </span>
      {facts.map(([label, value]) => (
        <span key={label} className={styles.fact}>
          <span className={styles.label}>{label}</span>
          <span className={styles.value} title={value}>
            {value}
          </span>
        </span>
      ))}
      <span className={styles.fact}>
        <span className={styles.label}>{t.column.lastSync}</span>
        <span className={styles.value}>
          <Time at={lastSyncOf(row)} /> {revision && <code>{shortRevision(revision)}</code>}
        </span>
      </span>
    </Link>
  )
})
