/** Lets whoever waits know that something has happened. One waits at a time. */

export class Bell {
  #wake: () => void = () => {}

  ring(): void {
    this.#wake()
  }

  /** Resolves when it rings, at the latest after the time given or when the signal is aborted. */
  heard(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', end)
        resolve()
      }
      const timer = setTimeout(end, ms)
      signal.addEventListener('abort', end)
      this.#wake = end
    })
  }
}
