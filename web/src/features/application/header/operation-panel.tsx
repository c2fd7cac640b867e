/** The last operation in full: what it was asked to do, and what came of each object. */
import type { Application } from '../../../lib/api.ts'
import { texts } from '../../../lib/language.ts'
import { duration } from '../../../lib/time.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { Status, StatusMark } from '../../../ui/status.tsx'
import { Table } from '../../../ui/table.tsx'
import { Time } from '../../../ui/time.tsx'
import { shortRevision } from '../data/facts.ts'
import { useTexts as usePageTexts } from '../texts.ts'
import styles from './operation-panel.module.css'

const useTexts = texts({
  en: {
    title: 'Last operation',
    none: 'Nothing has been done to this application yet',
    phase: 'Outcome',
    revision: 'Revision',
    by: 'Asked for by',
    started: 'Began',
    took: 'Took',
    options: 'Options',
    message: 'Message',
    results: 'Objects',
    object: 'Object',
    part: 'Phase',
    result: 'Result',
    words: 'In the words of the cluster',
  },
  fr: {
    title: 'Dernière opération',
    none: 'Rien n’a encore été fait à cette application',
    phase: 'Issue',
    revision: 'Révision',
    by: 'Demandée par',
    started: 'Début',
    took: 'Durée',
    options: 'Options',
    message: 'Message',
    results: 'Objets',
    object: 'Objet',
    part: 'Phase',
    result: 'Résultat',
    words: 'Selon le cluster',
  },
})

const outcome: Record<string, string> = {
  Synced: 'Succeeded',
  Pruned: 'Succeeded',
  SyncFailed: 'Failed',
  PruneSkipped: 'OutOfSync',
}

export function OperationPanel({ application, onClose }: { application: Application; onClose(): void }) {
  const t = useTexts()
  const page = usePageTexts()
  const state = application.status?.operationState
  if (!state) {
    return (
      <Dialog title={t.title} shape="panel" onClose={onClose}>
        <Empty title={t.none} />
      </Dialog>
    )
  }
  const { phase, message, startedAt, finishedAt, operation, syncResult } = state
  const { initiatedBy, sync } = operation
  const options = [
    sync?.dryRun && 'dry run',
    sync?.prune && 'prune',
    sync?.syncStrategy?.apply && 'apply',
    ...(sync?.syncOptions ?? []),
  ].filter(Boolean)
  return (
    <Dialog title={t.title} shape="panel" onClose={onClose}>
      <dl className={styles.facts}>
        <dt>{t.phase}</dt>
        <dd>
          <Status status={phase} />
        </dd>
        <dt>{t.revision}</dt>
        <dd>
          <code title={syncResult?.revision}>{shortRevision(syncResult?.revision ?? sync?.revision ?? '')}</code>
        </dd>
        <dt>{t.by}</dt>
        <dd>{initiatedBy?.automated ? page.automatically : initiatedBy?.username}</dd>
        <dt>{t.started}</dt>
        <dd>
          <Time at={startedAt} />
        </dd>
        {finishedAt && (
          <>
            <dt>{t.took}</dt>
            <dd>{duration(Date.parse(finishedAt) - Date.parse(startedAt))}</dd>
          </>
        )}
        {options.length > 0 && (
          <>
            <dt>{t.options}</dt>
            <dd>{options.join(', ')}</dd>
          </>
        )}
        {message && (
          <>
            <dt>{t.message}</dt>
            <dd className={styles.message}>{message}</dd>
          </>
        )}
      </dl>
      <Table
        label={t.results}
        rows={syncResult?.resources ?? []}
        keyOf={({ group, kind, namespace, name, syncPhase }) => [group, kind, namespace, name, syncPhase].join('/')}
        columns={[
          {
            id: 'object',
            label: t.object,
            cell: ({ kind, name }) => (
              <>
                {kind} <code>{name}</code>
              </>
            ),
          },
          { id: 'part', label: t.part, cell: ({ syncPhase, hookType }) => hookType ?? syncPhase },
          {
            id: 'result',
            label: t.result,
            cell: ({ status, hookPhase }) => (
              <span className={styles.result}>
                <StatusMark status={hookPhase === 'Running' ? 'Running' : (outcome[status ?? ''] ?? hookPhase)} />
                {hookPhase === 'Running' ? hookPhase : (status ?? hookPhase)}
              </span>
            ),
          },
          {
            id: 'words',
            label: t.words,
            cell: ({ message: words }) => <span className={styles.message}>{words}</span>,
          },
        ]}
      />
    </Dialog>
  )
}
