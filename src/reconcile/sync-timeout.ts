/** How long one try of an operation may take. */
import { type Application, annotation, type OperationState, parseDuration } from '../model/index.ts'
import type { Stages } from './stages.ts'

export const timedOut = 'Operation terminated, triggered by controller sync timeout'

/**
 * What is left of the time for this try, in ms; undefined: any time. The application's annotation counts before the
 * installation's setting, and 0 means no limit in both.
 */
export function remainingMs(
  { metadata }: Application,
  { startedAt, retryCount = 0 }: OperationState,
  { settings, clock }: Pick<Stages, 'settings' | 'clock'>,
): number | undefined {
  const own = parseDuration(metadata.annotations?.[annotation.syncTimeout] ?? '')
  const limitMs = own ?? settings.syncTimeoutMs
  if (limitMs === 0) return undefined
  // When a later try began is not on record.
  const spentMs = retryCount === 0 ? clock.now() - Date.parse(startedAt) : 0
  return Math.max(limitMs - spentMs, 0)
}

/** Aborts then; the answer calls it off. */
export function expireAfter(expiry: AbortController, ms: number | undefined): () => void {
  if (ms === undefined) return () => {}
  const timer = setTimeout(() => expiry.abort(new Error(timedOut)), ms)
  return () => clearTimeout(timer)
}
