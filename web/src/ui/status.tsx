/** The state of a thing as colour, shape and word: each of them alone is enough to read it. */
import type { ReactNode } from 'react'
import { texts } from '../lib/language.ts'
import { classes } from './classes.ts'
import styles from './status.module.css'

export const healthWords = ['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded', 'Unknown'] as const
export const syncWords = ['Synced', 'OutOfSync', 'Unknown'] as const
export const phaseWords = ['Running', 'Terminating', 'Failed', 'Error', 'Succeeded'] as const
export type StatusWord = (typeof healthWords)[number] | (typeof syncWords)[number] | (typeof phaseWords)[number]

type Tone = 'good' | 'busy' | 'bad' | 'drift' | 'paused' | 'quiet'
type Shape = 'disc' | 'arc' | 'triangle' | 'pause' | 'dashed' | 'question' | 'check' | 'split' | 'cross'

const looks: Record<StatusWord, { tone: Tone; shape: Shape }> = {
  Healthy: { tone: 'good', shape: 'disc' },
  Progressing: { tone: 'busy', shape: 'arc' },
  Degraded: { tone: 'bad', shape: 'triangle' },
  Suspended: { tone: 'paused', shape: 'pause' },
  Missing: { tone: 'quiet', shape: 'dashed' },
  Unknown: { tone: 'quiet', shape: 'question' },
  Synced: { tone: 'good', shape: 'check' },
  OutOfSync: { tone: 'drift', shape: 'split' },
  Running: { tone: 'busy', shape: 'arc' },
  Terminating: { tone: 'paused', shape: 'arc' },
  Failed: { tone: 'bad', shape: 'cross' },
  Error: { tone: 'bad', shape: 'cross' },
  Succeeded: { tone: 'good', shape: 'check' },
}

export const useStatusWords = texts<Record<StatusWord, string>>({
  en: {
    Healthy: 'Healthy',
    Progressing: 'Progressing',
    Degraded: 'Degraded',
    Suspended: 'Suspended',
    Missing: 'Missing',
    Unknown: 'Unknown',
    Synced: 'As declared',
    OutOfSync: 'Drifted',
    Running: 'Running',
    Terminating: 'Terminating',
    Failed: 'Failed',
    Error: 'Error',
    Succeeded: 'Succeeded',
  },
  fr: {
    Healthy: 'En bonne santé',
    Progressing: 'En progression',
    Degraded: 'Dégradé',
    Suspended: 'Suspendu',
    Missing: 'Absent',
    Unknown: 'Inconnu',
    Synced: 'Conforme',
    OutOfSync: 'En écart',
    Running: 'En cours',
    Terminating: 'En interruption',
    Failed: 'Échoué',
    Error: 'Erreur',
    Succeeded: 'Réussi',
  },
})

export function isStatusWord(word: string | undefined): word is StatusWord {
  return word !== undefined && Object.hasOwn(looks, word)
}

function lookOf(word: string | undefined) {
  return looks[isStatusWord(word) ? word : 'Unknown']
}

export function toneOf(word: string | undefined): Tone {
  return lookOf(word).tone
}

/** The shape alone; `title` where no word stands beside it. */
export function StatusMark({
  status,
  size = 14,
  title,
}: {
  status: string | undefined
  size?: number
  title?: string
}) {
  const { tone, shape } = lookOf(status)
  return (
    <svg
      className={classes(styles.mark, styles[tone], shape === 'arc' && styles.turning)}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      role={title ? 'img' : undefined}
      aria-hidden={title ? undefined : true}
      aria-label={title}
    >
      {title && <title>{title}</title>}
      {drawings[shape]}
    </svg>
  )
}

/** Shape and word. `word` in the place of the usual one. */
export function Status({ status, word }: { status: string | undefined; word?: ReactNode }) {
  const words = useStatusWords()
  return (
    <span className={classes(styles.status, styles[toneOf(status)])} title={status}>
      <StatusMark status={status} />
      <span>{word ?? words[isStatusWord(status) ? status : 'Unknown']}</span>
    </span>
  )
}

const line = {
  fill: 'none',
  stroke: 'currentColor',
  strokeWidth: 2,
  strokeLinecap: 'round',
  strokeLinejoin: 'round',
} as const

const drawings: Record<Shape, ReactNode> = {
  disc: <circle cx="8" cy="8" r="5.5" fill="currentColor" />,
  arc: <path d="M13.5 8a5.5 5.5 0 1 1-3.4-5.1" {...line} />,
  triangle: (
    <path d="M8 1.8 15 14H1Z" fill="currentColor" stroke="currentColor" strokeWidth="1.4" strokeLinejoin="round" />
  ),
  pause: <path d="M5 3v10M11 3v10" {...line} strokeWidth={3} />,
  dashed: <circle cx="8" cy="8" r="5.8" {...line} strokeDasharray="2.4 3.67" />,
  question: <path d="M5.2 5.6a2.8 2.8 0 1 1 4.3 2.3c-.9.6-1.5 1-1.5 2.1M8 13.2v.1" {...line} />,
  check: <path d="m2.8 8.6 3.4 3.6 7-8" {...line} strokeWidth={2.2} />,
  split: (
    <>
      <circle cx="8" cy="8" r="5.8" {...line} strokeWidth={1.8} />
      <path d="M8 2.2a5.8 5.8 0 0 1 0 11.6Z" fill="currentColor" />
    </>
  ),
  cross: <path d="m3.5 3.5 9 9m0-9-9 9" {...line} strokeWidth={2.4} />,
}
