/** Repositories that are open, each with the connection it was last used with; those that nobody asks for are closed. */
import type { RepositoryConnection } from '../model/index.ts'
import type { Clock } from './git-listing.ts'

/** Something that is open, and the connection that it was last used with. */
export interface Reached<T> {
  repository: T
  connection: RepositoryConnection
}

/** What is asked for later is opened anew, at the cost of one more listing. */
const idleMs = 60 * 60_000

export class OpenRepositories<T> {
  readonly #clock: Clock
  readonly #close: (repository: T) => void
  /** In the order in which they were last asked for. */
  readonly #open = new Map<string, { reached: Reached<T>; usedAt: number }>()

  constructor(clock: Clock, close: (repository: T) => void) {
    this.#clock = clock
    this.#close = close
  }

  get(key: string): Reached<T> | undefined {
    const known = this.#open.get(key)
    if (known) this.set(key, known.reached)
    return known?.reached
  }

  set(key: string, reached: Reached<T>): void {
    const now = this.#clock.now()
    this.#open.delete(key)
    this.#open.set(key, { reached, usedAt: now })
    for (const [idle, { reached: before, usedAt }] of this.#open) {
      if (now - usedAt < idleMs) break
      this.#open.delete(idle)
      this.#close(before.repository)
    }
  }

  keys(): string[] {
    return [...this.#open.keys()]
  }

  *[Symbol.iterator](): Iterator<[key: string, repository: T]> {
    for (const [key, { reached }] of this.#open) yield [key, reached.repository]
  }

  close(): void {
    for (const { reached } of this.#open.values()) this.#close(reached.repository)
    this.#open.clear()
  }
}
