/** Decides what is to be sent about an application, and what is no longer so and may be told again. Pure. */

import type { Condition, NotificationSettings } from './configuration.ts'
import { asText } from './expression/arguments.ts'
import { type SentState, sentKey, shortened } from './sent-state.ts'
import type { Destination } from './subscriptions.ts'

export interface Due extends Destination {
  key: string
  trigger: string
  templates: string[]
}

export interface Decision {
  due: Due[]
  state: SentState
  evaluated: { trigger: string; triggered: boolean }[]
  problems: string[]
}

export interface DecisionInputs {
  destinations: ReadonlyMap<string, Destination[]>
  triggers: NotificationSettings['triggers']
  variables: Record<string, unknown>
  state: SentState
  now: Date
}

export function decide({ destinations, triggers, variables, state, now }: DecisionInputs): Decision {
  const decision: Decision = { due: [], state, evaluated: [], problems: [] }
  const next: Record<string, number> = { ...state }
  const holding = new Set<string>()
  for (const [trigger, receivers] of destinations) {
    const conditions = triggers.get(trigger)
    if (!conditions) decision.problems.push(`trigger ${JSON.stringify(trigger)} is not configured`)
    for (const condition of conditions ?? []) {
      const outcome = evaluated(condition, variables)
      if (outcome.problem !== undefined) decision.problems.push(`trigger ${trigger}: ${outcome.problem}`)
      decision.evaluated.push({ trigger, triggered: outcome.triggered })
      for (const receiver of receivers) {
        const parts = { trigger, condition: condition.key, ...receiver }
        const key = sentKey({ ...parts, oncePer: outcome.oncePer })
        if (condition.isPerRevision && outcome.oncePer.startsWith('['))
          renamed(next, sentKey({ ...parts, oncePer: '' }), key)
        if (outcome.triggered) holding.add(key)
        if (!outcome.triggered) delete next[key]
        else if (!Object.hasOwn(next, key)) {
          next[key] = Math.floor(now.getTime() / 1000)
          decision.due.push({ key, trigger, templates: condition.send, ...receiver })
        }
      }
    }
  }
  return { ...decision, state: shortened(next, holding) }
}

/** So Argo CD has put down what was told of several revisions. */
function renamed(state: Record<string, number>, before: string, after: string): void {
  const { [before]: at } = state
  if (at === undefined) return
  delete state[before]
  state[after] ??= at
}

interface Outcome {
  triggered: boolean
  oncePer: string
  problem?: string
}

/** What cannot be evaluated, such as a field that is not there yet, has not happened. */
export function evaluated({ when, oncePer }: Condition, variables: Record<string, unknown>): Outcome {
  try {
    if (when.evaluate(variables) !== true) return { triggered: false, oncePer: '' }
  } catch (error) {
    return failed(error, { triggered: false, oncePer: '' })
  }
  try {
    return { triggered: true, oncePer: oncePer ? asText(oncePer.evaluate(variables)) : '' }
  } catch (error) {
    return failed(error, { triggered: true, oncePer: '' })
  }
}

function failed(error: unknown, outcome: Outcome): Outcome {
  // A question to whoever evaluates, not a failure.
  if (!(error instanceof Error) || error.name === 'MissingFact') throw error
  return { ...outcome, problem: error.message }
}
