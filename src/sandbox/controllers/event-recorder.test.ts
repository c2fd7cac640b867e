import { expect, test } from 'vitest'
import type { KubeObject } from '../object.ts'
import { eventRecorder, events } from './event-recorder.ts'
import { manualClock } from './testing/manual-clock.ts'
import { MemoryCluster } from './testing/memory-cluster.ts'

function recorderStage(limits = {}) {
  const clock = manualClock()
  const cluster = new MemoryCluster(clock)
  const recorder = eventRecorder(cluster, clock, limits)
  const object = (name: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'demo', uid: name },
  })
  const tell = (name: string) =>
    recorder.record('kubelet', object(name), { reason: 'Started', message: 'Started c', host: 'n' })
  return { clock, cluster, tell, seen: () => cluster.list(events), recorder }
}

test('an event names its object, its teller and its time', () => {
  const { tell, seen } = recorderStage()
  tell('p')
  expect(seen()).toMatchObject([
    {
      kind: 'Event',
      metadata: { namespace: 'demo', name: expect.stringMatching(/^p\.[0-9a-f]+$/) },
      involvedObject: { kind: 'Pod', name: 'p', uid: 'p', apiVersion: 'v1' },
      reason: 'Started',
      type: 'Normal',
      count: 1,
      source: { component: 'kubelet', host: 'n' },
      firstTimestamp: '2026-01-01T00:00:00Z',
    },
  ])
})

test('the same event again is counted', () => {
  const { tell, seen, clock } = recorderStage()
  tell('p')
  clock.advance(5000)
  tell('p')
  expect(seen()).toMatchObject([
    { count: 2, firstTimestamp: '2026-01-01T00:00:00Z', lastTimestamp: '2026-01-01T00:00:05Z' },
  ])
})

test('only the newest are kept, and none for more than an hour', () => {
  const { tell, seen, clock } = recorderStage({ kept: 3 })
  for (let n = 0; n < 10; n++) tell(`p${n}`)
  expect(seen().map(({ involvedObject }) => (involvedObject as { name: string }).name)).toEqual(['p7', 'p8', 'p9'])
  clock.advance(3_600_000)
  expect(seen()).toEqual([])
})

test('a flood is cut off', () => {
  const { tell, seen, clock } = recorderStage({ burst: 5, perSecond: 1 })
  for (let n = 0; n < 100; n++) tell(`p${n}`)
  expect(seen()).toHaveLength(5)
  clock.advance(2000)
  for (let n = 0; n < 100; n++) tell(`q${n}`)
  expect(seen()).toHaveLength(7)
})

test('events from before a restart are bounded too', () => {
  const { tell, seen, clock, cluster, recorder } = recorderStage()
  for (let n = 0; n < 10; n++) tell(`p${n}`)
  recorder.stop()
  eventRecorder(cluster, clock, { kept: 4 })
  expect(seen()).toHaveLength(4)
  clock.advance(3_600_000)
  expect(seen()).toEqual([])
})
