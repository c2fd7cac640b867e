/** A small square for each application: the shape of trouble in a fleet is seen at once. */
import { memo, useCallback, useState } from 'react'
import { Link } from 'wouter'
import { paths } from '../../../lib/paths.ts'
import { standingOf } from '../../../lib/standing.ts'
import { classes } from '../../../ui/classes.ts'
import { StatusMark } from '../../../ui/status.tsx'
import { useAttentionTexts } from '../attention/attention-texts.ts'
import { clusterOf, keyOf, type Row } from '../rows/rows.ts'
import { standingLooks } from '../standing/standing-look.ts'
import styles from './application-grid.module.css'
import { CellList, type CellListProps } from './cell-list.tsx'

const pitch = 24

export function ApplicationGrid(props: CellListProps) {
  const [pointed, setPointed] = useState<Row>()
  const cell = useCallback((row: Row) => <Square row={row} onPoint={setPointed} />, [])
  return (
    <>
      <Pointed row={pointed} />
      <CellList {...props} width={pitch} height={pitch} stretch={false} cell={cell} />
    </>
  )
}

const Square = memo(function Square({ row, onPoint }: { row: Row; onPoint(row: Row): void }) {
  const words = useAttentionTexts().word
  const { name, namespace = '' } = row.metadata
  const standing = standingOf(row)
  const { status, tone } = standingLooks[standing]
  return (
    <Link
      className={classes(styles.square, styles[tone])}
      href={paths.application(namespace, name)}
      aria-label={`${name}: ${words[standing]}`}
      onMouseEnter={() => onPoint(row)}
      onFocus={() => onPoint(row)}
    >
      {standing !== 'declared' && <StatusMark status={status} size={12} />}
    </Link>
  )
})

/** What the square that is pointed at is: its room is kept, so that nothing jumps. */
function Pointed({ row }: { row: Row | undefined }) {
  const words = useAttentionTexts().word
  if (!row) return <div className={styles.pointed} />
  const standing = standingOf(row)
  return (
    <div className={styles.pointed} key={keyOf(row)}>
      <StatusMark status={standingLooks[standing].status} />
      <strong>{row.metadata.name}</strong>
      <span>{words[standing]}</span>
      <span className={styles.where}>
        {[row.spec.project, clusterOf(row), row.spec.destination?.namespace].filter(Boolean).join(' · ')}
      </span>
    </div>
  )
}
