/** What has become of each step so far, in the form in which the Application's status keeps it. */
import { describeKey, keyText, type ResourceResult, withoutSecretValues } from '../model/index.ts'
import type { SyncStep } from './step.ts'

type Outcome = Pick<ResourceResult, 'status' | 'message' | 'hookPhase'>

export interface Results {
  get(step: SyncStep): ResourceResult | undefined
  set(step: SyncStep, outcome: Outcome): void
  /** In the order of the plan; steps not begun yet are absent. */
  list(): ResourceResult[]
}

/** `previous`: those of the same operation, from before it was interrupted. */
export function openResults(steps: SyncStep[], previous: ResourceResult[] = []): Results {
  const order = steps.map(stepText)
  const found = new Map(previous.map((result) => [resultText(result), result]))
  return {
    get: (step) => found.get(stepText(step)),
    set(step, outcome) {
      const { group, version, kind, namespace, name } = step.target
      const hook = step.verb === 'hook' ? { hookType: step.phase } : {}
      const before = found.get(stepText(step))
      // It ends up in the Application, which more people may read than Secrets.
      const message = step.verb === 'prune' ? outcome.message : withoutSecretValues(outcome.message ?? '', step.object)
      found.set(stepText(step), {
        ...before,
        group,
        version,
        kind,
        namespace,
        name,
        ...hook,
        syncPhase: step.phase,
        ...outcome,
        ...(message && { message }),
      })
    },
    list: () => order.flatMap((text) => found.get(text) ?? []),
  }
}

function stepText({ target, phase }: SyncStep): string {
  return `${phase}/${keyText(target)}`
}

function resultText(result: ResourceResult): string {
  return `${result.syncPhase}/${keyText(result)}`
}

export function isFailed({ status, hookPhase }: ResourceResult): boolean {
  return status === 'SyncFailed' || hookPhase === 'Failed' || hookPhase === 'Error'
}

/** Such as `one or more objects failed to apply: ConfigMap shop/a: … (and 2 more)`; undefined when nothing failed. */
export function failureMessage(results: ResourceResult[], when = ''): string | undefined {
  const refused = results.filter(({ status }) => status === 'SyncFailed')
  if (refused.length > 0) return `one or more objects failed to apply${when}: ${summary(refused)}`
  const unsuccessful = results.filter(isFailed)
  if (unsuccessful.length === 0) return undefined
  return `one or more synchronization tasks completed unsuccessfully: ${summary(unsuccessful)}`
}

function summary([first, ...others]: ResourceResult[]): string {
  if (!first) return ''
  const more = others.length > 0 ? ` (and ${others.length} more)` : ''
  return `${describeKey(first)}: ${first.message}${more}`
}
