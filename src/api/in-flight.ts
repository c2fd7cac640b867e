/** Requests that are being answered, so that a server that stops lets them end. */
import { setMaxListeners } from 'node:events'

export class InFlight {
  #count = 0
  #idle: (() => void)[] = []
  readonly #stopping = new AbortController()

  constructor() {
    // Each request listens.
    setMaxListeners(0, this.#stopping.signal)
  }

  enter(): void {
    this.#count++
  }

  leave(): void {
    this.#count--
    if (this.#count === 0) for (const tell of this.#idle.splice(0)) tell()
  }

  /** Aborted when the server is to stop: what would go on for ever ends by it. */
  get stopping(): AbortSignal {
    return this.#stopping.signal
  }

  /** Resolves when everything has been answered, or when `graceMs` are over. */
  async drain(graceMs: number): Promise<void> {
    this.#stopping.abort(new Error('the server is stopping'))
    if (this.#count === 0) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, graceMs)
      this.#idle.push(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }
}
