/** Rolling back: what it would do and what follows from it, then its progress. */
import { useState } from 'react'
import { type Application, failureText, type PlannedStep } from '../../lib/api.ts'
import { usePlan } from '../../lib/ask-plan.ts'
import { useLanguage } from '../../lib/language.ts'
import { changesNothing, effectOf, tallyOf } from '../../lib/sync-plan.ts'
import { planButton, planSentence } from '../../lib/sync-words.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Checkbox } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { OperationProgress } from '../../ui/operation-progress.tsx'
import { PlanList } from '../../ui/plan-list.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { rollBack } from './commands.ts'
import { type Deployment, shortRevisions } from './deployments.ts'
import styles from './history.module.css'
import { useTexts } from './texts.ts'

export interface RollBackPanelProps {
  application: Application
  deployment: Deployment
  mayPrune: boolean
  onBegun(answer: Application): void
  onClose(): void
}

export function RollBackPanel({ application, deployment, mayPrune, onBegun, onClose }: RollBackPanelProps) {
  const t = useTexts()
  const language = useLanguage()
  const [begun, setBegun] = useState<PlannedStep[]>()
  const [prunes, setPrunes] = useState(false)
  const [hooks, setHooks] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>()
  const { id } = deployment.entry
  const prune = prunes && mayPrune
  const asked = usePlan(application, { id, ...(prune && { prune }), ...(hooks && { hooks }) }, begun === undefined)
  const { plan } = asked
  const steps = plan?.steps ?? []
  const tally = tallyOf(steps)
  const title = `${t.rollBackTo(id)} (${shortRevisions(deployment)})`
  if (begun) return <OperationProgress title={title} application={application} begun={begun} onClose={onClose} />

  async function begin(): Promise<void> {
    setBusy(true)
    setFailure(undefined)
    try {
      onBegun(await rollBack(application, { id, prune, hooks }))
      setBegun(steps)
    } catch (error) {
      setFailure(error)
      setBusy(false)
    }
  }

  const pruned = steps.filter((step) => effectOf(step) === 'prune').map(({ kind, name }) => `${kind} ${name}`)
  const what = changesNothing(tally) ? t.nothing : lowered(planButton(language, tally))
  const { automated } = application.spec.syncPolicy ?? {}
  return (
    <Dialog
      shape="panel"
      title={title}
      description={plan ? planSentence(language, tally) : t.planning}
      onClose={onClose}
      footer={
        <>
          <div className={styles.beforeButtons}>
            {pruned.length > 0 && (
              <Notice tone="drift">{t.pruned(new Intl.ListFormat(language).format(pruned))}</Notice>
            )}
            {failure !== undefined && <Notice tone="bad">{failureText(failure)}</Notice>}
          </div>
          <Button onClick={onClose}>{t.close}</Button>
          <Button
            kind={pruned.length > 0 ? 'danger' : 'primary'}
            busy={isBusy}
            disabled={!plan || asked.isStale || plan.blocked !== undefined || tally.refused > 0}
            onClick={() => void begin()}
          >
            {plan ? t.rollBackAnd(what) : t.rollBack}
          </Button>
        </>
      }
    >
      <Notice>
        {t.brings(shortRevisions(deployment))} {automated && automated.enabled !== false ? t.staysAutomated : t.stays}
      </Notice>
      {plan?.blocked !== undefined && (
        <Notice tone="drift" title={t.blocked}>
          {plan.blocked}
        </Notice>
      )}
      {tally.refused > 0 && <Notice tone="bad">{t.refused}</Notice>}
      <div className={styles.choices}>
        <Checkbox label={t.hooks} hint={t.hooksHint} checked={hooks} onChange={() => setHooks(!hooks)} />
        {mayPrune && (
          <Checkbox label={t.prune} hint={t.pruneHint} checked={prunes} onChange={() => setPrunes(!prunes)} />
        )}
      </div>
      {asked.error ? (
        <Notice tone="bad" title={t.noPlan} actions={<Button onClick={asked.ask}>{t.again}</Button>}>
          {failureText(asked.error)}
        </Notice>
      ) : plan ? (
        <PlanList steps={steps} namespace={application.spec.destination?.namespace ?? ''} isAsking={!asked.isChecked} />
      ) : (
        <Skeleton rows={5} height={20} />
      )}
    </Dialog>
  )
}

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
