import { expect, test } from 'vitest'
import { type Application, type ApplicationSet, applyMergePatch } from '../model/index.ts'
import { ApplicationSetController } from './controller.ts'
import { noHost, noPlugin } from './fixtures/no-host.ts'
import type { Queue, QueueOptions, SetWorld } from './world.ts'

type Spec = ApplicationSet['spec']

/** Names one after the other; `idle` resolves when none waits. */
function openQueue({ work, onError }: QueueOptions) {
  const waiting = new Set<string>()
  let running: Promise<void> | undefined
  async function run(): Promise<void> {
    for (const name of waiting) {
      waiting.delete(name)
      await work(name).catch((error) => onError(name, error))
    }
    running = undefined
  }
  const queue: Queue = {
    add(name) {
      waiting.add(name)
      running ??= Promise.resolve().then(run)
    },
    addAfter() {},
    forget: (name) => void waiting.delete(name),
    async stop() {},
  }
  return { queue, idle: async () => running }
}

/** A server in memory, which adds `extra` to whatever it stores. */
function stage(spec: Partial<Spec>, extra: object = {}) {
  const stored = new Map<string, Application>()
  const counts = { create: 0, patch: 0, delete: 0, status: 0, resolve: 0, notOlderThan: 0, atOnce: 0, most: 0 }
  const set: ApplicationSet = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'ApplicationSet',
    metadata: { name: 'set', namespace: 'argocd', uid: 'u' },
    spec: {
      generators: [],
      goTemplate: true,
      template: { metadata: { name: '{{.name}}' }, spec: { project: 'default', destination: { name: 'in-cluster' } } },
      ...spec,
    },
  }
  let time = 1_000_000
  const clock = { now: () => time }
  let current = set
  let opened: ReturnType<typeof openQueue> | undefined
  let version = 0
  let failing: string | undefined
  let isOurs = true
  async function store(application: Application): Promise<Application> {
    counts.most = Math.max(counts.most, ++counts.atOnce)
    await new Promise((resolve) => setImmediate(resolve))
    counts.atOnce--
    const { metadata } = application
    if (metadata.name === failing) throw new Error('the server is busy')
    const kept = applyMergePatch(application, { ...extra, metadata: { resourceVersion: String(++version) } })
    stored.set(metadata.name, kept as Application)
    controller.applicationChanged(kept as Application)
    return kept as Application
  }
  const world: SetWorld = {
    inputs: {
      clusterSecrets: () => [],
      git: {
        async resolve(_repoURL, _revision, { notOlderThan }) {
          counts.resolve++
          counts.notOlderThan = notOlderThan
          throw new Error('the repository is away')
        },
        async tree() {
          throw new Error('the repository is away')
        },
        newFileGlobbing: () => false,
      },
      host: noHost,
      plugin: noPlugin,
    },
    writes: {
      createApplication(application) {
        counts.create++
        return store({ ...application, metadata: { ...application.metadata, uid: application.metadata.name } })
      },
      patchApplication(application, patch) {
        counts.patch++
        return store(applyMergePatch(application, patch) as Application)
      },
      async deleteApplication(application) {
        counts.delete++
        stored.delete(application.metadata.name)
        controller.applicationGone(application)
      },
      async patchSet(_, patch) {
        change(patch)
      },
      async patchStatus(_, patch) {
        counts.status++
        change(patch)
      },
      record() {},
    },
    isOurs: () => isOurs,
    settings: () => ({
      policy: 'sync',
      allowsOverride: true,
      preserved: { annotations: [], labels: [] },
      mostResources: 5000,
      progressiveSyncs: false,
    }),
    sets: () => [current],
    faultOf: () => undefined,
    hasDestination: () => true,
    settleIgnored: async (_live, wanted) => wanted,
    openQueue(options) {
      opened = openQueue(options)
      return opened.queue
    },
    clock,
    log: { info() {}, warn() {} },
  }
  function change(patch: object): void {
    current = applyMergePatch(current, patch) as ApplicationSet
    controller.setChanged(current)
  }
  const controller: ApplicationSetController = new ApplicationSetController(world, [])
  return {
    controller,
    counts,
    stored,
    change,
    set: () => current,
    pass(ms: number) {
      time += ms
    },
    give(toUs: boolean) {
      isOurs = toUs
      controller.generateAll()
    },
    fail(name: string | undefined) {
      failing = name
    },
    async settled() {
      while (await opened?.idle().then(() => false)) {}
      await new Promise((resolve) => setImmediate(resolve))
      await opened?.idle()
    },
  }
}

const elements = (count: number, more: object = {}) => [
  { list: { elements: Array.from({ length: count }, (_, index) => ({ name: `app-${index}`, ...more })) } },
]

test('ten thousand applications of one set: each is written once, so many at once, and no more when nothing changes', async () => {
  const { counts, settled, change, controller, set, stored } = stage({ generators: elements(10_000) })
  await settled()
  expect(counts).toMatchObject({ create: 10_000, patch: 0, delete: 0 })
  expect(counts.most).toBeLessThanOrEqual(20)
  expect(set().status?.resourcesCount).toBe(10_000)
  expect(set().status?.resources).toHaveLength(5000)
  const written = counts.status
  controller.generateAll()
  await settled()
  expect(counts).toMatchObject({ create: 10_000, patch: 0, status: written })
  const one = stored.get('app-7') as Application
  controller.applicationChanged({ ...one, spec: { ...one.spec, revisionHistoryLimit: 9 } })
  await settled()
  expect(counts.patch).toBe(1)
  change({ spec: { templatePatch: '{{if eq .name "app-3"}}{spec: {revisionHistoryLimit: 3}}{{end}}' } })
  await settled()
  expect(counts.patch).toBe(2)
  expect(stored.get('app-3')?.spec.revisionHistoryLimit).toBe(3)
}, 60_000)

test('what a server adds or leaves out is not written again and again', async () => {
  const { counts, settled, controller, stored } = stage({ generators: elements(2) }, { spec: { info: [] } })
  await settled()
  const first = { ...counts }
  controller.generateAll()
  await settled()
  controller.generateAll()
  await settled()
  expect(counts.patch - first.patch).toBeLessThanOrEqual(2)
  const before = counts.patch
  controller.generateAll()
  await settled()
  expect(counts.patch).toBe(before)
  const one = stored.get('app-0') as Application
  controller.applicationChanged({ ...one, spec: { ...one.spec, project: 'other' } })
  await settled()
  expect(counts.patch).toBe(before + 1)
})

test('one application that cannot be written keeps no other from it, and is told', async () => {
  const { counts, settled, change, fail, set, controller } = stage({ generators: elements(3) })
  fail('app-1')
  await settled()
  expect(counts.create).toBe(3)
  const error = () => set().status?.conditions?.find(({ type }) => type === 'ErrorOccurred')
  expect(error()).toMatchObject({
    status: 'True',
    message: expect.stringContaining('app-1 could not be written: the server is busy'),
  })
  fail(undefined)
  change({ metadata: { labels: { x: 'y' } } })
  controller.generateAll()
  await settled()
  expect(error()?.status).toBe('False')
})

test('an input that is away deletes nothing, however few applications there are', async () => {
  const { counts, settled, change, set } = stage({ generators: elements(2) })
  await settled()
  change({ spec: { generators: [{ git: { repoURL: 'https://git.example.com/x', directories: [{ path: '*' }] } }] } })
  await settled()
  expect(counts.delete).toBe(0)
  expect(set().status?.health?.status).toBe('Degraded')
  change({ spec: { generators: elements(1) } })
  await settled()
  expect(counts.delete).toBe(1)
})

test('an input that is away is asked again after a while, and not whenever an application changes', async () => {
  const git = { git: { repoURL: 'https://git.example.com/x', directories: [{ path: '*' }] } }
  const { counts, settled, controller, stored, pass } = stage({ generators: [...elements(1), git] })
  await settled()
  expect(counts).toMatchObject({ create: 1, resolve: 1 })
  const disturb = async () => {
    const one = stored.get('app-0') as Application
    controller.applicationChanged({ ...one, spec: { ...one.spec, revisionHistoryLimit: counts.patch + 1 } })
    await settled()
  }
  await disturb()
  expect(counts).toMatchObject({ patch: 1, resolve: 1 })
  pass(3000)
  await disturb()
  expect(counts).toMatchObject({ patch: 2, resolve: 1 })
  pass(3000)
  await disturb()
  expect(counts).toMatchObject({ patch: 3, resolve: 2 })
})

test('a set that another replica has looked after is made from what repositories say from then on', async () => {
  const { counts, give, pass, settled } = stage({ generators: [{ git: { repoURL: 'r', files: [{ path: '*' }] } }] })
  await settled()
  expect(counts).toMatchObject({ resolve: 1, notOlderThan: 0 })
  give(false)
  await settled()
  expect(counts.resolve).toBe(1)
  pass(60_000)
  give(true)
  await settled()
  expect(counts).toMatchObject({ resolve: 2, notOlderThan: 1_060_000 })
})
