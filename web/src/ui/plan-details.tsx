/** Why a step of a plan is taken: the fields that differ, what Git and the cluster have, and who made it so. */
import { Fragment } from 'react'
import type { FieldDrift, PlannedStep } from '../lib/api.ts'
import { effectOf } from '../lib/sync-plan.ts'
import styles from './plan.module.css'
import { usePlanTexts } from './plan-texts.ts'
import { Time } from './time.tsx'

export function PlanDetails({ step }: { step: PlannedStep }) {
  const t = usePlanTexts()
  return (
    <div className={styles.details}>
      <Explanation step={step} />
      {step.drift.length > 0 && <Fields drift={step.drift} />}
      {step.deletePolicies && (
        <p>
          {t.hookRuns} {t.deleted} {step.deletePolicies.map((policy) => t.policies[policy] ?? policy).join(', ')}.
        </p>
      )}
    </div>
  )
}

function Explanation({ step }: { step: PlannedStep }) {
  const t = usePlanTexts()
  const effect = effectOf(step)
  if (step.check !== 'refused' && step.message) return <p>{step.message}</p>
  if (step.kept) return <p>{step.kept}</p>
  if (effect === 'prune') return <p>{t.pruned}</p>
  if (effect === 'create') return <p>{t.notThere}</p>
  if (effect === 'unchanged') return <p>{t.effects.unchanged}</p>
  if (effect !== 'change' || step.drift.length > 0) return null
  return <p>{step.kind === 'Namespace' ? t.namespaceFields : t.noFields}</p>
}

function Fields({ drift }: { drift: FieldDrift[] }) {
  const t = usePlanTexts()
  return (
    <table className={styles.fields}>
      <thead>
        <tr>
          <th scope="col">{t.path}</th>
          <th scope="col">{t.inGit}</th>
          <th scope="col">{t.inCluster}</th>
          <th scope="col">{t.by}</th>
        </tr>
      </thead>
      <tbody>
        {drift.map(({ path, desired, live, author }) => (
          <tr key={path}>
            <th scope="row" className={styles.path}>
              <Path path={path} />
            </th>
            <td data-label={t.inGit}>
              <Value value={desired} />
            </td>
            <td data-label={t.inCluster}>
              <Value value={live} />
            </td>
            <td data-label={t.by}>
              {author && (
                <span>
                  {author.manager} <span className={styles.when}>{author.time && <Time at={author.time} />}</span>
                </span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Broken where its parts meet, if it has to be. */
function Path({ path }: { path: string }) {
  const parts = path.split(/(?=[.[])/)
  return parts.map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one path do not move
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ))
}

/** Longer ones are cut; their whole is read by who looks closer. */
const longest = 160

function Value({ value }: { value: unknown }) {
  const t = usePlanTexts()
  if (value === undefined) return <span className={styles.absent}>{t.absent}</span>
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const isLong = text.length > longest
  return (
    <code className={styles.value} {...(isLong && { title: text })}>
      {isLong ? `${text.slice(0, longest)}…` : text || '""'}
    </code>
  )
}
