/** Three replicas share all that there is to do: webhooks reach any of them, images and ApplicationSets are one's, and pass on when it is killed. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Application, type ApplicationSet, annotation } from '../../src/model/index.ts'
import { ownerOf } from '../../src/replica/rendezvous.ts'
import { listOf } from './canary.ts'
import { type LocalRepository, localRepository } from './local-repository.ts'
import { configMap, deployment } from './manifests.ts'
import { dockerRegistry, type RegistryHost, startRegistry } from './registry-host.ts'
import { controlNamespace, openStage, Replica, type Stage } from './replicas.ts'

if (!dockerRegistry) console.warn('SKIPPED: images that replicas share, since docker-registry is not installed')

let stage: Stage
let registry: RegistryHost | undefined
let replicas: Replica[] = []
const password = 'password of a registry'
const webhookSecret = 'secret of a webhook'
/** What another takes over, once the Lease has run out. */
const takenOver = { timeout: 40_000, interval: 100 }
const soon = { timeout: 10_000, interval: 50 }

beforeAll(async () => {
  // Nobody looks at a repository by itself: what is noticed was told.
  stage = await openStage({ 'timeout.reconciliation': '1h' })
  const names = ['a', 'b', 'c']
  replicas = await Promise.all(names.map((name) => Replica.start(stage, name, ['--shared', '--metrics-port', '0'])))
  for (const replica of replicas) await replica.running()
  const target = { group: '', version: 'v1', kind: 'Secret', namespace: controlNamespace, name: 'argocd-secret' }
  await stage.client.patch(target, { stringData: { 'webhook.harbor.secret': webhookSecret } }, { type: 'merge' })
})
afterAll(async () => {
  for (const replica of replicas) await replica.end('SIGKILL')
  await registry?.close()
  await stage.stop()
})

const alive = () => replicas.filter((replica) => !replica.hasEnded)
const identityOf = (replica: Replica) => stage.identityOf(replica.account) ?? ''

/** Every replica tells the same, once all Leases are known everywhere. */
async function ownerAmongAll(name: string): Promise<Replica> {
  const identity = ownerOf(name, alive().map(identityOf))
  const owner = alive().find((replica) => identityOf(replica) === identity)
  if (!owner) throw new Error(`nobody has ${name}`)
  return owner
}

async function create(name: string, spec: object, metadata: object = {}): Promise<void> {
  await stage.client.create({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: controlNamespace, ...metadata },
    spec: {
      project: 'default',
      destination: { name: 'in-cluster', namespace: name },
      syncPolicy: { automated: {}, syncOptions: ['CreateNamespace=true'] },
      ...spec,
    },
  })
}

const revisionOf = (name: string) => {
  const { sync, operationState } = stage.application(name)?.status ?? {}
  return sync?.status === 'Synced' && operationState?.phase === 'Succeeded' ? sync.revision : undefined
}

async function tell(replica: Replica, { url }: LocalRepository): Promise<void> {
  const answer = await fetch(`${await replica.url()}/api/webhook`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-github-event': 'push' },
    body: JSON.stringify({
      ref: 'refs/heads/main',
      before: 'a'.repeat(40),
      after: 'b'.repeat(40),
      repository: { html_url: url, clone_url: url, default_branch: 'main' },
      commits: [],
    }),
  })
  expect(answer.status).toBe(200)
}

test('a webhook that reaches a replica which has not the application brings a refresh', async () => {
  // One that nobody knows of yet would be given nothing.
  const known = () => replicas.map((replica) => replica.peers())
  await expect.poll(known, { timeout: 30_000 }).toEqual(replicas.map(() => replicas.length))
  const repository = localRepository(join(stage.folder, 'told'), { 'a.yaml': configMap('config', { a: '0' }) })
  // Who has which is a matter of chance: two for each.
  const candidates = Array.from({ length: 100 }, (_, at) => `told-${at}`)
  const names = replicas.flatMap((replica) =>
    candidates.filter((name) => ownerOf(name, replicas.map(identityOf)) === identityOf(replica)).slice(0, 2),
  )
  const source = { repoURL: repository.url, path: '.', targetRevision: 'main' }
  for (const name of names) await create(name, { source })
  const all = () => names.map(revisionOf)
  await expect.poll(all, { timeout: 60_000 }).toEqual(names.map(() => repository.revision()))
  const holders = new Set(stage.applications().map(({ metadata }) => metadata.annotations?.[annotation.holder]))
  expect(holders.size, 'each replica has applications').toBe(replicas.length)
  for (const [at, replica] of replicas.entries()) {
    const revision = repository.commit({ 'a.yaml': configMap('config', { a: String(at + 1) }) })
    await sleep(2_000)
    expect(all(), 'nobody looks by itself').not.toContain(revision)
    await tell(replica, repository)
    await expect.poll(all, { ...soon, message: `${replica.account} was told` }).toEqual(names.map(() => revision))
  }
  expect(stage.intrusions).toEqual([])
})

async function lookEvery(interval: string): Promise<void> {
  const name = 'argocd-image-updater-config'
  const target = { group: '', version: 'v1', kind: 'ConfigMap', namespace: controlNamespace, name }
  await stage.client.patch(target, { data: { interval } }, { type: 'merge' })
}

/** As Harbor tells of it. */
async function tellOfImage(replica: Replica, image: string): Promise<void> {
  const tag = image.slice(image.lastIndexOf(':') + 1)
  const answer = await fetch(`${await replica.url()}/api/webhook`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: webhookSecret },
    body: JSON.stringify({
      type: 'PUSH_ARTIFACT',
      event_data: { resources: [{ tag, resource_url: image }], repository: { repo_full_name: 'acme/web' } },
    }),
  })
  expect(answer.status).toBe(200)
}

async function watchedBy(replica: Replica): Promise<number> {
  const { metricsUrl } = await replica.running()
  const text = await (await fetch(String(metricsUrl))).text()
  return Number(/^argocd_image_updater_applications_watched_total (\d+)/m.exec(text)?.[1] ?? Number.NaN)
}

const updates = async (name: string) => {
  const events = (await listOf(stage.client, '', 'Event', controlNamespace)) as unknown as {
    reason: string
    message: string
    count?: number
    involvedObject: { name: string }
  }[]
  return events
    .filter(({ reason, involvedObject }) => reason === 'ImagesUpdated' && involvedObject.name === name)
    .map(({ message, count = 1 }) => `${message} (${count})`)
}

test.skipIf(!dockerRegistry)('images are one replica’s, and another’s when it is killed', async () => {
  registry = await startRegistry({ username: 'ann', password })
  const image = `${registry.host}/acme/web`
  await registry.pushImage('acme/web', '1.0.0')
  await stage.client.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 'registry',
      namespace: controlNamespace,
      labels: { 'argocd.argoproj.io/secret-type': 'repository' },
    },
    stringData: { url: `oci://${image}`, type: 'oci', username: 'ann', password },
  })
  await stage.client.create({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'argocd-image-updater-config', namespace: controlNamespace },
    data: { interval: '1s' },
  })
  const repository = localRepository(join(stage.folder, 'images'), {
    'kustomization.yaml': 'resources: [web.yaml]\n',
    'web.yaml': deployment('web', { image: `${image}:1.0.0` }),
  })
  const annotations = { 'argocd-image-updater.argoproj.io/image-list': `web=${image}:^1` }
  const source = { repoURL: repository.url, path: '.', targetRevision: 'main' }
  await create('pictured', { source }, { annotations })
  const runs = () => stage.application('pictured')?.status?.summary?.images?.join()
  await expect.poll(runs, { timeout: 30_000 }).toBe(`${image}:1.0.0`)
  const owner = await ownerAmongAll('images')
  const watched = async () => Promise.all(alive().map(async (one) => [one.account, await watchedBy(one)]))
  const expected = () => alive().map((one) => [one.account, one === owner ? 1 : 0])
  await expect.poll(watched, soon).toEqual(expected())

  const told: string[] = []
  let before = '1.0.0'
  const update = async (version: string, limit: { timeout: number }) => {
    await registry?.pushImage('acme/web', version)
    await expect.poll(runs, limit).toBe(`${image}:${version}`)
    told.push(`Updated in its spec: ${image} from ${before} to ${version} (1)`)
    before = version
  }
  for (const version of ['1.1.0', '1.2.0', '1.3.0']) await update(version, { timeout: 20_000 })
  await sleep(2_500)
  expect((await updates('pictured')).sort(), 'each was done by one, once').toEqual(told)

  await lookEvery('1h')
  await sleep(2_500)
  for (const [at, replica] of alive().entries()) {
    const version = `1.3.${at + 1}`
    await registry.pushImage('acme/web', version)
    await sleep(1_500)
    expect(runs(), 'nobody looks by itself').toBe(`${image}:${before}`)
    await tellOfImage(replica, `${image}:${version}`)
    await expect.poll(runs, { ...soon, message: `${replica.account} was told` }).toBe(`${image}:${version}`)
    told.push(`Updated in its spec: ${image} from ${before} to ${version} (1)`)
    before = version
  }
  const word = () => stage.application('pictured')?.metadata.annotations?.[annotation.imagePushed]
  await expect.poll(word, soon).toBeUndefined()
  await lookEvery('1s')

  await owner.end('SIGKILL')
  await update('1.4.0', takenOver)
  await update('1.5.0', takenOver)
  await sleep(2_500)
  expect((await updates('pictured')).sort(), 'each was done by one, once').toEqual(told)
  const successor = await ownerAmongAll('images')
  expect(await watched()).toEqual(alive().map((one) => [one.account, one === successor ? 1 : 0]))
})

function applicationSet(name: string, elements: string[]): ApplicationSet {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'ApplicationSet',
    metadata: { name, namespace: controlNamespace },
    spec: {
      goTemplate: true,
      generators: [{ list: { elements: elements.map((element) => ({ name: element })) } }],
      template: {
        metadata: { name: `${name}-{{.name}}` },
        spec: {
          project: 'default',
          source: { repoURL: 'https://git.example.invalid/x', path: '.' },
          destination: { name: 'in-cluster', namespace: 'default' },
        },
      },
    },
  }
}

test('ApplicationSets are shared, and those of one that is killed go on with another', async () => {
  const names = Array.from({ length: 12 }, (_, at) => `set-${at}`)
  for (const name of names) await stage.client.create(applicationSet(name, ['a']))
  const made = (set: string) =>
    stage
      .applications()
      .filter(({ metadata }: Application) => metadata.ownerReferences?.some(({ name }) => name === set))
      .map(({ metadata }) => metadata.name.slice(set.length + 1))
      .sort()
  const all = () => names.map(made)
  await expect.poll(all, { timeout: 20_000 }).toEqual(names.map(() => ['a']))
  const makers = alive().filter(({ account }) => stage.written(account).some((what) => isCreation(what)))
  expect(makers.length, 'more than one has made some').toBeGreaterThan(1)
  const creations = () => replicas.flatMap(({ account }) => stage.written(account)).filter(isCreation)
  expect(creations(), 'each was made once').toHaveLength(names.length)

  const [victim] = makers
  await victim?.end('SIGKILL')
  const target = { group: 'argoproj.io', version: 'v1alpha1', kind: 'ApplicationSet', namespace: controlNamespace }
  const change = async (elements: string[]) => {
    for (const name of names) {
      const { generators } = applicationSet(name, elements).spec
      await stage.client.patch({ ...target, name }, { spec: { generators } }, { type: 'merge' })
    }
    await expect.poll(all, takenOver).toEqual(names.map(() => elements))
  }
  await change(['a', 'b'])
  await change(['a', 'b', 'c'])
  expect(creations(), 'each was made once').toHaveLength(3 * names.length)
})

const isCreation = (what: string) => what.startsWith('create applications ')
