/** What is being done to the application, or was done last: one line, and the button that ends it. */
import { useState } from 'react'
import type { Application } from '../../../lib/api.ts'
import { duration, useNow } from '../../../lib/time.ts'
import { Button } from '../../../ui/button.tsx'
import { StatusMark } from '../../../ui/status.tsx'
import { Time } from '../../../ui/time.tsx'
import { useTell } from '../../../ui/toasts.tsx'
import { terminate } from '../data/commands.ts'
import { isUnderWay, type OperationState, shortRevision } from '../data/facts.ts'
import { useTexts } from '../texts.ts'
import styles from './operation-line.module.css'

export interface OperationLineProps {
  application: Application
  maySync: boolean
  onDetails(): void
}

export function OperationLine({ application, maySync, onDetails }: OperationLineProps) {
  const t = useTexts()
  const now = useNow()
  const state = application.status?.operationState
  const isRunning = isUnderWay(application)
  const isWaiting = application.operation !== undefined && state?.phase !== 'Running' && state?.phase !== 'Terminating'
  const shown = isWaiting ? { ...notBegun, operation: application.operation ?? {} } : state
  if (!shown) return null
  const { phase, message, startedAt, finishedAt, retryCount = 0, syncResult, operation } = shown
  const revision = syncResult?.revision ?? operation.sync?.revision
  const failed = phase === 'Failed' || phase === 'Error'
  const took = startedAt && finishedAt ? Date.parse(finishedAt) - Date.parse(startedAt) : undefined
  const who = operation.initiatedBy?.automated ? t.automatically : operation.initiatedBy?.username
  return (
    <div className={styles.line} role="status">
      <StatusMark status={phase} />
      <span className={styles.what}>
        {isWaiting ? t.starting : t.operation[phase]}
        {revision && (
          <>
            {` ${t.to} `}
            <code title={revision}>{shortRevision(revision)}</code>
          </>
        )}
        {who && <span className={styles.quiet}> {operation.initiatedBy?.automated ? who : t.by(who)}</span>}
        <span className={styles.quiet}>
          {', '}
          {isRunning && startedAt ? duration(now - Date.parse(startedAt)) : <Time at={finishedAt ?? startedAt} />}
          {took !== undefined && `, ${t.took(duration(took))}`}
          {retryCount > 0 && `, ${t.retries(retryCount)}`}
        </span>
        {message && (isRunning || failed) && <span className={styles.message}>{message}</span>}
      </span>
      {state && (
        <button type="button" className={styles.details} onClick={onDetails}>
          {t.details}
        </button>
      )}
      {isRunning && maySync && <Terminate application={application} isEnding={phase === 'Terminating'} />}
    </div>
  )
}

const notBegun: OperationState = { phase: 'Running', startedAt: '', operation: {} }

function Terminate({ application, isEnding }: { application: Application; isEnding: boolean }) {
  const t = useTexts()
  const tell = useTell()
  const [isBusy, setBusy] = useState(false)
  async function end() {
    setBusy(true)
    try {
      await terminate(application)
      tell.done(t.terminated)
    } catch (error) {
      tell.failed(t.terminateFailed, error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button busy={isBusy} disabled={isEnding} onClick={() => void end()}>
      {t.terminate}
    </Button>
  )
}
