/** The progress of an operation, line by line, and how it has ended, in a panel. */
import { useEffect, useState } from 'react'
import { type Application, api, type PlannedStep, routes } from '../lib/api.ts'
import { type Outcome, outcomeOf } from '../lib/operation-outcome.ts'
import { progressOfAll, stepKey, stepsOfResults } from '../lib/sync-plan.ts'
import { duration } from '../lib/time.ts'
import { Button } from './button.tsx'
import { Confirm } from './confirm.tsx'
import { Dialog } from './dialog.tsx'
import { Empty } from './empty.tsx'
import { Notice } from './notice.tsx'
import styles from './operation-progress.module.css'
import { useTexts } from './operation-progress-texts.ts'
import { PlanList } from './plan-list.tsx'
import { Skeleton } from './skeleton.tsx'
import { Time } from './time.tsx'

export interface OperationProgressProps {
  title: string
  application: Application
  /** The plan that is being carried out, where it is known. */
  begun?: PlannedStep[] | undefined
  mayTerminate?: boolean
  /** What can be done once it is over. */
  next?: { label: string; run(): void } | undefined
  onClose(): void
}

export function OperationProgress(props: OperationProgressProps) {
  const { title, application, begun, mayTerminate = true, next, onClose } = props
  const t = useTexts()
  const [asksToEnd, setAsksToEnd] = useState(false)
  const outcome = outcomeOf(application)
  const isOver = outcome === undefined || outcome.state === 'succeeded' || outcome.state === 'failed'
  // Until the operation is on record, the results are those of the one before.
  const results = outcome?.state === 'starting' ? [] : (application.status?.operationState?.syncResult?.resources ?? [])
  const steps = begun ?? stepsOfResults(results, application.status?.resources ?? [])
  const progress = progressOfAll(steps, results)
  const canEnd = !isOver && outcome.state !== 'terminating'
  return (
    <Dialog
      shape="panel"
      modal={false}
      title={title}
      description={outcome && <Summary outcome={outcome} />}
      onClose={onClose}
      footer={
        <>
          {!isOver && mayTerminate && (
            <Button disabled={!canEnd} onClick={() => setAsksToEnd(true)}>
              {t.terminate}
            </Button>
          )}
          {isOver && next && <Button onClick={next.run}>{next.label}</Button>}
          <Button kind={isOver ? 'primary' : 'plain'} onClick={onClose}>
            {t.close}
          </Button>
        </>
      }
    >
      <div role="status">{isOver && outcome && <End outcome={outcome} application={application} />}</div>
      {!isOver && outcome.message && <p className={styles.message}>{outcome.message}</p>}
      {!outcome && <Empty title={t.none} />}
      {steps.length > 0 ? (
        <PlanList
          steps={steps.filter((step) => step.phase !== 'SyncFail' || progress.has(stepKey(step)))}
          progress={progress}
          namespace={application.spec.destination?.namespace ?? ''}
          isAsking={false}
        />
      ) : (
        !isOver && <Skeleton rows={4} height={20} />
      )}
      {asksToEnd && canEnd && (
        <Confirm
          title={t.terminateTitle}
          action={t.terminate}
          run={() => terminate(application)}
          onClose={() => setAsksToEnd(false)}
        >
          <p>{t.terminateText}</p>
        </Confirm>
      )}
    </Dialog>
  )
}

function terminate({ metadata: { name, namespace } }: Application): Promise<unknown> {
  const query = namespace ? { appNamespace: namespace } : {}
  return api.call(routes.applications.terminateOperation, { params: { name }, query })
}

/** What is deployed, by whom, and since when. */
function Summary({ outcome }: { outcome: Outcome }) {
  const { state, revisions, by, isAutomated, startedAt, took, options } = outcome
  const t = useTexts()
  const now = useSeconds(state !== 'succeeded' && state !== 'failed')
  const who = isAutomated ? t.automated : by && t.by(by)
  const since = startedAt && took === undefined && duration(now - Date.parse(startedAt))
  const what = `${t.running[state] ?? ''} ${revisions}`.trim()
  return (
    <>
      {[what, who, since, ...options].filter(Boolean).join(' · ')}
      {startedAt && took !== undefined && (
        <>
          {' · '}
          <Time at={startedAt} />
        </>
      )}
    </>
  )
}

/** The time, every second while something goes on. */
function useSeconds(isRunning: boolean): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (!isRunning) return
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [isRunning])
  return now
}

function End({ outcome, application }: { outcome: Outcome; application: Application }) {
  const t = useTexts()
  const { state, message, took = 0, kind } = outcome
  const said = { ...outcome, took: duration(took) }
  if (state === 'succeeded') {
    const isWell = application.status?.health?.status === 'Healthy' || kind !== 'sync'
    return (
      <Notice tone="good" title={t.ended(said)}>
        {!isWell && t.healthy}
      </Notice>
    )
  }
  const next = message.includes('nothing has been written')
    ? t.nextNothing
    : outcome.wasTerminated
      ? t.nextTerminated
      : t.next
  return (
    <Notice tone="bad" title={t.failed(said)}>
      {!outcome.wasTerminated && <p>{message}</p>}
      <p>{next}</p>
    </Notice>
  )
}
