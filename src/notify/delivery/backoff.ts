/** How long to wait between two attempts at a delivery. Pure. */

export interface Backoff {
  attempts: number
  firstMs: number
  longestMs: number
}

export const usualBackoff: Backoff = { attempts: 7, firstMs: 1000, longestMs: 5 * 60_000 }

/** Before the attempt behind `failed` failed ones; undefined when that was the last. What the receiver asks for counts. */
export function waitBefore(
  failed: number,
  { attempts, firstMs, longestMs }: Backoff,
  retryAfterMs = 0,
): number | undefined {
  if (failed >= attempts) return undefined
  return Math.min(longestMs, Math.max(firstMs * 4 ** (failed - 1), retryAfterMs))
}
