/** Doing again what failed for reasons that pass by themselves. */
import { pause } from './retry-wait.ts'

const longestPauseMs = 5_000
const longestMs = 600_000

/** Repeats what the API server could not answer, for ten minutes at most; what it refused is thrown at once. */
export async function persistently<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
  let waited = 0
  for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return await work()
    } catch (error) {
      if (isRefusal(error) || waited >= longestMs) throw error
    }
    await pause(pauseMs, signal)
    waited += pauseMs
  }
}

/** Only errors of an API server have a code. */
function isRefusal(error: unknown): boolean {
  const { code } = error as { code?: unknown }
  return typeof code !== 'number' || (code >= 400 && code < 500 && code !== 429 && code !== 408)
}
