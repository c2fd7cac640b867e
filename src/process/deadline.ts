/** When waiting ends. */

export interface Deadline {
  signal: AbortSignal
  /** By its own time, not by the other signal. */
  hasPassed(): boolean
  clear(): void
}

/** `AbortSignal.any` over `AbortSignal.timeout` may be collected as garbage before it fires; a timer holds what it ends. */
export function deadlineIn(milliseconds: number, other?: AbortSignal): Deadline {
  const controller = new AbortController()
  let passed = false
  const timer = setTimeout(() => {
    passed = true
    controller.abort(new Error(`it took more than ${milliseconds / 1000} s`))
  }, milliseconds)
  const follow = () => controller.abort(other?.reason)
  if (other?.aborted) follow()
  other?.addEventListener('abort', follow, { once: true })
  return {
    signal: controller.signal,
    hasPassed: () => passed,
    clear() {
      clearTimeout(timer)
      other?.removeEventListener('abort', follow)
    },
  }
}
