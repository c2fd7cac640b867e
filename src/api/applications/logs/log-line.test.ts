import { expect, test } from 'vitest'
import { lineFilter } from './line-filter.ts'
import { compareTimes, logEntry, logLines, readTime } from './log-line.ts'
import { logOptions, untilTime } from './log-request.ts'
import { selectedPods } from './selected-pods.ts'

const none = { time: '', at: { ms: 0, nanos: '' } }

test('a line is told with the time that the kubelet has put before it', () => {
  const [line] = logLines('2026-01-01T12:00:00.123456789Z hello  world ', 'web', none)
  expect(line && logEntry(line)).toEqual({
    content: 'hello  world ',
    timeStamp: '2026-01-01T12:00:00Z',
    timeStampStr: '2026-01-01T12:00:00.123456789Z',
    podName: 'web',
    last: false,
  })
})

test('a line without a time has that of the line before, and parts between carriage returns are lines', () => {
  const before = logLines('2026-01-01T12:00:00Z a', 'web', none)[0]
  expect(before).toBeDefined()
  const lines = logLines('10%\r20%\rdone', 'web', before ?? none)
  expect(lines.map(({ content, time }) => `${content} ${time}`)).toEqual([
    '10% 2026-01-01T12:00:00Z',
    '20% 2026-01-01T12:00:00Z',
    'done 2026-01-01T12:00:00Z',
  ])
})

test('times are in order to the nanosecond, in whatever zone and with however many digits they are written', () => {
  const texts = [
    '2026-01-01T12:00:00.1Z',
    '2026-01-01T12:00:00.100000001Z',
    '2026-01-01T13:00:00.2+01:00',
    '2026-01-01T12:00:01Z',
  ]
  const times = texts.map((text) => readTime(text) ?? none.at)
  expect([...times].reverse().sort(compareTimes)).toEqual(times)
  expect(readTime('yesterday')).toBeUndefined()
})

test('lines are chosen by a text, or by its absence', () => {
  const lines = ['An Error', 'an error', 'fine']
  const chosen = (options: Parameters<typeof lineFilter>[0]) => lines.filter(lineFilter(options))
  expect(chosen({})).toEqual(lines)
  expect(chosen({ filter: 'error' })).toEqual(['An Error', 'an error'])
  expect(chosen({ filter: 'Error', matchCase: true })).toEqual(['An Error'])
  expect(chosen({ filter: '!error' })).toEqual(['fine'])
  expect(chosen({ filter: '!Error', matchCase: true })).toEqual(['an error', 'fine'])
})

test('what is asked of a log is asked of the server as it takes it', () => {
  expect(logOptions({ sinceSeconds: 0, tailLines: 0, follow: false })).toEqual({})
  expect(logOptions({ sinceSeconds: 5, tailLines: 3, container: 'a' })).toEqual({
    sinceSeconds: 5,
    tailLines: 3,
    container: 'a',
  })
  const since = { sinceSeconds: 5, 'sinceTime.seconds': 1_767_268_800 }
  expect(logOptions(since)).toEqual({ sinceTime: '2026-01-01T12:00:00.000Z' })
  expect(() => logOptions({ sinceTime: 'noon' })).toThrow(/give a time such as/)
  expect(() => untilTime({ untilTime: '1' })).toThrow(/untilTime is "1"/)
})

const ref = (kind: string, name: string) => ({ kind, name, uid: `${kind}-${name}`, namespace: 'shop' })
const tree = [
  { ...ref('Deployment', 'web'), group: 'apps' },
  { ...ref('ReplicaSet', 'web-1'), group: 'apps', parentRefs: [ref('Deployment', 'web')] },
  { ...ref('Pod', 'web-1-a'), parentRefs: [ref('ReplicaSet', 'web-1')] },
  { ...ref('Pod', 'web-1-b'), parentRefs: [ref('ReplicaSet', 'web-1')] },
  { ...ref('Pod', 'alone'), parentRefs: [ref('Pod', 'alone')] },
]

test('Pods are found by themselves and by whatever owns them', () => {
  const names = (selection: object) => selectedPods(tree, selection).map(({ name }) => name)
  expect(names({})).toEqual(['web-1-a', 'web-1-b', 'alone'])
  expect(names({ podName: 'alone' })).toEqual(['alone'])
  expect(names({ kind: 'Deployment', group: 'apps', resourceName: 'web' })).toEqual(['web-1-a', 'web-1-b'])
  expect(names({ kind: 'Deployment', group: 'other', resourceName: 'web' })).toEqual([])
  expect(names({ podName: 'web-1' })).toEqual([])
})
