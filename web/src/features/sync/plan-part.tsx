/** The plan: what would be done, what the server says to it, the options, and the button that does it. */
import { useDeferredValue, useState } from 'react'
import { type Application, failureText, type PlannedStep } from '../../lib/api.ts'
import { type AskedPlan, usePlan } from '../../lib/ask-plan.ts'
import { useLanguage } from '../../lib/language.ts'
import { type Tally, tallyOf } from '../../lib/sync-plan.ts'
import { planButton, planSentence } from '../../lib/sync-words.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PlanList } from '../../ui/plan-list.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { beginSync } from './begin-sync.ts'
import { includedSteps, planRequest, type SyncChoices, syncRequest, usualChoices } from './choices.ts'
import { Destruction } from './destruction.tsx'
import { OptionsForm } from './options-form.tsx'
import styles from './sync-panel.module.css'
import type { SyncRight } from './sync-panel.tsx'
import { useTexts } from './texts.ts'

export interface PlanPartProps {
  title: string
  application: Application
  rights: Partial<Record<SyncRight, boolean>>
  onBegun(answer: Application, steps: PlannedStep[]): void
  onClose(): void
}

export function PlanPart({ title, application, rights, onBegun, onClose }: PlanPartProps) {
  const t = useTexts()
  const language = useLanguage()
  const [choices, setChoices] = useState<SyncChoices>(() => usualChoices(application))
  const [excluded, setExcluded] = useState<ReadonlySet<string>>()
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>()
  const mayPrune = rights.prune === true
  const asked = usePlan(application, planRequest(application, permitted(choices, rights)), rights.sync === true)
  const plan = useDeferredValue(asked.plan)
  const steps = plan?.steps ?? []
  const meant = excluded ? includedSteps(steps, excluded) : steps
  const tally = tallyOf(meant)
  const isReady = plan !== undefined && !asked.isStale && plan === asked.plan && plan.blocked === undefined

  async function begin(): Promise<void> {
    setBusy(true)
    setFailure(undefined)
    try {
      const request = syncRequest(application, permitted(choices, rights), excluded && meant)
      onBegun(await beginSync(application, request), meant)
    } catch (error) {
      setFailure(error)
      setBusy(false)
    }
  }

  const action = plan ? planButton(language, tally) : t.sync
  const destroys = tally.prune > 0 || meant.some(({ replaced, forced }) => replaced || forced)
  return (
    <Dialog
      shape="panel"
      modal={false}
      title={title}
      description={
        plan ? (
          <span className={styles.sentence}>{planSentence(language, tally)}</span>
        ) : asked.error ? undefined : (
          t.planning
        )
      }
      onClose={onClose}
      footer={
        <>
          <div className={styles.beforeButtons}>
            {!choices.dryRun && <Destruction steps={meant} />}
            {failure !== undefined && <Notice tone="bad">{failureText(failure)}</Notice>}
          </div>
          <Button onClick={onClose}>{t.close}</Button>
          <Button
            kind={destroys && !choices.dryRun ? 'danger' : 'primary'}
            busy={isBusy}
            disabled={!isReady || tally.refused > 0 || meant.length === 0}
            onClick={() => void begin()}
          >
            {choices.dryRun ? t.dryRun(action) : action}
          </Button>
        </>
      }
    >
      <Standing asked={asked} tally={tally} isPinned={'tiphys.dev/pin' in (application.metadata.annotations ?? {})} />
      {mayPrune && !choices.prune && steps.some(({ kept }) => kept?.includes('requires pruning')) && (
        <p className={styles.offer}>
          <Button onClick={() => setChoices({ ...choices, prune: true })}>{t.alsoPrune(tally.keep)}</Button>
        </p>
      )}
      <OptionsForm
        application={application}
        choices={choices}
        onChoose={setChoices}
        rights={rights}
        isSome={excluded !== undefined}
        onSome={(some) => setExcluded(some ? new Set() : undefined)}
      />
      {!plan && !asked.error && <Skeleton rows={6} height={20} />}
      {plan && (
        <div className={classes(styles.plan, (asked.isStale || plan !== asked.plan) && styles.stale)}>
          <PlanList
            steps={steps}
            namespace={application.spec.destination?.namespace ?? ''}
            isAsking={!asked.isChecked}
            choice={excluded && { excluded, toggle: (key) => setExcluded(toggled(excluded, key)) }}
          />
        </div>
      )}
    </Dialog>
  )
}

/** What the user lost the right to meanwhile, or never had, is not asked for. */
function permitted(choices: SyncChoices, rights: PlanPartProps['rights']): SyncChoices {
  const { Replace: replace, ...options } = choices.options
  return {
    ...choices,
    prune: choices.prune && rights.prune === true,
    force: choices.force && rights.force === true,
    options: { ...options, ...(replace !== undefined && rights.replace === true && { Replace: replace }) },
  }
}

function toggled(set: ReadonlySet<string>, key: string): Set<string> {
  const after = new Set(set)
  if (!after.delete(key)) after.add(key)
  return after
}

/** Whether the plan can be carried out. */
function Standing({ asked, tally, isPinned }: { asked: AskedPlan; tally: Tally; isPinned: boolean }) {
  const t = useTexts()
  const { plan, error, isChecked, ask } = asked
  if (error) {
    return (
      <Notice tone="bad" title={t.noPlan} actions={<Button onClick={ask}>{t.again}</Button>}>
        {failureText(error)}
      </Notice>
    )
  }
  if (!plan) return null
  const isOpen = plan.steps.some(({ check }) => check === 'unknown')
  return (
    <>
      {plan.blocked !== undefined && (
        <Notice tone="drift" title={t.blocked}>
          {plan.blocked}
        </Notice>
      )}
      {isPinned && <Notice>{t.pinned}</Notice>}
      {tally.refused > 0 ? (
        <Notice tone="bad">{t.refused(tally.refused)}</Notice>
      ) : (
        <p className={styles.standing} role="status">
          {!isChecked ? t.asking : isOpen ? t.open : t.asked}
        </p>
      )}
    </>
  )
}
