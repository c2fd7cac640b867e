import { expect, test } from 'vitest'
import { stage } from '../controllers/testing/stage.ts'
import type { Pod } from '../controllers/workload.ts'
import { type LogOptions, podLogs, readLogOptions } from './pod-logs.ts'

const podsName = { group: '', version: 'v1', resource: 'pods' }

function runPod(spec: Partial<Pod['spec']> = {}, ms = 250) {
  const play = stage({ nodes: 1 })
  play.settle()
  const containers = [{ name: 'c', image: 'shop:1', ports: [{ containerPort: 8080 }] }]
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'demo' } }
  play.cluster.create(podsName, { ...pod, spec: { containers, restartPolicy: 'Always', ...spec } })
  play.settle(ms)
  const source = { client: play.cluster, clock: play.clock }
  const seen = () => play.one(podsName, 'p') as Pod
  return { ...play, seen, logs: (options: LogOptions = {}) => podLogs(seen(), options, source), source }
}

async function text(logs: AsyncIterable<string>): Promise<string> {
  let all = ''
  for await (const chunk of logs) all += chunk
  return all
}

test('a running container tells that it started, and that it is still there', async () => {
  const { logs, settle } = runPod()
  expect(await text(logs())).toBe('starting c (shop:1) in pod p\nlistening on port 8080\nready\n')
  settle(40_000)
  expect(await text(logs())).toContain('ready\nhealthy, up 15s\nhealthy, up 30s\n')
})

test('tail, since, limit and timestamps cut and mark the lines', async () => {
  const { logs, settle, clock } = runPod()
  settle(40_000)
  expect(await text(logs({ tailLines: 1 }))).toBe('healthy, up 30s\n')
  expect(await text(logs({ tailLines: 0 }))).toBe('')
  const recent = readLogOptions(new URLSearchParams('sinceSeconds=30'), clock.now())
  expect(await text(logs(recent))).toBe('healthy, up 15s\nhealthy, up 30s\n')
  expect(await text(logs({ limitBytes: 8 }))).toBe('starting')
  expect(await text(logs({ tailLines: 1, timestamps: true }))).toMatch(/^2026-01-01T00:00:30\.000000000Z healthy/)
})

test('a command that the emulated shell knows shows its own output', async () => {
  const containers = [{ name: 'c', image: 'busybox', command: ['sh', '-c'], args: ['echo migrating; echo done'] }]
  const { logs } = runPod({ restartPolicy: 'Never', containers })
  expect(await text(logs())).toBe('migrating\ndone\n')
})

test('a container that failed says so last', async () => {
  const { logs } = runPod({ restartPolicy: 'Never', containers: [{ name: 'c', image: 'job:fail' }] }, 600)
  expect(await text(logs())).toContain('exiting with code 1\n')
})

test('a crash-looping container shows its last life, now and as the previous one', async () => {
  const { logs } = runPod({ containers: [{ name: 'c', image: 'crash' }] })
  expect(await text(logs())).toContain('exiting with code 1\n')
  expect(await text(logs({ previous: true }))).toContain('exiting with code 1\n')
})

test('a followed log goes on with new lines and ends with the pod', async () => {
  const { logs, clock, cluster, seen } = runPod()
  const lines: string[] = []
  const reading = (async () => {
    for await (const chunk of logs({ follow: true })) lines.push(chunk)
  })()
  for (let second = 0; second < 20; second++) {
    await new Promise(setImmediate)
    clock.advance(1000)
  }
  await new Promise(setImmediate)
  expect(lines.at(-1)).toBe('healthy, up 15s\n')
  cluster.delete({ ...podsName, namespace: 'demo', name: seen().metadata.name ?? '' }, { gracePeriodSeconds: 0 })
  clock.advance(2000)
  await reading
})

test.each([
  [{ container: 'x' }, 'container x is not valid for pod p'],
  [{ previous: true }, 'previous terminated container "c" in pod "p" not found'],
])('%o is refused', (options, message) => {
  const { logs } = runPod()
  expect(() => logs(options)).toThrow(message)
})

test('a container that does not run yet has no log', () => {
  expect(() => runPod({}, 50).logs()).toThrow('container "c" in pod "p" is waiting to start: ContainerCreating')
  const missing = runPod({ containers: [{ name: 'c', image: 'missing' }] })
  expect(() => missing.logs()).toThrow('is waiting to start: trying and failing to pull image')
})

test('of several containers one must be named', () => {
  const containers = [
    { name: 'a', image: 'i' },
    { name: 'b', image: 'i' },
  ]
  const { logs } = runPod({ containers, initContainers: [{ name: 'init', image: 'i' }] })
  expect(() => logs()).toThrow(
    'a container name must be specified for pod p, choose one of: [a b] or one of the init containers: [init]',
  )
  expect(() => logs({ container: 'init' })).not.toThrow()
})
