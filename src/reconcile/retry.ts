/** How often and after what pause a failed operation is tried again. Pure. */
import { parseDuration, type RetryStrategy } from '../model/index.ts'

const defaults = { durationMs: 5_000, factor: 2, maxDurationMs: 180_000 }

/** The pause before try number `retryCount` + 1 in ms; undefined when there is no further try. */
export function retryDelay(strategy: RetryStrategy | undefined, retryCount: number): number | undefined {
  const limit = strategy?.limit ?? 0
  if (limit >= 0 && retryCount >= limit) return undefined
  const backoff = strategy?.backoff
  const duration = parseDuration(backoff?.duration ?? '') ?? defaults.durationMs
  const most = parseDuration(backoff?.maxDuration ?? '') ?? defaults.maxDurationMs
  return Math.min(duration * (backoff?.factor ?? defaults.factor) ** retryCount, most)
}
