/** One deployment: its revision with who wrote it and why, when it came, and who or what brought it. */
import { EllipsisVertical, GitCompare, Undo2 } from 'lucide-react'
import type { Application } from '../../lib/api.ts'
import { shortRevision } from '../../lib/operation.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { Menu } from '../../ui/menu.tsx'
import { Time } from '../../ui/time.tsx'
import { useCommit } from './ask-commit.ts'
import type { Deployment } from './deployments.ts'
import styles from './history.module.css'
import { useTexts } from './texts.ts'

export interface DeploymentRowProps {
  application: Application
  deployment: Deployment
  /** What it changed is on show. */
  isShown: boolean
  onCompare(): void
  onCompareLive(): void
  onRevert(): void
  /** Undefined where it makes no sense or is not permitted. */
  onRollBack: (() => void) | undefined
}

export function DeploymentRow(props: DeploymentRowProps) {
  const { application, deployment, isShown, onCompare, onCompareLive, onRevert, onRollBack } = props
  const t = useTexts()
  const { entry, sources, isLast, isPinned } = deployment
  const { username, automated } = entry.initiatedBy ?? {}
  const who = automated ? t.automated : username && t.by(username)
  return (
    <li className={classes(styles.row, isShown && styles.shown)}>
      <button
        type="button"
        className={styles.open}
        aria-label={t.compare(entry.id)}
        aria-pressed={isShown}
        onClick={onCompare}
      />
      <div className={styles.number}>#{entry.id}</div>
      <div className={styles.about}>
        {sources.map((_source, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the sources of one deployment do not move
          <Revision key={index} application={application} deployment={deployment} index={index} />
        ))}
        <div className={styles.facts}>
          <Time at={entry.deployedAt} />
          {who && <span>{who}</span>}
          {isLast && <strong className={styles.last}>{t.last}</strong>}
          {isPinned && <strong className={styles.pinned}>{t.pinned}</strong>}
        </div>
      </div>
      <div className={styles.actions}>
        {onRollBack && (
          <Button icon={<Undo2 />} aria-label={t.rollBackTo(entry.id)} onClick={onRollBack}>
            {t.rollBack}
          </Button>
        )}
        <Menu
          trigger={
            <IconButton label={t.more(entry.id)}>
              <EllipsisVertical />
            </IconButton>
          }
          groups={[
            [
              { label: t.withLive, icon: <GitCompare />, run: onCompareLive },
              ...(isLast ? [] : [{ label: t.revert, icon: <Undo2 />, run: onRevert }]),
            ],
          ]}
        />
      </div>
    </li>
  )
}

/** The first line of a message is what people read. */
function Revision({
  application,
  deployment,
  index,
}: {
  application: Application
  deployment: Deployment
  index: number
}) {
  const commit = useCommit(application, deployment, index)
  const found = deployment.sources[index]
  if (!found) return null
  const { source, revision } = found
  return (
    <div className={styles.revision}>
      <code title={revision}>{shortRevision(revision)}</code>
      <span className={styles.message} title={commit?.message}>
        {commit ? commit.message.split('\n')[0] : (source.chart ?? source.path ?? '')}
      </span>
      {commit && <span className={styles.author}>{commit.author.replace(/ <.*>$/, '')}</span>}
    </div>
  )
}
