/** One step of a plan: what is done to which object, what the server says, and, unfolded, field by field why. */
import { Check, ChevronRight, Equal, Minus, PencilLine, Play, Plus, Trash2 } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import type { PlannedStep } from '../lib/api.ts'
import { type Effect, effectOf, restartsPods, type StepProgress, stepKey } from '../lib/sync-plan.ts'
import { classes } from './classes.ts'
import styles from './plan.module.css'
import { PlanDetails } from './plan-details.tsx'
import { usePlanTexts } from './plan-texts.ts'
import { StatusMark } from './status.tsx'

export interface LineContext {
  /** Not said of each object that is in it. */
  namespace: string
  /** The server's verdicts are still to come. */
  isAsking: boolean
  /** With it, a box says which objects are included; by their step keys. */
  choice?: { excluded: ReadonlySet<string>; toggle(key: string): void } | undefined
}

const icons: Record<Effect, typeof Plus> = {
  create: Plus,
  change: PencilLine,
  unchanged: Equal,
  prune: Trash2,
  keep: Minus,
  run: Play,
}

export function PlanLine({
  step,
  namespace,
  isAsking,
  choice,
  progress,
}: LineContext & { step: PlannedStep; progress: StepProgress | undefined }) {
  const t = usePlanTexts()
  const details = useId()
  const [isOpen, setOpen] = useState(false)
  const effect = effectOf(step)
  const Icon = icons[effect]
  const isExcluded = choice?.excluded.has(stepKey(step)) ?? false
  const isRefused = step.check === 'refused' && !progress && !isExcluded
  const isFailed = progress?.progress === 'failed'
  const label = `${step.kind} ${step.name}`
  const word = effect === 'change' && step.replaced ? t.replace : t.effects[effect]
  return (
    <li className={classes(styles.line, (isRefused || isFailed) && styles.red, isExcluded && styles.excluded)}>
      <div className={styles.row}>
        {choice && (
          <input
            type="checkbox"
            className={styles.box}
            aria-label={t.include(label)}
            checked={!isExcluded && step.verb !== 'hook'}
            disabled={step.verb === 'hook'}
            onChange={() => choice.toggle(stepKey(step))}
          />
        )}
        <button
          type="button"
          className={styles.open}
          aria-expanded={isOpen}
          aria-controls={details}
          onClick={() => setOpen(!isOpen)}
        >
          <ChevronRight className={styles.chevron} aria-hidden="true" />
          <span className={classes(styles.effect, styles[effect])}>
            <Icon aria-hidden="true" />
            <span>{word}</span>
          </span>
          <span className={styles.name}>
            <span className={styles.kind}>{step.kind}</span> <span className={styles.object}>{shownName(step)}</span>
            {step.namespace && step.namespace !== namespace && <span className={styles.note}>{step.namespace}</span>}
          </span>
          <Remarks step={step} />
        </button>
        <span className={styles.verdict}>
          {progress ? <ProgressMark progress={progress} /> : <Verdict step={step} isAsking={isAsking} />}
        </span>
      </div>
      <Message step={step} isRefused={isRefused} progress={progress} />
      <div id={details}>{isOpen && <PlanDetails step={step} />}</div>
    </li>
  )
}

/** The second in which a sync begins, at the end of a name that is made for it, is not known before. */
function shownName({ verb, name }: PlannedStep): string {
  return verb === 'hook' ? name.replace(/-\d{9,}$/, '-…') : name
}

function Remarks({ step }: { step: PlannedStep }) {
  const t = usePlanTexts()
  const effect = effectOf(step)
  const isChanged = effect === 'change'
  return (
    <span className={styles.remarks}>
      {restartsPods(step) && <span className={styles.warning}>{t.restarts}</span>}
      {isChanged && step.drift.length > 0 && <span>{t.fields(step.drift.length)}</span>}
      {effect === 'run' && <span>{t.hook}</span>}
    </span>
  )
}

function Verdict({ step: { check }, isAsking }: { step: PlannedStep; isAsking: boolean }): ReactNode {
  const t = usePlanTexts()
  if (check === 'refused') return <StatusMark status="Failed" title={t.refused} />
  if (check === 'unknown') return <StatusMark status="Unknown" title={t.unknown} />
  // What is as it should be asks for no attention.
  if (check === 'passes') return <Check className={styles.passes} role="img" aria-label={t.passes} />
  return isAsking ? <StatusMark status="Progressing" title={t.asking} /> : null
}

function ProgressMark({ progress: { progress } }: { progress: StepProgress }) {
  const t = usePlanTexts()
  const status = {
    waiting: 'Missing',
    running: 'Running',
    unhealthy: 'Progressing',
    done: 'Succeeded',
    skipped: 'Suspended',
    failed: 'Failed',
  }[progress]
  return <StatusMark status={status} title={t.progress[progress]} />
}

/** What cannot wait until the line is unfolded. */
function Message({
  step,
  isRefused,
  progress,
}: {
  step: PlannedStep
  isRefused: boolean
  progress: StepProgress | undefined
}) {
  const t = usePlanTexts()
  const effect = effectOf(step)
  if (progress) {
    const isWorthIt = !['done', 'waiting'].includes(progress.progress) && progress.message !== ''
    return isWorthIt ? <p className={styles.message}>{progress.message}</p> : null
  }
  if (isRefused) {
    return (
      <p className={styles.message}>
        {step.message} <span className={styles.advice}>{t.correct}</span>
      </p>
    )
  }
  const remark = step.replaced ? t.replaced : step.forced ? t.forced : undefined
  return remark && effect !== 'unchanged' && effect !== 'create' ? <p className={styles.message}>{remark}</p> : null
}
