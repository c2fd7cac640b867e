/** Times on a line: where each stands, and what falls together. Pure. */
import type { Lane, Moment } from './moments.ts'

export const ranges = ['hour', 'day', 'week', 'all'] as const
export type Range = (typeof ranges)[number]

const lengths: Record<Exclude<Range, 'all'>, number> = { hour: 3_600_000, day: 86_400_000, week: 7 * 86_400_000 }
/** So few that a longer range tells more. */
const fewMoments = 4

export interface Span {
  from: number
  to: number
}

/** The shortest in which there is something to see. */
export function fittingRange(moments: Moment[], now: number): Range {
  const enough = Math.min(fewMoments, moments.length)
  const fits = (range: Exclude<Range, 'all'>) => moments.filter(({ at }) => at >= now - lengths[range]).length >= enough
  return (['hour', 'day', 'week'] as const).find(fits) ?? 'all'
}

export function spanOf(range: Range, moments: Moment[], now: number): Span {
  const first = moments[0]?.at ?? now
  const to = Math.max(now, moments.at(-1)?.at ?? now)
  if (range !== 'all') return { from: now - lengths[range], to }
  return { from: Math.min(first, to - 60_000), to }
}

export interface Mark {
  lane: Lane
  x: number
  /** The latest last: it is the one that is drawn. */
  moments: Moment[]
}

/** Moments of one lane that would stand on each other are one mark. */
export function marksOf(moments: Moment[], span: Span, width: number, least = 18): Mark[] {
  const marks: Mark[] = []
  const lastOf = new Map<Lane, Mark>()
  for (const moment of moments) {
    if (moment.at < span.from) continue
    const x = xOf(moment.at, span, width)
    const before = lastOf.get(moment.lane)
    if (before && x - before.x < least) {
      before.moments.push(moment)
      continue
    }
    const mark = { lane: moment.lane, x, moments: [moment] }
    marks.push(mark)
    lastOf.set(moment.lane, mark)
  }
  return marks
}

export function xOf(at: number, { from, to }: Span, width: number): number {
  return ((at - from) / Math.max(1, to - from)) * width
}

export function timeAt(x: number, { from, to }: Span, width: number): number {
  return from + (Math.min(width, Math.max(0, x)) / Math.max(1, width)) * (to - from)
}

const steps = [1, 5, 15, 30, 60, 180, 360, 720, 1440, 2880, 10_080, 43_200, 129_600, 525_600].map(
  (minutes) => minutes * 60_000,
)

/** Round times, not nearer to each other than `least` pixels. */
export function ticksOf(span: Span, width: number, least = 96): number[] {
  const length = span.to - span.from
  const step = steps.find((one) => (one / Math.max(1, length)) * width >= least) ?? length
  const zone = new Date(span.to).getTimezoneOffset() * 60_000
  const first = Math.ceil((span.from - zone) / step) * step + zone
  const ticks: number[] = []
  for (let at = first; at <= span.to; at += step) ticks.push(at)
  return ticks
}
