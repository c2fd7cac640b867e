/** One sentence about all applications, and one bar whose segments filter. */
import { Fragment } from 'react'
import { count, useLanguage } from '../../../lib/language.ts'
import { type Standing, standings } from '../../../lib/standing.ts'
import { classes } from '../../../ui/classes.ts'
import { StatusMark } from '../../../ui/status.tsx'
import { usePageTexts } from '../texts.ts'
import { standingLooks } from './standing-look.ts'
import styles from './standing-summary.module.css'

interface StandingProps {
  /** By standing, as if none were chosen. */
  counts: Record<string, number>
  chosen: readonly string[]
  onToggle(standing: Standing): void
}

function present(counts: Record<string, number>): { standing: Standing; amount: number }[] {
  return standings.map((standing) => ({ standing, amount: counts[standing] ?? 0 })).filter(({ amount }) => amount > 0)
}

/** “212 applications: 3 degraded, 2 drifted, 206 as declared.” */
export function StandingSentence({ counts, chosen, onToggle }: StandingProps) {
  const t = usePageTexts()
  const language = useLanguage()
  const parts = present(counts)
  const total = parts.reduce((sum, { amount }) => sum + amount, 0)
  const all = count(language, total, ...t.noun)
  const [only] = parts
  if (parts.length === 0) return t.title
  if (parts.length === 1 && only?.standing === 'declared' && total > 1) {
    return (
      <>
        {all}
        {colon[language]}
        {t.allDeclared}.
      </>
    )
  }
  return (
    <>
      {all}
      {colon[language]}
      {parts.map(({ standing, amount }, index) => {
        const word = t.standing[standing](amount)
        return (
          <Fragment key={standing}>
            {index > 0 && ', '}
            <button
              type="button"
              className={classes(styles.part, styles[standingLooks[standing].tone])}
              aria-pressed={chosen.includes(standing)}
              onClick={() => onToggle(standing)}
            >
              {count(language, amount, word, word)}
            </button>
          </Fragment>
        )
      })}
      .
    </>
  )
}

const colon = { en: ': ', fr: ' : ' }

export function StandingBar({ counts, chosen, onToggle }: StandingProps) {
  const t = usePageTexts()
  const language = useLanguage()
  const parts = present(counts)
  return (
    <fieldset className={styles.bar} aria-label={t.distribution}>
      {parts.map(({ standing, amount }) => {
        const word = t.standing[standing](amount)
        const label = count(language, amount, word, word)
        const { status, tone } = standingLooks[standing]
        return (
          <button
            key={standing}
            type="button"
            className={classes(
              styles.segment,
              styles[`${tone}Fill`],
              chosen.length > 0 && !chosen.includes(standing) && styles.aside,
            )}
            style={{ flexGrow: amount }}
            aria-label={label}
            title={label}
            aria-pressed={chosen.includes(standing)}
            onClick={() => onToggle(standing)}
          >
            {standing !== 'declared' && <StatusMark status={status} size={12} />}
          </button>
        )
      })}
    </fieldset>
  )
}
