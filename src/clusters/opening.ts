/** How long nothing is said of a cluster that is being read for the first time. Pure. */

/** What has not come in by then is spoken of; nobody is told of a cluster that is merely large or far away before. */
const mostMs = 8_000
/** A list that stands still, or fails again and again, need not be waited for so long. */
const standstillMs = 4_000

export interface Progress {
  /** Kinds that are known; none before the cluster has answered at all. */
  kinds: number
  /** Those that are listed. */
  listed: number
  objects: number
}

export class Opening {
  readonly #since: number
  #progress: Progress | undefined
  #movedAt = Number.POSITIVE_INFINITY

  /** Times are milliseconds since the epoch. */
  constructor(now: number) {
    this.#since = now
  }

  note(progress: Progress, now: number): void {
    const { kinds, listed, objects } = progress
    const before = this.#progress
    if (kinds === 0 || (before?.kinds === kinds && before.listed === listed && before.objects === objects)) return
    this.#progress = progress
    this.#movedAt = now
  }

  /** Whoever looks at its applications now says how things stand. */
  isOver(now: number): boolean {
    return now - this.#since >= mostMs || now - this.#movedAt >= standstillMs
  }
}
