/** Two processes that only serve, beside one that only works: they show what there is, agree about sessions, and write nothing by themselves. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { localRepository } from './local-repository.ts'
import { configMap } from './manifests.ts'
import { controlNamespace, openStage, Replica, type Stage } from './replicas.ts'

let stage: Stage
let replicas: Replica[] = []
let [one, other] = ['', '']

beforeAll(async () => {
  stage = await openStage()
  const worker = await Replica.start(stage, 'worker', ['--roles', 'controller,applicationset,notifications'])
  await worker.running()
  replicas = [
    worker,
    await Replica.start(stage, 'one', ['--roles', 'api']),
    await Replica.start(stage, 'other', ['--roles', 'api']),
  ]
  one = (await replicas[1]?.url()) ?? ''
  other = (await replicas[2]?.url()) ?? ''
})
afterAll(async () => {
  for (const replica of replicas) await replica.end('SIGKILL')
  await stage.stop()
})

interface Asked {
  method?: string
  token?: string
  body?: object
}

async function ask(url: string, path: string, { method = 'GET', token, body }: Asked = {}) {
  const headers = {
    'content-type': 'application/json',
    ...(token && { authorization: `Bearer ${token}` }),
  }
  const answer = await fetch(`${url}/api/v1/${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })
  // biome-ignore lint/suspicious/noExplicitAny: the answers are what is tested.
  return { status: answer.status, body: (await answer.json().catch(() => undefined)) as any }
}

async function until<Found>(what: string, find: () => Promise<Found | undefined | false>): Promise<Found> {
  for (let tries = 0; tries < 150; tries++) {
    const found = await find()
    if (found) return found
    await sleep(200)
  }
  throw new Error(`${what}: not within half a minute`)
}

async function adminPassword(): Promise<string> {
  const name = 'argocd-initial-admin-secret'
  const secret = await stage.client.get({ group: '', version: 'v1', kind: 'Secret', namespace: controlNamespace, name })
  return Buffer.from((secret?.data as { password: string } | undefined)?.password ?? '', 'base64').toString()
}

const signIn = async (url: string, password: string) =>
  ask(url, 'session', { method: 'POST', body: { username: 'admin', password } })

test('what one shows the other shows, and what is asked of either is done by the worker', async () => {
  const repository = localRepository(join(stage.folder, 'repository'), { 'a.yaml': configMap('first') })
  await stage.client.create({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'shop', namespace: controlNamespace },
    spec: {
      project: 'default',
      source: { repoURL: repository.url, path: '.', targetRevision: 'main' },
      destination: { name: 'in-cluster', namespace: 'shop' },
      syncPolicy: { syncOptions: ['CreateNamespace=true'] },
    },
  })
  const { token } = (await signIn(one, await adminPassword())).body
  const nodes = async (url: string): Promise<string[]> =>
    ((await ask(url, 'applications/shop/resource-tree', { token })).body?.nodes ?? []).map(
      ({ name }: { name: string }) => name,
    )
  const synced = await until('a sync that the other has taken', async () => {
    const { status } = await ask(other, 'applications/shop/sync', { method: 'POST', token, body: {} })
    return status === 200
  })
  expect(synced).toBe(true)
  await until('both show what was made', async () =>
    (await Promise.all([nodes(one), nodes(other)])).every((names) => names.includes('first')),
  )
  repository.commit({ 'b.yaml': configMap('second') })
  const refreshed = await ask(one, 'applications/shop?refresh=normal', { token })
  expect(refreshed.body.status.sync.status).toBe('OutOfSync')
  await until('the other knows of what is missing', async () => {
    const { body } = await ask(other, 'applications/shop/managed-resources', { token })
    return body?.items?.some(({ name }: { name: string }) => name === 'second')
  })
  await sleep(3_000)
  const before = ['worker', 'one', 'other'].map((name) => stage.written(`replica-${name}`).length)
  await sleep(5_000)
  const after = ['worker', 'one', 'other'].map((name) => stage.written(`replica-${name}`).length)
  expect(after, 'nothing is written when nothing happens').toEqual(before)
  for (const name of ['one', 'other']) {
    const what = stage.written(`replica-${name}`).filter((write) => !/secrets|events/.test(write))
    expect([...new Set(what)]).toEqual(['patch applications shop'])
  }
})

test('who signs out at one is out at the other within seconds, and stays out when another signs out there', async () => {
  const password = await adminPassword()
  const [first, second] = [(await signIn(one, password)).body.token, (await signIn(other, password)).body.token]
  const isIn = async (url: string, token: string) => (await ask(url, 'applications', { token })).status === 200
  expect(await Promise.all([isIn(other, first), isIn(one, second)])).toEqual([true, true])
  await ask(one, 'session', { method: 'DELETE', token: first })
  await until('the first is out at the other', async () => !(await isIn(other, first)))
  await ask(other, 'session', { method: 'DELETE', token: second })
  await until('the second is out at the first', async () => !(await isIn(one, second)))
  expect(await Promise.all([isIn(one, first), isIn(other, second)])).toEqual([false, false])
  const name = 'tiphys-access'
  const kept = await stage.client.get({ group: '', version: 'v1', kind: 'Secret', namespace: controlNamespace, name })
  const { revocations = '' } = (kept?.data ?? {}) as { revocations?: string }
  expect(JSON.parse(Buffer.from(revocations, 'base64').toString()).tokens).toHaveLength(2)
})

test('failures to sign in are counted together', async () => {
  for (let tries = 0; tries < 3; tries++) expect((await signIn(one, 'wrong')).status).toBe(401)
  await sleep(2_500)
  for (let tries = 0; tries < 2; tries++) expect((await signIn(other, 'wrong')).status).toBe(401)
  expect((await signIn(other, await adminPassword())).status).toBe(401)
})
