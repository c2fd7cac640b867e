import { expect, test } from 'vitest'
import { stage } from '../controllers/testing/stage.ts'
import type { ContainerStatus, Pod } from '../controllers/workload.ts'

const podsName = { group: '', version: 'v1', resource: 'pods' }

function nodeStage() {
  const play = stage({ nodes: 2, podDelayMs: 200 })
  play.settle()
  return play
}

function podOf(name: string, spec: Partial<Pod['spec']> & { image?: string } = {}): Pod {
  const { image = 'nginx:1', ...rest } = spec
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'demo' },
    spec: { containers: [{ name: 'c', image }], restartPolicy: 'Always', ...rest },
  }
}

function run(spec: Parameters<typeof podOf>[1], ms = 250) {
  const play = nodeStage()
  play.cluster.create(podsName, podOf('p', spec))
  play.settle(ms)
  const seen = () => play.one(podsName, 'p') as Pod | undefined
  const container = (): ContainerStatus | undefined => seen()?.status?.containerStatuses?.[0]
  const reasons = () => play.events().map((event) => event.reason)
  return { ...play, seen, container, reasons }
}

function conditionsOf(pod: Pod | undefined): string[] {
  return (pod?.status?.conditions ?? []).map(({ type, status, reason }) => [type, status, reason].join(' ').trim())
}

test('a pod is scheduled at once, and Running and Ready after the delay', () => {
  const { seen, settle, container, reasons } = run({}, 150)
  expect(seen()?.spec.nodeName).toMatch(/^sandbox-[01]$/)
  expect(seen()?.status?.phase).toBe('Pending')
  settle(100)
  expect(seen()?.status?.phase).toBe('Running')
  expect(conditionsOf(seen())).toEqual([
    'PodReadyToStartContainers True',
    'Initialized True',
    'Ready True',
    'ContainersReady True',
    'PodScheduled True',
  ])
  expect(container()).toMatchObject({ ready: true, started: true, restartCount: 0, image: 'nginx:1' })
  expect(container()?.imageID).toMatch(/^docker\.io\/library\/nginx@sha256:[0-9a-f]{64}$/)
  expect(reasons()).toEqual(['Scheduled', 'Pulled', 'Created', 'Started'])
})

test('pods are spread over the nodes and have an address each', () => {
  const play = nodeStage()
  for (let n = 0; n < 10; n++) play.cluster.create(podsName, podOf(`p${n}`))
  play.settle(300)
  const nodes = play.pods().map(({ spec }) => spec.nodeName)
  expect(nodes.filter((name) => name === 'sandbox-0')).toHaveLength(5)
  expect(new Set(play.pods().map(({ status }) => status?.podIP)).size).toBe(10)
})

test('an image called missing is never pulled', () => {
  const { seen, container, reasons, clock, cluster, settle } = run({ image: 'shop:missing' })
  expect(seen()?.status?.phase).toBe('Pending')
  expect(container()?.state.waiting).toEqual({
    reason: 'ImagePullBackOff',
    message:
      'Back-off pulling image "shop:missing": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/shop:missing": failed to resolve reference "docker.io/library/shop:missing": docker.io/library/shop:missing: not found',
  })
  expect(conditionsOf(seen())).toContain('Ready False ContainersNotReady')
  expect(reasons()).toEqual(['Scheduled', 'Pulling', 'Failed', 'Failed', 'BackOff', 'Failed'])
  const before = [...cluster.writes.values()]
  settle(600_000)
  expect([...cluster.writes.values()]).toEqual(before)
  expect(clock.now()).toBeGreaterThan(0)
})

test('an image called crash restarts again and again, with growing pauses', () => {
  const { seen, container, settle } = run({ image: 'crash:1' })
  expect(seen()?.status?.phase).toBe('Running')
  const uid = seen()?.metadata.uid
  expect(container()).toMatchObject({ restartCount: 1, ready: false, lastState: { terminated: { exitCode: 1 } } })
  expect(container()?.state.waiting).toEqual({
    reason: 'CrashLoopBackOff',
    message: `back-off 10s restarting failed container=c pod=p_demo(${uid})`,
  })
  settle(10_000)
  expect(container()?.restartCount).toBe(2)
  settle(19_000)
  expect(container()?.restartCount).toBe(2)
  settle(1_000)
  expect(container()?.state.waiting?.message).toContain('back-off 40s ')
  settle(3_600_000)
  expect(container()?.state.waiting?.message).toContain('back-off 5m0s ')
})

test('a pod that is not restarted runs, then succeeds', () => {
  const { seen, settle, container } = run({ restartPolicy: 'Never' })
  expect(seen()?.status?.phase).toBe('Running')
  settle(200)
  expect(seen()?.status?.phase).toBe('Succeeded')
  expect(container()?.state.terminated).toMatchObject({ exitCode: 0, reason: 'Completed' })
  expect(conditionsOf(seen())).toContain('Ready False PodCompleted')
})

test('an image called fail ends a pod that is not restarted with exit code 1', () => {
  const { seen, settle, container } = run({ restartPolicy: 'Never', image: 'migrate:fail' })
  settle(200)
  expect(seen()?.status?.phase).toBe('Failed')
  expect(container()?.state.terminated).toMatchObject({ exitCode: 1, reason: 'Error' })
})

test('an image called fail restarts where the pod says OnFailure', () => {
  const { seen, settle, container } = run({ restartPolicy: 'OnFailure', image: 'migrate:fail' })
  settle(200)
  expect(seen()?.status?.phase).toBe('Running')
  expect(container()).toMatchObject({ restartCount: 1, state: { waiting: { reason: 'CrashLoopBackOff' } } })
})

test('init containers end before the others start', () => {
  const { seen } = run({ initContainers: [{ name: 'setup', image: 'busybox' }] })
  expect(seen()?.status?.phase).toBe('Running')
  expect(seen()?.status?.initContainerStatuses?.[0]).toMatchObject({
    name: 'setup',
    ready: true,
    state: { terminated: { exitCode: 0 } },
  })
})

test('an init container that fails keeps the others waiting', () => {
  const { seen, container } = run({ initContainers: [{ name: 'setup', image: 'busybox:fail' }] })
  expect(seen()?.status?.phase).toBe('Pending')
  expect(seen()?.status?.initContainerStatuses?.[0]?.state.waiting?.reason).toBe('CrashLoopBackOff')
  expect(container()?.state.waiting?.reason).toBe('PodInitializing')
  expect(conditionsOf(seen())).toContain('Initialized False ContainersNotInitialized')
})

test('a sidecar runs beside the others and ends after them', () => {
  const initContainers = [{ name: 'proxy', image: 'envoy', restartPolicy: 'Always' }]
  const { seen, settle } = run({ restartPolicy: 'Never', initContainers })
  expect(seen()?.status?.initContainerStatuses?.[0]?.state.running).toBeDefined()
  settle(200)
  expect(seen()?.status?.phase).toBe('Succeeded')
  expect(seen()?.status?.initContainerStatuses?.[0]?.state.terminated?.exitCode).toBe(0)
})

test('a pod told to go is stopped and then gone', () => {
  const { seen, settle, cluster, reasons } = run({})
  cluster.delete({ ...podsName, namespace: 'demo', name: 'p' })
  settle(100)
  expect(seen()?.metadata.deletionTimestamp).toBeDefined()
  settle(200)
  expect(seen()).toBeUndefined()
  expect(reasons()).toContain('Killing')
})

test('a held pod shows how it ended before it goes', () => {
  const { seen, settle, cluster } = run({
    restartPolicy: 'Never',
    containers: [{ name: 'c', image: 'i', stdin: true }],
  })
  const pod = seen() as Pod
  cluster.update(podsName, { ...pod, metadata: { ...pod.metadata, finalizers: ['example.com/held'] } })
  cluster.delete({ ...podsName, namespace: 'demo', name: 'p' })
  settle(300)
  expect(seen()?.status?.phase).toBe('Failed')
  expect(seen()?.status?.containerStatuses?.[0]?.state.terminated?.exitCode).toBe(143)
  cluster.update(podsName, { ...(seen() as Pod), metadata: { ...(seen() as Pod).metadata, finalizers: [] } })
  settle(300)
  expect(seen()).toBeUndefined()
})

test('a pod that fits no node stays Pending, says why, and runs when a node fits', () => {
  const { seen, settle, cluster, one, reasons } = run({ nodeSelector: { disk: 'ssd' } })
  expect(seen()?.status?.conditions).toMatchObject([
    {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message:
        "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
    },
  ])
  expect(reasons()).toEqual(['FailedScheduling'])
  const nodes = { group: '', version: 'v1', resource: 'nodes' }
  const node = one(nodes, 'sandbox-1', undefined) ?? cluster.get({ ...nodes, name: 'sandbox-1' })
  if (!node) throw new Error('no node')
  cluster.update(nodes, { ...node, metadata: { ...node.metadata, labels: { disk: 'ssd' } } })
  settle(300)
  expect(seen()?.spec.nodeName).toBe('sandbox-1')
  expect(seen()?.status?.phase).toBe('Running')
})

test('a cordoned node gets no new pods', () => {
  const play = nodeStage()
  const nodes = { group: '', version: 'v1', resource: 'nodes' }
  const node = play.cluster.get({ ...nodes, name: 'sandbox-0' })
  if (!node) throw new Error('no node')
  play.cluster.update(nodes, { ...node, spec: { unschedulable: true } })
  for (let n = 0; n < 4; n++) play.cluster.create(podsName, podOf(`p${n}`))
  play.settle(300)
  expect(play.pods().map(({ spec }) => spec.nodeName)).toEqual(Array(4).fill('sandbox-1'))
})

test('an image put right in place starts the container', () => {
  const { seen, settle, cluster } = run({ image: 'shop:missing' })
  const pod = seen() as Pod
  cluster.update(podsName, { ...pod, spec: { ...pod.spec, containers: [{ name: 'c', image: 'shop:1' }] } })
  settle(300)
  expect(seen()?.status?.phase).toBe('Running')
})
