/** Replicas with a Redis between them: it saves renderings, and nothing that happens to it or is done to it changes what is deployed. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Application, annotation } from '../../src/model/index.ts'
import { canary, leaks } from './canary.ts'
import { type LocalRepository, localRepository } from './local-repository.ts'
import { configMap } from './manifests.ts'
import { untilWithin } from './patience.ts'
import { type RedisHost, redisServer, startRedis } from './redis-host.ts'
import { controlNamespace, openStage, Replica, type Stage, shops } from './replicas.ts'

if (!redisServer)
  console.warn('SKIPPED: replicas with a Redis, since redis-server is not installed: apt-get install redis-server')
const testWithRedis = test.skipIf(!redisServer)

const names = shops(20)
const password = 'a password of Redis'.replaceAll(' ', '-')
const secretValue = canary('shop')

let stage: Stage
let redis: RedisHost
let repository: LocalRepository
let first = ''
const replicas: Replica[] = []
const [a, b, c, d, serving] = ['a', 'b', 'c', 'd', 'serving'] as const
const named = (name: string) => replicas.find(({ account }) => account === `replica-${name}`) as Replica

beforeAll(async () => {
  if (!redisServer) return
  stage = await openStage()
  redis = await startRedis({ password })
  const metadata = { name: 'argocd-redis', namespace: controlNamespace }
  const data = { auth: Buffer.from(password).toString('base64') }
  await stage.client.create({ apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data })
  repository = localRepository(join(stage.folder, 'repository'), files(1))
  first = repository.revision()
  for (const name of [a, b, c]) await start(name)
  await start(serving, ['--roles', 'api'])
  await Promise.all(replicas.map((replica) => replica.running()))
  await until('each knows of the others', () => [a, b, c].every((name) => liveFor(named(name)) === 3))
  for (const name of names) await create(name)
  await deployed(first)
})
afterAll(async () => {
  for (const replica of replicas) {
    replica.signal('SIGCONT')
    await replica.end('SIGKILL')
  }
  await redis?.close()
  await stage?.stop()
})

/** How many replicas it has last said to be live. */
function liveFor({ lines }: Replica): number {
  const told = lines.filter(({ live }) => live !== undefined).at(-1)?.live as Record<string, string[]> | undefined
  return told?.controller?.length ?? 0
}

async function start(name: string, part = ['--shared']): Promise<void> {
  replicas.push(await Replica.start(stage, name, [...part, '--metrics-port', '0', '--redis', redis.server]))
}

function files(round: number): Record<string, string> {
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'secret' },
    stringData: { password: secretValue },
  }
  return Object.fromEntries(
    names.map((name) => [
      `${name}/all.yaml`,
      `${configMap('config', { round: String(round), of: name })}${JSON.stringify(secret)}\n`,
    ]),
  )
}

async function create(name: string): Promise<void> {
  await stage.client.create({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: controlNamespace },
    spec: {
      project: 'default',
      source: { repoURL: repository.url, path: name, targetRevision: 'main' },
      destination: { name: 'in-cluster', namespace: name },
      syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ['CreateNamespace=true'] },
    },
  })
}

const until = untilWithin(20_000)

const isDeployed = (revision: string) => () =>
  stage.applications().every(({ status, operation }) => {
    const { phase, syncResult } = status?.operationState ?? {}
    const done = phase === 'Succeeded' && syncResult?.revision === revision && !operation
    return done && status?.sync?.status === 'Synced' && status.sync.revision === revision
  })
const deployed = (revision: string, limitMs?: number) =>
  until(`${revision} is deployed everywhere`, isDeployed(revision), { limitMs })

const holderOf = ({ metadata }: Application) => metadata.annotations?.[annotation.holder]?.split('/')[0]
const heldBy = (name: string) =>
  stage.applications().filter((application) => holderOf(application) === stage.identityOf(`replica-${name}`))

/** What a look tells, without the times of looking. */
const told = () =>
  stage.applications().map(({ metadata: { name }, status }) => {
    const { sync, health, resources, history, operationState, sourceType, conditions } = status ?? {}
    return { name, sync, health, resources, history, operationState, sourceType, conditions }
  })

async function metricsOf(name: string): Promise<string> {
  const { metricsUrl } = await named(name).running()
  return (await fetch(String(metricsUrl))).text()
}

async function counted(name: string): Promise<Record<'renders' | 'shared' | 'connected' | 'rejected', number>> {
  const text = await metricsOf(name)
  const value = (metric: string) => Number(new RegExp(`^${metric} (\\d+)`, 'm').exec(text)?.[1] ?? Number.NaN)
  return {
    renders: value('tiphys_renders'),
    shared: value('tiphys_renders_shared'),
    connected: value('tiphys_redis_connected'),
    rejected: value('tiphys_redis_values_rejected'),
  }
}

/** How often it has looked at each application. */
async function looksOf(name: string): Promise<Record<string, number>> {
  const counts = (await metricsOf(name)).matchAll(/^tiphys_app_looks_total\{.*\bname="([^"]+)".*\} (\d+)/gm)
  return Object.fromEntries([...counts].map(([, application, count]) => [application, Number(count)]))
}

const saidOfRedis = (name: string) =>
  named(name)
    .lines.filter(({ redis: server }) => server !== undefined)
    .map(({ msg }) => String(msg))

testWithRedis('neither Redis nor the log knows a secret', async () => {
  const client = await redis.client()
  const keys = await client.keys('*')
  expect(keys.length).toBeGreaterThanOrEqual(names.length)
  const said: Record<string, string> = { keys: keys.join('\n') }
  for (const key of keys) {
    said[key] = (await client.getBuffer(key))?.toString('latin1') ?? ''
    expect(await client.ttl(key), 'it expires').toBeGreaterThan(0)
  }
  for (const replica of replicas) said[replica.account] = JSON.stringify(replica.lines)
  client.disconnect()
  expect(leaks(said, [secretValue, password])).toEqual([])
  expect(Object.values(said).join()).not.toContain('ConfigMap')
})

testWithRedis('one that only serves shows what the others have rendered', async () => {
  const url = await named(serving).url()
  const ask = async (path: string, options: RequestInit = {}) =>
    (await fetch(`${url}/api/v1/${path}`, options)).json() as Promise<{ token?: string; items?: object[] }>
  const name = 'argocd-initial-admin-secret'
  const secret = await stage.client.get({ group: '', version: 'v1', kind: 'Secret', namespace: controlNamespace, name })
  const encoded = (secret?.data as { password?: string } | undefined)?.password ?? ''
  const body = JSON.stringify({ username: 'admin', password: Buffer.from(encoded, 'base64').toString() })
  const { token } = await ask('session', { method: 'POST', body, headers: { 'content-type': 'application/json' } })
  const headers = { authorization: `Bearer ${token}` }
  await until('it shows both objects', async () => {
    const { items } = await ask(`applications/${names[0]}/managed-resources`, { headers })
    return items?.length === 2
  })
  expect(await counted(serving)).toMatchObject({ renders: 0, shared: 1 })
})

testWithRedis(
  'what two that are lost have rendered is rendered by nobody anew, and nothing is synced twice',
  async () => {
    const orphans = [...heldBy(b), ...heldBy(c)].map(({ metadata }) => metadata.name)
    expect(orphans.length).toBeGreaterThan(2)
    const [before, looksBefore, asTold] = [await counted(a), await looksOf(a), told()]
    expect(before.connected).toBe(1)
    named(b).signal('SIGKILL')
    named(c).signal('SIGSTOP')
    const moved = await until('all of theirs is looked at', async () => {
      const looks = await looksOf(a)
      return orphans.every((name) => (looks[name] ?? 0) > (looksBefore[name] ?? 0))
    })
    console.info(`redis: ${orphans.length} applications were taken over within ${Math.round(moved)} ms`)
    const after = await counted(a)
    expect(after.renders).toBe(before.renders)
    expect(after.shared).toBeGreaterThan(before.shared)
    expect(told()).toEqual(asTold)

    named(c).signal('SIGCONT')
    const second = repository.commit(files(2))
    await deployed(second)
    await until('the one that woke has its share again', async () => {
      const { renders, shared } = await counted(c)
      return renders + shared > 0
    })
    expect(stage.intrusions).toEqual([])
    const revisions = stage.applications().map(({ status }) => status?.history?.map(({ revision }) => revision))
    expect(revisions).toEqual(names.map(() => [first, second]))
  },
)

testWithRedis('nothing of what somebody else has written there is taken', { timeout: 60_000 }, async () => {
  const asTold = told()
  const client = await redis.client()
  const keys = await client.keys('*')
  const values = await Promise.all(keys.map((key) => client.getBuffer(key)))
  for (const [index, key] of keys.entries()) {
    const other = values[(index + 1) % keys.length] ?? Buffer.alloc(0)
    const forged = [other, Buffer.from('garbage'), other.subarray(0, -1)][index % 3] ?? other
    if (index % 4 === 3) {
      await client.del(key)
      await client.lpush(key, 'another kind of value')
    } else await client.set(key, forged)
  }
  client.disconnect()
  await start(d)
  await until('it has its share', async () => (await counted(d)).renders > 0)
  await sleep(1_000)
  const { shared, rejected } = await counted(d)
  expect(shared).toBe(0)
  expect(rejected).toBeGreaterThan(0)
  expect(saidOfRedis(d)).toContainEqual(expect.stringContaining('was not written by this installation'))
  expect(told()).toEqual(asTold)
})

testWithRedis(
  'a Redis that freezes, dies or is empty stops nothing, and is used again',
  { timeout: 60_000 },
  async () => {
    const live = [a, c, d]
    await until('the new one knows that one is gone', () => liveFor(named(d)) === live.length)
    const usual = await deployed(repository.commit(files(3)))
    const before = live.map((name) => saidOfRedis(name).length)
    const saidSince = () => live.map((name, index) => saidOfRedis(name).slice(before[index]))
    const lost = expect.stringContaining('Redis is lost')
    const back = expect.stringContaining('Redis is there')

    redis.signal('SIGSTOP')
    const frozen = await deployed(repository.commit(files(4)))
    redis.signal('SIGCONT')
    await until('all that have lost it have it back', () => saidSince().every((said) => said.length % 2 === 0))
    // Who had little to ask for has not noticed.
    const noticed = saidSince().filter((said) => said.length > 0)
    expect(noticed.length).toBeGreaterThan(0)
    expect(noticed).toEqual(noticed.map(() => [lost, back]))

    await redis.kill()
    const killed = await deployed(repository.commit(files(5)))
    const asTold = told()
    await redis.start()
    await until('all have it back', () => saidSince().every((said) => said.length % 2 === 0))
    expect(saidSince().map((said) => said.slice(-2))).toEqual(live.map(() => [lost, back]))
    console.info(`redis: deployed in ${[usual, frozen, killed].map(Math.round)} ms: with it, frozen, killed`)
    expect(Math.max(frozen, killed)).toBeLessThan(usual + 5_000)

    const client = await redis.client()
    await until('it has all that the replicas know', async () => (await client.dbsize()) >= names.length)
    client.disconnect()
    expect(told()).toEqual(asTold)
    expect(stage.intrusions).toEqual([])
  },
)
