/** Rows come first for who is still typing: all else is asked of what the text has become. */
import type { ApplicationQuery } from '../../../lib/api.ts'

const pauseMs = 150

/** Resolves at once where nothing is searched for; rejects when another letter has come. */
export function typingPause({ search }: ApplicationQuery, signal: AbortSignal): Promise<void> {
  if (!search) return Promise.resolve()
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, pauseMs)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        reject(signal.reason)
      },
      { once: true },
    )
  })
}
