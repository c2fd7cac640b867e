/** Writes down how far an operation has come: what a restart needs at once, the rest now and then. */
import type { OperationState } from '../model/index.ts'
import { persistently } from './persistence.ts'

const intervalMs = 1000

export interface ProgressRecordOptions {
  /** Resolves when it is safe. */
  write(state: OperationState): Promise<void>
  now(): number
  signal: AbortSignal
}

export class ProgressRecord {
  readonly #options: ProgressRecordOptions
  #writtenAt: number
  #hooks = hooksOf(undefined)
  #newest: OperationState | undefined
  #later: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor(options: ProgressRecordOptions) {
    this.#options = options
    // The operation itself has just been written down.
    this.#writtenAt = options.now()
  }

  /** What became of hooks has to be on record before they are let go; everything else is for people. */
  async note(state: OperationState): Promise<void> {
    this.#newest = state
    if (hooksOf(state) !== this.#hooks) return this.write(state)
    const waitMs = this.#writtenAt + intervalMs - this.#options.now()
    if (waitMs <= 0) return this.write(state)
    this.#later ??= setTimeout(() => {
      if (this.#newest) void this.write(this.#newest).catch(() => {})
    }, waitMs)
  }

  /** Resolves when it is safe. */
  write(state: OperationState): Promise<void> {
    const { write, now, signal } = this.#options
    this.#cancel()
    this.#writtenAt = now()
    this.#hooks = hooksOf(state)
    // One after the other, so that an older one never comes last.
    const written = this.#writing.then(() => persistently(() => write(state), signal))
    this.#writing = written.catch(() => {})
    return written
  }

  /** Nothing is written any more once this has resolved. */
  async settle(): Promise<void> {
    this.#cancel()
    await this.#writing
  }

  #cancel(): void {
    clearTimeout(this.#later)
    this.#later = undefined
  }
}

function hooksOf(state: OperationState | undefined): string {
  return JSON.stringify((state?.syncResult?.resources ?? []).filter(({ hookType }) => hookType))
}
