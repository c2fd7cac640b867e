/** How an application stands in one word: the worst of what can be said of it, so that each is counted once. */
import type { Application, ConditionType } from '../model/index.ts'

/** From worst to best. */
export const standings = [
  'degraded',
  'failed',
  'error',
  'missing',
  'drifted',
  'unknown',
  'syncing',
  'suspended',
  'declared',
] as const
export type Standing = (typeof standings)[number]

/** What somebody should look at. */
export const attentionStandings: readonly Standing[] = ['degraded', 'failed', 'error', 'missing', 'drifted', 'unknown']

/** As much of an application as it takes to say it. */
export type Standable = Pick<Application, 'operation' | 'status'>

export function standingOf({ operation, status }: Standable): Standing {
  const health = status?.health?.status
  const sync = status?.sync?.status
  const phase = status?.operationState?.phase
  const isSyncing = phase === 'Running' || phase === 'Terminating' || operation !== undefined
  if (health === 'Degraded') return 'degraded'
  // While another try is under way, how it stands is not known yet.
  if (!isSyncing && (phase === 'Failed' || phase === 'Error')) return 'failed'
  if (status?.conditions?.some(({ type }) => isErrorCondition(type))) return 'error'
  if (isSyncing) return 'syncing'
  if (health === 'Missing') return 'missing'
  if (sync === 'OutOfSync') return 'drifted'
  if (health === 'Progressing') return 'syncing'
  if (health === 'Suspended') return 'suspended'
  return sync === 'Synced' && health === 'Healthy' ? 'declared' : 'unknown'
}

export function isErrorCondition(type: ConditionType | string): boolean {
  return type.endsWith('Error')
}
