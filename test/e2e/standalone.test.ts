/** Tiphys on a machine that is no cluster: killed in the middle of its writes, it goes on with what it had; it can move. */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { apiClient, routes } from '../../src/contract/index.ts'
import type { KubeClient } from '../../src/kube/kube-client.ts'
import type { Application } from '../../src/model/index.ts'
import { run } from './command-line.ts'
import { localRepository } from './local-repository.ts'
import { configMap } from './manifests.ts'
import { untilWithin } from './patience.ts'
import { type SandboxCluster, startSandboxCluster } from './sandbox-cluster.ts'
import { type StandaloneProcess, startStandalone } from './standalone-process.ts'

const namespace = 'argocd'
const target = { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application', namespace }

let folder: string
let remote: SandboxCluster
let running: StandaloneProcess | undefined

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tiphys-standalone-'))
  remote = await startSandboxCluster()
})
afterAll(async () => {
  await end('SIGKILL')
  await remote.stop()
  rmSync(folder, { recursive: true, force: true })
})

const data = (name = 'data') => join(folder, name)

async function start(name?: string): Promise<KubeClient> {
  running = await startStandalone({ folder, data: data(name) })
  return running.client
}

async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  await running?.end(signal)
  running = undefined
}

/** Four processes are started here one after the other, which takes a busy machine two minutes. */
const patientlyMs = 300_000

const until = untilWithin(60_000)

const map = { group: '', version: 'v1', kind: 'ConfigMap', namespace, name: 'argocd-cm' }

/** Registers the cluster that is deployed to, and has Git asked often. */
async function settle(api: KubeClient): Promise<void> {
  const labels = { 'argocd.argoproj.io/secret-type': 'cluster' }
  await api.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'remote', namespace, labels },
    stringData: { name: 'remote', server: remote.server, config: JSON.stringify(remote.config) },
  })
  const fast = { 'timeout.reconciliation': '1s', 'timeout.reconciliation.jitter': '0s' }
  await api.patch(map, { data: fast }, { type: 'merge' })
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

test(
  'killed in the middle of writes, everything that was acknowledged is there, and applications go on',
  async () => {
    const repository = localRepository(join(folder, 'repository'), {
      'config.yaml': configMap('config', { round: '0' }),
    })
    let api = await start()
    expect(statSync(data()).mode & 0o077).toBe(0)
    expect(statSync(join(data(), 'kubeconfig')).mode & 0o077).toBe(0)
    await settle(api)
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
      running?.child.kill('SIGKILL')
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
  },
  patientlyMs,
)

test('a folder that is in use is refused', async () => {
  await start()
  const refused = /^it has ended with [1-9]\d*: .*in use by process \d+ on \S+: stop that one/
  await expect(startStandalone({ folder, data: data() })).rejects.toThrow(refused)
  await end('SIGTERM')
})

test(
  'what is exported from one folder is imported into another, which goes on with the same settings',
  async () => {
    const repository = localRepository(join(folder, 'moved'), { 'config.yaml': configMap('config', { round: '0' }) })
    const file = join(folder, 'export.yaml')
    const admin = (name: string, ...args: string[]) =>
      run(['admin', ...args], { KUBECONFIG: join(data(name), 'kubeconfig'), TIPHYS_CONFIG_DIR: '/nonexistent' })
    const from = await start('from')
    await settle(from)
    const project = { group: 'argoproj.io', version: 'v1alpha1', kind: 'AppProject', namespace, name: 'team' }
    await from.create({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name: 'team', namespace },
      spec: {
        sourceRepos: ['*'],
        destinations: [{ server: '*', namespace: 'moved' }],
        clusterResourceWhitelist: [{ group: '', kind: 'Namespace' }],
      },
    })
    const moved = application('moved', { name: 'remote', namespace: 'moved' }, repository.url)
    await from.create({ ...moved, spec: { ...moved.spec, project: 'team' } })
    await deployed(from, 'moved', repository.revision())
    const before = (await from.get(project))?.spec
    const { out: password } = await admin('from', 'initial-password')
    expect(await admin('from', 'export', '--out', file)).toMatchObject({ code: 0, err: '' })
    expect(statSync(file).mode & 0o077).toBe(0)
    await end('SIGTERM')

    const to = await start('to')
    const imported = await admin('to', 'import', file)
    expect(imported).toMatchObject({ code: 0, err: '' })
    expect(imported.out).toMatch(/Application\S* \S*moved created/)
    expect(imported.out).toMatch(/ConfigMap \S*argocd-cm updated/)
    expect((await to.get(project))?.spec).toEqual(before)
    repository.commit({ 'config.yaml': configMap('config', { round: '1' }) })
    await deployed(to, 'moved', repository.revision())
    const target = { ...map, namespace: 'moved', name: 'config' }
    expect((await remote.client.get(target))?.data).toEqual({ round: '1' })
    const history = (await found(to, 'moved'))?.status?.history
    expect(history?.map(({ revision }) => revision)).toEqual([expect.any(String), repository.revision()])
    const signIn = () =>
      apiClient({ base: running?.url ?? '' }).call(routes.session.create, {
        body: { username: 'admin', password: password.trim() },
      })
    await until('the password is that of before', () =>
      signIn().then(
        ({ token }) => token.length > 0,
        () => false,
      ),
    )
    expect((await admin('to', 'import', file, '--dry-run')).out).not.toMatch(/created|pruned/)
  },
  patientlyMs,
)
