/** Points in time by two clocks, since neither tells all: one is set by people, the other stands still while a machine sleeps. */

export interface Moment {
  /** Milliseconds since the epoch. */
  wall: number
  /** Milliseconds that nobody can set. */
  steady: number
}

export function systemMoment(): Moment {
  return { wall: Date.now(), steady: performance.now() }
}

/** How long it may have been at most: whichever clock says more. */
export function longest(from: Moment, to: Moment): number {
  return Math.max(to.wall - from.wall, to.steady - from.steady)
}
