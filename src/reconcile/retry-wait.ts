/** The pause before the next try of an operation, which can be ended early. */
import type { OperationState } from '../model/index.ts'

export interface RetryWait {
  /** The operation as it stood when the try before failed. */
  state: OperationState
  /** Milliseconds since the epoch. */
  since: number
  tryNow(): void
  giveUp(reason: string): void
}

export function openWait(state: OperationState, since: number): RetryWait & { signal: AbortSignal; reason?: string } {
  const over = new AbortController()
  const wait = {
    state,
    since,
    signal: over.signal,
    reason: undefined as string | undefined,
    tryNow: () => over.abort(),
    giveUp(reason: string) {
      wait.reason = reason
      over.abort()
    },
  }
  return wait
}

/** Rejects with the reason when the signal is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const abort = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort)
      resolve()
    }, ms)
    signal.addEventListener('abort', abort)
  })
}
