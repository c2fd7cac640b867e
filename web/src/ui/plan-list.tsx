/** A plan, or the progress of what it planned: the steps of each phase and wave, in their order. */
import { useState } from 'react'
import type { PlannedStep } from '../lib/api.ts'
import { type Progress, type StepProgress, stepKey, type WaveOfSteps, wavesOf } from '../lib/sync-plan.ts'
import { Button } from './button.tsx'
import { classes } from './classes.ts'
import styles from './plan.module.css'
import { type LineContext, PlanLine } from './plan-line.tsx'
import { usePlanTexts } from './plan-texts.ts'
import { StatusMark } from './status.tsx'

export interface PlanListProps extends LineContext {
  steps: PlannedStep[]
  /** With it, the list tells how far each step has come. */
  progress?: Map<string, StepProgress> | undefined
}

/** More lines than this are shown when somebody asks for them. */
const shownAtFirst = 200

export function PlanList({ steps, progress, ...context }: PlanListProps) {
  const t = usePlanTexts()
  return (
    <section className={styles.plan} aria-label={t.plan}>
      {wavesOf(steps).map((wave) => (
        <Wave key={`${wave.phase}/${wave.wave}`} wave={wave} progress={progress} context={context} />
      ))}
    </section>
  )
}

function Wave({
  wave,
  progress,
  context,
}: {
  wave: WaveOfSteps
  progress: Map<string, StepProgress> | undefined
  context: LineContext
}) {
  const t = usePlanTexts()
  const state = progress && stateOf(wave, progress)
  return (
    <section className={classes(styles.wave, state === 'running' && styles.current)}>
      <h3 className={styles.heading}>
        <span>{t.phases[wave.phase]}</span>
        {wave.isOneOfSeveral && <span className={styles.number}>{t.wave(wave.wave)}</span>}
        {state && state !== 'waiting' && <StatusMark size={12} status={markOf[state]} title={t.progress[state]} />}
      </h3>
      <Lines steps={wave.steps} progress={progress} context={context} />
      <Idle steps={wave.idle.filter(({ verb }) => verb === 'prune')} progress={progress} context={context} />
      <Idle steps={wave.idle.filter(({ verb }) => verb !== 'prune')} progress={progress} context={context} />
    </section>
  )
}

const markOf = {
  running: 'Running',
  unhealthy: 'Progressing',
  done: 'Succeeded',
  skipped: 'Suspended',
  failed: 'Failed',
} as const

function stateOf({ steps, idle }: WaveOfSteps, progress: Map<string, StepProgress>): Progress {
  const states = [...steps, ...idle].map((step) => progress.get(stepKey(step))?.progress ?? 'waiting')
  if (states.includes('failed')) return 'failed'
  if (states.every((state) => state === 'done' || state === 'skipped')) return 'done'
  return states.every((state) => state === 'waiting') ? 'waiting' : 'running'
}

function Lines({ steps, progress, context }: GroupProps) {
  const t = usePlanTexts()
  const [showsAll, setShowsAll] = useState(false)
  const shown = showsAll ? steps : steps.slice(0, shownAtFirst)
  if (steps.length === 0) return null
  return (
    <ul className={styles.lines}>
      {shown.map((step) => (
        <PlanLine
          key={stepKey(step)}
          step={step}
          {...context}
          progress={progress && (progress.get(stepKey(step)) ?? notYet)}
        />
      ))}
      {shown.length < steps.length && (
        <li>
          <Button kind="quiet" onClick={() => setShowsAll(true)}>
            {t.showAll(steps.length)}
          </Button>
        </li>
      )}
    </ul>
  )
}

const notYet: StepProgress = { progress: 'waiting', message: '' }

interface GroupProps {
  steps: PlannedStep[]
  progress: Map<string, StepProgress> | undefined
  context: LineContext
}

/** Of what nothing is done to, only how many there are, until somebody wants to see. */
function Idle({ steps, progress, context }: GroupProps) {
  const t = usePlanTexts()
  const [isOpen, setOpen] = useState(false)
  if (steps.length === 0) return null
  const isKept = steps[0]?.verb === 'prune'
  return (
    <details className={styles.idle} open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className={styles.summary}>{isKept ? t.kept(steps.length) : t.unchanged(steps.length)}</summary>
      {isOpen && <Lines steps={steps} progress={progress} context={context} />}
    </details>
  )
}
