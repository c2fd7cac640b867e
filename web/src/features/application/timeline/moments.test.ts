import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Application } from '../../../lib/api.ts'
import { fittingRange, marksOf, spanOf, ticksOf, timeAt, xOf } from './axis.ts'
import { knownAt, lanes, type Moment, momentsOf } from './moments.ts'

const [first, second] = ['a'.repeat(40), 'b'.repeat(40)]
const source = { repoURL: 'x' }
const at = (time: string) => `2026-01-01T${time}:00Z`

const application = {
  metadata: { name: 'shop' },
  spec: { project: 'default', source, destination: {} },
  status: {
    sync: { status: 'OutOfSync', revision: second },
    health: { status: 'Degraded', message: 'Pod a', lastTransitionTime: at('12:00') },
    history: [
      { id: 0, revision: first, source, deployedAt: at('09:00'), initiatedBy: { username: 'ana' } },
      { id: 1, revision: second, source, deployedAt: at('11:00'), initiatedBy: { automated: true } },
    ],
    operationState: {
      phase: 'Failed',
      startedAt: at('12:30'),
      finishedAt: at('12:31'),
      operation: { sync: {}, initiatedBy: { username: 'ben' } },
      message: 'refused',
    },
    conditions: [{ type: 'SyncError', message: 'refused', lastTransitionTime: at('12:32') }],
  },
} as unknown as Application

const events = [
  {
    lastTimestamp: at('10:00'),
    reason: 'ResourceUpdated',
    message: 'Updated sync status: Synced -> OutOfSync (spec.replicas: 5 instead of 3, by kubectl)',
  },
  {
    lastTimestamp: at('12:00'),
    reason: 'ResourceUpdated',
    type: 'Warning',
    message: 'Updated health status: Healthy -> Degraded (Pod a)',
  },
  {
    lastTimestamp: at('12:29'),
    reason: 'OperationStarted',
    message: 'ben started a sync (from ::1)',
    source: { component: 'argocd-server' },
  },
]
const commits = new Map([[second, { author: 'Ana', message: 'bump', date: at('10:30') }]])
const moments = momentsOf({ application, events, commits })

test('all that is on record stands in the order in which it happened, each once', () => {
  expect(moments.map(({ lane, happening }) => `${lane} ${happening.is}`)).toEqual([
    'sync deployed',
    'drift sync status',
    'git commit',
    'sync deployed',
    'health health',
    'people told',
    'sync operation',
    'health condition',
  ])
  expect(moments[4]?.happening).toEqual({ is: 'health', from: 'Healthy', to: 'Degraded', message: 'Pod a' })
})

test('of a moment is told what was on record by then, and nothing else', () => {
  const known = (time: string) => {
    const { deployed, sync, health } = knownAt(moments, Date.parse(at(time)))
    return [deployed?.revisions[0], sync, health?.to]
  }
  expect(known('08:00')).toEqual([undefined, undefined, undefined])
  expect(known('09:30')).toEqual([first, 'Synced', undefined])
  expect(known('10:15')).toEqual([first, 'OutOfSync', undefined])
  expect(known('11:30')).toEqual([second, 'Synced', undefined])
  expect(known('12:15')).toEqual([second, 'Synced', 'Degraded'])
})

const times = fc.array(fc.integer({ min: 0, max: 1_000_000_000 }), { minLength: 1, maxLength: 60 })

test('marks of a lane do not stand on each other, and none of the moments is lost', () => {
  fc.assert(
    fc.property(times, fc.integer({ min: 200, max: 1400 }), (all, width) => {
      const sorted = [...all].sort((one, other) => one - other)
      const given = sorted.map((time, index): Moment => {
        const lane = lanes[index % lanes.length] ?? 'git'
        return { id: String(index), at: time, lane, status: undefined, happening: { is: 'told', message: '' } }
      })
      const marks = marksOf(given, spanOf('all', given, 1_000_000_000), width)
      expect(marks.flatMap((mark) => mark.moments)).toHaveLength(given.length)
      for (const lane of lanes) {
        const xs = marks.filter((mark) => mark.lane === lane).map(({ x }) => x)
        for (const [index, x] of xs.entries())
          if (index > 0) expect(x - (xs[index - 1] ?? 0)).toBeGreaterThanOrEqual(18)
      }
    }),
  )
})

test('a place on the axis is a time, and a time is a place', () => {
  const span = { from: 1000, to: 5000 }
  for (const x of [0, 250, 800]) expect(xOf(timeAt(x, span, 800), span, 800)).toBeCloseTo(x)
  expect(timeAt(-50, span, 800)).toBe(1000)
})

test('the ticks are at round times and leave room for their names', () => {
  const span = { from: Date.parse(at('09:03')), to: Date.parse(at('12:47')) }
  const ticks = ticksOf(span, 900)
  expect(ticks.length).toBeGreaterThan(2)
  for (const [index, tick] of ticks.entries()) {
    expect(tick % 900_000).toBe(0)
    if (index > 0) expect(xOf(tick, span, 900) - xOf(ticks[index - 1] ?? 0, span, 900)).toBeGreaterThanOrEqual(96)
  }
})

test('the axis opens at the shortest range in which there is something to see', () => {
  const now = Date.parse(at('12:45'))
  expect(fittingRange(moments, now)).toBe('hour')
  expect(fittingRange(moments, now + 3_600_000 * 3)).toBe('day')
  expect(fittingRange(moments, now + 86_400_000 * 30)).toBe('all')
})
