/** The same in Git: the commands that make going back a commit, for who prefers that to a pin. */
import type { Application } from '../../lib/api.ts'
import { shortRevision } from '../../lib/operation.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { type Deployment, reversalTo, shortRevisions } from './deployments.ts'
import styles from './history.module.css'
import { useTexts } from './texts.ts'

export interface RevertHelpProps {
  application: Application
  target: Deployment
  last: Deployment | undefined
  onClose(): void
}

export function RevertHelp({ application, target, last, onClose }: RevertHelpProps) {
  const t = useTexts()
  const reversal = reversalTo(target, last)
  const { name } = application.metadata
  return (
    <Dialog title={t.revertTitle(shortRevisions(target))} description={t.revertLead} onClose={onClose}>
      {!reversal ? (
        <p>{t.noRevert}</p>
      ) : (
        <>
          <p className={styles.repository}>{reversal.repository.replace(/\/\/[^/@]*@/, '//')}</p>
          <Command words={t.revertOurs} command={`tiphys app revert ${name} ${target.entry.id} --clone .`} />
          <Command words={t.revertOne} command={`git revert --no-edit ${reversal.to}`} />
          <Command
            words={t.revertAll(shortRevision(reversal.from))}
            command={`git revert --no-edit ${reversal.from}..${reversal.to}`}
          />
        </>
      )}
    </Dialog>
  )
}

function Command({ words, command }: { words: string; command: string }) {
  const t = useTexts()
  return (
    <div className={styles.command}>
      <p>{words}</p>
      <div className={styles.line}>
        <code>{command}</code>
        <CopyButton text={command} label={`${t.copy}: ${command}`} />
      </div>
    </div>
  )
}
