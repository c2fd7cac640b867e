/** Tiphys on a machine that is no cluster: killed in the middle of its writes, it goes on with what it had. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from '../../src/kube/connect.ts'
import type { KubeClient } from '../../src/kube/kube-client.ts'
import { loadConfig } from '../../src/kube/load-config.ts'
import type { Application } from '../../src/model/index.ts'
import { localRepository } from './local-repository.ts'
import { configMap } from './manifests.ts'
import { type SandboxCluster, startSandboxCluster } from './sandbox-cluster.ts'

const namespace = 'argocd'
const target = { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application', namespace }

let folder: string
let remote: SandboxCluster
let child: ChildProcess | undefined
let client: KubeClient | undefined

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tiphys-standalone-'))
  remote = await startSandboxCluster()
})
afterAll(async () => {
  await end('SIGKILL')
  await remote.stop()
  rmSync(folder, { recursive: true, force: true })
})

const data = () => join(folder, 'data')

async function start(): Promise<KubeClient> {
  const place = [
    '--host',
    '127.0.0.1',
    '--port',
    '0',
    '--insecure',
    '--allow-local',
    '--cache-dir',
    join(folder, 'cache'),
  ]
  const running = spawn(process.execPath, ['bin/tiphys', 'serve', '--data', data(), ...place], {
    env: { PATH: process.env.PATH, HOME: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  child = running
  await new Promise<void>((resolve, reject) => {
    let told = ''
    running.once('exit', (code) => reject(new Error(`it has ended with ${code}: ${told}`)))
    running.stdout.on('data', (chunk: Buffer) => {
      told += String(chunk)
      if (told.includes('tiphys is running')) resolve()
    })
  })
  client = connect(await loadConfig({ kubeconfig: join(data(), 'kubeconfig') }))
  return client
}

async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  await client?.close()
  client = undefined
  const running = child
  child = undefined
  if (!running || running.exitCode !== null || running.signalCode !== null) return
  running.kill(signal)
  await once(running, 'exit')
}

async function until(what: string, isSo: () => Promise<boolean>, limitMs = 60_000): Promise<void> {
  const begun = performance.now()
  while (!(await isSo())) {
    if (performance.now() - begun > limitMs) throw new Error(`${what}: not within ${limitMs} ms`)
    await sleep(100)
  }
}

const application = (name: string, destination: object, repoURL: string) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name, namespace },
  spec: {
    project: 'default',
    source: { repoURL, path: '.', targetRevision: 'main' },
    destination,
    syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ['CreateNamespace=true'] },
  },
})

const found = async (api: KubeClient, name: string) => (await api.get({ ...target, name })) as Application | undefined

async function deployed(api: KubeClient, name: string, revision: string): Promise<void> {
  await until(`${name} is at ${revision}`, async () => {
    const { status, operation } = (await found(api, name)) ?? {}
    const { phase, syncResult } = status?.operationState ?? {}
    const ended = phase === 'Succeeded' && syncResult?.revision === revision && !operation
    return ended && status?.sync?.status === 'Synced' && status.health?.status === 'Healthy'
  })
}

test('killed in the middle of writes, everything that was acknowledged is there, and applications go on', async () => {
  const repository = localRepository(join(folder, 'repository'), { 'config.yaml': configMap('config', { round: '0' }) })
  let api = await start()
  expect(statSync(data()).mode & 0o077).toBe(0)
  expect(statSync(join(data(), 'kubeconfig')).mode & 0o077).toBe(0)
  const labels = { 'argocd.argoproj.io/secret-type': 'cluster' }
  await api.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'remote', namespace, labels },
    stringData: { name: 'remote', server: remote.server, config: JSON.stringify(remote.config) },
  })
  const map = { group: '', version: 'v1', kind: 'ConfigMap', namespace, name: 'argocd-cm' }
  const fast = { 'timeout.reconciliation': '1s', 'timeout.reconciliation.jitter': '0s' }
  await api.patch(map, { data: fast }, { type: 'merge' })
  await api.create(application('shop', { name: 'remote', namespace: 'shop' }, repository.url))
  await api.create(application('home', { name: 'in-cluster', namespace: 'shop' }, repository.url))
  await deployed(api, 'shop', repository.revision())
  const { conditions = [] } = (await found(api, 'home'))?.status ?? {}
  expect(conditions.map(({ message }) => message).join()).toMatch(/in-cluster is not known/)

  for (let round = 1; round <= 3; round++) {
    repository.commit({ 'config.yaml': configMap('config', { round: String(round) }) })
    let acknowledged = -1
    const writing = (async () => {
      for (let number = 0; ; number++) {
        const name = `written-${round}`
        const written = {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name, namespace },
          data: { number: String(number) },
        }
        await api.apply(written, { fieldManager: 'e2e' })
        acknowledged = number
      }
    })().catch(() => {})
    await until('writes are under way', async () => acknowledged > 10 * round)
    child?.kill('SIGKILL')
    await Promise.all([writing, end('SIGKILL')])
    api = await start()
    const kept = (await api.get({ ...map, name: `written-${round}` }))?.data as { number: string }
    expect(Number(kept.number)).toBeGreaterThanOrEqual(acknowledged)
    await deployed(api, 'shop', repository.revision())
    const live = await remote.client.get({ ...map, namespace: 'shop', name: 'config' })
    expect(live?.data).toEqual({ round: String(round) })
  }
  expect((await found(api, 'shop'))?.status?.history).toHaveLength(4)
  await end('SIGTERM')
})

test('a folder that is in use is refused', async () => {
  await start()
  const other = spawn(process.execPath, ['bin/tiphys', 'serve', '--data', data(), '--port', '0'], {
    env: { PATH: process.env.PATH, HOME: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let told = ''
  other.stderr.on('data', (chunk: Buffer) => {
    told += String(chunk)
  })
  const [code] = (await once(other, 'exit')) as [number]
  expect(code).toBeGreaterThan(0)
  expect(told).toMatch(/in use by process \d+: stop that one/)
})
