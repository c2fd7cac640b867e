/** The conditions of an application: each says what is wrong and what to do about it. Pure. */
import type { Application, Condition, ConditionType, Stage } from '../model/index.ts'
import { messageOf, pinOf, StageError } from '../model/index.ts'

export interface Finding {
  type: ConditionType
  message: string
}

const conditionOfStage: Record<Stage, ConditionType> = {
  spec: 'InvalidSpecError',
  project: 'InvalidSpecError',
  source: 'ComparisonError',
  manifest: 'ComparisonError',
  live: 'ComparisonError',
  diff: 'ComparisonError',
  health: 'ComparisonError',
  sync: 'SyncError',
  // None arises while an application is looked at.
  notification: 'UnknownError',
  generate: 'UnknownError',
}

/** The one place that turns an error into a condition. */
export function findingOf(error: unknown): Finding {
  if (error instanceof StageError) return { type: conditionOfStage[error.stage], message: error.message }
  return { type: 'UnknownError', message: messageOf(error) }
}

/** A pinned application looks well while nothing new is deployed: it has to say so. */
export function pinFindings(application: Application): Finding[] {
  const pin = pinOf(application)
  if (!pin || pin instanceof Error) return []
  const { id, by, at, entry } = pin
  const what = entry.revisions?.join(', ') ?? entry.revision
  const who = [by && `by ${by}`, at && `at ${at}`].filter(Boolean).join(' ')
  const message = `pinned to ${what} (history ${id}) ${who}: nothing newer is deployed until "tiphys app unpin ${application.metadata.name}"`
  return [{ type: 'PinnedWarning', message }]
}

/** The condition list for status: one entry for each type, whose time stays while its message stays. */
export function conditionsFrom(findings: Finding[], previous: Condition[] = [], now: Date): Condition[] {
  const messages = new Map<ConditionType, Set<string>>()
  for (const { type, message } of findings) messages.set(type, (messages.get(type) ?? new Set()).add(message))
  return [...messages].map(([type, texts]) => {
    const message = [...texts].join('\n')
    const same = previous.find((condition) => condition.type === type && condition.message === message)
    return same ?? { type, message, lastTransitionTime: now.toISOString().replace(/\.\d+Z$/, 'Z') }
  })
}

/** Conditions that forbid a sync: what should be there is not known for certain. */
export function forbidsSync(type: ConditionType): boolean {
  return type === 'InvalidSpecError' || type === 'ComparisonError' || type === 'UnknownError'
}
