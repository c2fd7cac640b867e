/** How an operation stands or has ended, as facts for a sentence. Pure. */
import type { Application, OperationState } from './api.ts'
import { revisionsOf, shortRevision } from './operation.ts'

export interface Outcome {
  state: 'starting' | 'running' | 'retrying' | 'terminating' | 'succeeded' | 'failed'
  kind: 'sync' | 'dry run' | 'preflight'
  /** Short, one for each source. */
  revisions: string
  by: string | undefined
  isAutomated: boolean
  message: string
  /** As they are written, such as `prune` or `ServerSideApply=true`. */
  options: string[]
  startedAt?: string | undefined
  /** In milliseconds. */
  took?: number
  wasTerminated: boolean
}

/** Of the operation that is under way or was the last; undefined when there was none. */
export function outcomeOf({ operation, status }: Application): Outcome | undefined {
  const state = status?.operationState
  const isOpen = state?.phase === 'Running' || state?.phase === 'Terminating'
  const asked = operation && !isOpen ? operation : state?.operation
  if (!asked) return undefined
  const common = {
    kind: kindOf(asked),
    by: asked.initiatedBy?.username || undefined,
    isAutomated: asked.initiatedBy?.automated === true,
    options: optionsOf(asked),
  }
  if (operation && !isOpen) {
    return { ...common, state: 'starting', revisions: shorts(operation.sync ?? {}), message: '', wasTerminated: false }
  }
  if (!state) return undefined
  const { startedAt, finishedAt, message = '' } = state
  return {
    ...common,
    state: stateOf(state),
    revisions: shorts(state.syncResult ?? asked.sync ?? {}),
    message,
    startedAt,
    ...(finishedAt && { took: Date.parse(finishedAt) - Date.parse(startedAt) }),
    wasTerminated: /terminated/i.test(message) && state.phase === 'Failed',
  }
}

function stateOf({ phase, finishedAt }: OperationState): Outcome['state'] {
  if (phase === 'Running') return finishedAt ? 'retrying' : 'running'
  if (phase === 'Terminating') return 'terminating'
  return phase === 'Succeeded' ? 'succeeded' : 'failed'
}

function kindOf({ sync }: OperationState['operation']): Outcome['kind'] {
  if (sync?.preflightOnly) return 'preflight'
  return sync?.dryRun ? 'dry run' : 'sync'
}

function optionsOf({ sync }: OperationState['operation']): string[] {
  const { dryRun, prune, syncStrategy, syncOptions = [] } = sync ?? {}
  const words = [
    dryRun && 'dry run',
    prune && 'prune',
    syncStrategy?.apply && 'apply',
    syncStrategy?.apply?.force && 'force',
  ]
  return [...words.filter((word) => typeof word === 'string'), ...syncOptions]
}

function shorts(of: { revision?: string; revisions?: string[] }): string {
  return revisionsOf(of).map(shortRevision).join(', ')
}
