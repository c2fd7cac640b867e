/** Keeps a text in a store: written when it has changed, at most once a second. */

export interface TextStore {
  load(): Promise<string | undefined>
  /** `text` is given what is stored, and is asked again when somebody else was faster. */
  save(text: (stored: string | undefined) => string): Promise<void>
}

export interface WriteBehindOptions {
  store: TextStore
  /** What is to be kept, as it is when it is written, together with what others have stored. */
  text(stored: string | undefined): string
  /** What `text` has given last is stored. */
  onSaved?(): void
  sleep(ms: number, signal?: AbortSignal): Promise<unknown>
  onError(error: unknown): void
}

const pauseMs = 1000
const pauseAfterErrorMs = 5000

export class WriteBehind {
  private readonly options: WriteBehindOptions
  private readonly closing = new AbortController()
  private next: PromiseWithResolvers | undefined
  private running: Promise<void> | undefined

  constructor(options: WriteBehindOptions) {
    this.options = options
  }

  /** Resolves when what has changed is kept; nobody has to wait for it. */
  changed(): Promise<void> {
    this.next ??= withResolvers()
    const { promise } = this.next
    this.running ??= this.run()
    return promise
  }

  /** Writes what is left to write. */
  async close(): Promise<void> {
    this.closing.abort()
    await this.running
  }

  private async run(): Promise<void> {
    while (this.next) {
      const writing = this.next
      this.next = undefined
      const failed = await this.write(writing)
      if (failed && !this.closing.signal.aborted) this.next ??= withResolvers()
      await this.pause(failed ? pauseAfterErrorMs : pauseMs)
      if (failed && this.closing.signal.aborted) break
    }
    this.running = undefined
  }

  private async write({ resolve, reject }: PromiseWithResolvers): Promise<boolean> {
    try {
      await this.options.store.save(this.options.text)
      this.options.onSaved?.()
      resolve()
      return false
    } catch (error) {
      this.options.onError(error)
      reject(error)
      return true
    }
  }

  private async pause(ms: number): Promise<void> {
    if (this.closing.signal.aborted) return
    // It is ended early by closing.
    await this.options.sleep(ms, this.closing.signal).catch(() => {})
  }
}

interface PromiseWithResolvers {
  promise: Promise<void>
  resolve(): void
  reject(error: unknown): void
}

function withResolvers(): PromiseWithResolvers {
  let settle: Omit<PromiseWithResolvers, 'promise'> | undefined
  const promise = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject }
  })
  promise.catch(() => {})
  return { promise, ...(settle as Omit<PromiseWithResolvers, 'promise'>) }
}
