/** A backup of everything an installation has, brought back into an empty one. */
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { apiClient, routes } from '../../src/contract/index.ts'
import type { KubeObject } from '../../src/model/index.ts'
import { untilWithin } from './patience.ts'
import { type StandaloneProcess, startStandalone } from './standalone-process.ts'

const namespace = 'argocd'
const until = untilWithin(60_000)

let folder: string
let running: StandaloneProcess[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tiphys-backup-'))
})
afterEach(async () => {
  await Promise.all(running.map((one) => one.end('SIGKILL')))
  running = []
  rmSync(folder, { recursive: true, force: true })
})

async function start(name: string): Promise<StandaloneProcess> {
  const started = await startStandalone({ folder, data: join(folder, name) })
  running.push(started)
  return started
}

const labels = { 'app.kubernetes.io/part-of': 'argocd' }

function core(kind: 'ConfigMap' | 'Secret', name: string, more: { labels?: object; data?: object } = {}): KubeObject {
  const { data = { key: Buffer.from(name).toString('base64') }, ...metadata } = more
  return { apiVersion: 'v1', kind, metadata: { name, namespace, ...metadata }, data } as KubeObject
}

const project = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AppProject',
  metadata: { name: 'team', namespace },
  spec: { sourceRepos: ['*'], destinations: [{ server: '*', namespace: '*' }], sourceNamespaces: ['team-*'] },
}
const spec = {
  project: 'team',
  source: { repoURL: 'https://git.invalid/shop.git', path: '.' },
  destination: { server: 'https://nowhere.invalid', namespace: 'shop' },
}
const application = (name: string, home: string): KubeObject => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name, namespace: home },
  spec,
})

/** Besides what Tiphys itself makes at its start. */
const whole: KubeObject[] = [
  core('ConfigMap', 'argocd-cmd-params-cm', {
    data: { 'application.namespaces': '/^team-a$/', 'applicationsetcontroller.namespaces': 'team-*' },
  }),
  core('ConfigMap', 'argocd-rbac-cm', { data: { 'policy.default': 'role:readonly' } }),
  core('ConfigMap', 'argocd-notifications-cm', { data: { 'service.slack': 'token: $slack-token' } }),
  core('ConfigMap', 'argocd-image-updater-config', { data: { 'registries.conf': 'registries: []' } }),
  core('ConfigMap', 'argocd-image-updater-ssh-config'),
  core('ConfigMap', 'of-a-generator', { labels, data: { baseUrl: 'https://generator.invalid', token: '$of-sso:key' } }),
  core('Secret', 'argocd-notifications-secret'),
  core('Secret', 'argocd-image-updater-secret'),
  core('Secret', 'argocd-redis'),
  core('Secret', 'argocd-server-tls'),
  core('Secret', 'of-sso', { labels }),
  core('Secret', 'of-a-repository', { labels: { 'argocd.argoproj.io/secret-type': 'repository' } }),
  project,
  application('home', namespace),
  application('far', 'team-a'),
  {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'ApplicationSet',
    metadata: { name: 'sets', namespace: 'team-b' },
    spec: { generators: [{ list: { elements: [] } }], template: { metadata: { name: '{{x}}' }, spec } },
  },
  {
    apiVersion: 'argocd-image-updater.argoproj.io/v1alpha1',
    kind: 'ImageUpdater',
    metadata: { name: 'images', namespace },
    spec: { applicationRefs: [{ namePattern: 'none', images: [{ alias: 'a', imageName: 'registry.invalid/a' }] }] },
  },
]

function targetOf({ apiVersion, kind, metadata }: KubeObject) {
  const [version = '', group = ''] = apiVersion.split('/').reverse()
  return { group, version, kind, name: metadata.name, namespace: metadata.namespace ?? namespace }
}

const contentOf = ({ spec, data }: KubeObject) => ({
  ...(spec !== undefined && { spec }),
  ...(data !== undefined && { data }),
})

const session = (url: string, token?: string) => apiClient({ base: url, ...(token && { token: () => token }) })

test('everything of an installation is there after its backup is brought back into an empty one', async () => {
  const from = await start('from')
  for (const name of ['team-a', 'team-b']) {
    await from.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  }
  for (const object of whole) await from.client.create(object)
  await from.client.create(core('Secret', 'of-somebody'))
  const { out } = await from.admin('initial-password')
  const body = { username: 'admin', password: out.trim() }
  const { token: ended } = await session(from.url).call(routes.session.create, { body })
  const { token: lasting } = await session(from.url).call(routes.session.create, { body })
  await session(from.url, ended).call(routes.session.end, {})
  await expect(session(from.url, ended).call(routes.applications.list, {})).rejects.toMatchObject({ status: 401 })

  const file = join(folder, 'backup.yaml')
  expect(await from.admin('export', '--out', file)).toMatchObject({ code: 0, err: '' })
  const parameters = targetOf(whole[0] as KubeObject)
  const access = { ...parameters, kind: 'Secret', name: 'tiphys-access' }
  const kept = await from.client.get(access)
  expect(kept?.data).toHaveProperty('revocations')
  await from.end('SIGTERM')

  const to = await start('to')
  expect(await to.admin('import', file)).toMatchObject({ code: 0, err: '' })
  for (const object of whole) {
    const found = await to.client.get(targetOf(object))
    expect(found, `${object.kind} ${object.metadata.name}`).toMatchObject(contentOf(object))
    expect(found?.metadata.labels).toEqual(object.metadata.labels)
  }
  expect(await to.client.get({ ...access, name: 'of-somebody' })).toBeUndefined()
  expect((await to.client.get(access))?.data).toEqual(kept?.data)
  await until('the session that goes on is known', () =>
    session(to.url, lasting)
      .call(routes.applications.list, {})
      .then(
        ({ items }) => items?.length === 2,
        () => false,
      ),
  )
  await expect(session(to.url, ended).call(routes.applications.list, {})).rejects.toMatchObject({ status: 401 })
  expect((await to.admin('import', file, '--dry-run', '--prune')).out).not.toMatch(/created|pruned/)
  await to.end('SIGTERM')
  const again = await start('to')
  await expect(session(again.url, ended).call(routes.applications.list, {})).rejects.toMatchObject({ status: 401 })
}, 300_000)

test('a backup that cannot be finished leaves the one before; nobody else can read what is written', async () => {
  const api = await start('data')
  const file = join(folder, 'backup.yaml')
  writeFileSync(file, 'of yesterday')
  chmodSync(file, 0o644)
  const link = join(folder, 'latest.yaml')
  symlinkSync(file, link)
  expect(await api.admin('export', '--out', link)).toMatchObject({ code: 0, err: '' })
  expect(readFileSync(file, 'utf8')).toContain('argocd-secret')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readdirSync(folder).filter((name) => name.endsWith('.new'))).toEqual([])
  const missing = await api.admin('export', '--out', join(folder, 'nowhere', 'backup.yaml'))
  expect(missing).toMatchObject({ code: 20, err: expect.stringMatching(/cannot be written/) })
}, 300_000)
