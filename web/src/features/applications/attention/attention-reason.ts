/** Why an application needs attention and since when, from what is known of it without asking further. Pure. */
import type { FieldDrift } from '../../../lib/api.ts'
import { readHealthCause, shortText } from '../../../lib/health-cause.ts'
import { isErrorCondition, type Standing, standingOf } from '../../../lib/standing.ts'
import type { Row } from '../rows/rows.ts'

export interface Reason {
  standing: Standing
  /** Short, in the words of the controller or of the cluster. */
  text?: string
  /** All of those words, where there are more. */
  message?: string
  since?: string
  /** What was deployed when it came to be so. */
  revision?: string
}

export function reasonOf(row: Row): Reason {
  const standing = standingOf(row)
  const { health, operationState, conditions = [] } = row.status ?? {}
  const { syncResult } = operationState ?? {}
  const revision = syncResult?.revision || syncResult?.revisions?.[0]
  const of = (told: Told, since: string | undefined): Reason => ({
    standing,
    ...told,
    ...(since && { since }),
    ...(revision && { revision }),
  })
  if (standing === 'failed') return of(shortened(operationState?.message), operationState?.finishedAt)
  if (standing === 'error') {
    const errors = conditions.filter(({ type }) => isErrorCondition(type))
    const text = errors.map(({ type, message }) => `${type}: ${message}`).join(' · ')
    return of(shortened(text), errors[0]?.lastTransitionTime)
  }
  return of(causeOf(health?.message), health?.lastTransitionTime)
}

type Told = Pick<Reason, 'text' | 'message'>

const longestText = 140

function shortened(told = ''): Told {
  const whole = told.replace(/\s+/g, ' ').trim()
  const text = shortText(whole, longestText)
  return { ...(text && { text }), ...(text.endsWith('…') && { message: whole }) }
}

function causeOf(told = ''): Told {
  const { objects, reason, others, message } = readHealthCause(told)
  const chain = objects.map(({ kind, name }) => `${kind} ${name}`).join(' → ')
  const text = [chain, reason].filter(Boolean).join(': ')
  return {
    ...(text && { text: others > 0 ? `${text} (+ ${others})` : text }),
    ...(message && { message }),
  }
}

/** What Tiphys and Argo CD themselves have written is changed by Git, not by somebody. */
const ownManagers = ['argocd-controller', 'argocd-application-controller']

export interface FieldReason {
  path: string
  from: string
  to: string
  /** Absent: Git itself has changed, and it is not yet in the cluster. */
  author?: string
  time?: string
  /** Fields besides. */
  others: number
}

/** The field that says most: what somebody has changed last, before what Git has changed. */
export function fieldReason(fields: readonly FieldDrift[]): FieldReason | undefined {
  const byOthers = fields.filter(isByOthers).sort((one, other) => timeOf(other).localeCompare(timeOf(one)))
  const field = byOthers[0] ?? fields[0]
  if (!field) return undefined
  const { path, desired, live, author } = field
  const others = fields.length - 1
  if (!isByOthers(field)) return { path, from: shown(live), to: shown(desired), others }
  return {
    path,
    from: shown(desired),
    to: shown(live),
    ...(author && { author: author.manager }),
    ...(author?.time && { time: author.time }),
    others,
  }
}

function isByOthers({ author }: FieldDrift): boolean {
  return author !== undefined && !ownManagers.includes(author.manager)
}

function timeOf({ author }: FieldDrift): string {
  return author?.time ?? ''
}

const longest = 48

export function shown(value: unknown): string {
  if (value === undefined) return '∅'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text
}
