/** Backing up, bringing back and checking an installation from the command line. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { apiClient, routes } from '../../src/contract/index.ts'
import type { KubeObject } from '../../src/model/index.ts'
import { run, tiphysIn } from './command-line.ts'
import { configMap } from './manifests.ts'
import { signIn } from './signed-in.ts'
import { startWorld, type World } from './world.ts'

const folder = mkdtempSync(join(tmpdir(), 'tiphys-cli-'))
const backup = join(folder, 'backup.yaml')

let world: World
beforeAll(async () => {
  world = await startWorld({ 'accounts.ann': 'apiKey' })
})
afterAll(async () => {
  await world.stop()
  rmSync(folder, { recursive: true, force: true })
})

const tiphys = (...args: string[]) => tiphysIn(world, args)

function target(group: string, kind: string, name: string) {
  return { group, version: group ? 'v1alpha1' : 'v1', kind, namespace: world.controlNamespace, name }
}

const contentOf = (object: KubeObject | undefined) => {
  const { metadata, ...rest } = object ?? ({} as KubeObject)
  const { labels, annotations, finalizers } = metadata ?? {}
  return { ...rest, metadata: { labels, annotations, finalizers } }
}

test('what is exported comes back after it has been lost, and nothing else is touched', async () => {
  const { api } = await signIn(world)
  const repo = 'https://git.example.com/shop.git'
  await api.call(routes.repositoryCredentials.create, {
    body: { url: repo, username: 'ann', password: 'of the backup' },
  })
  const project = { metadata: { name: 'shop' }, spec: { description: 'the shop', sourceRepos: ['*'] } }
  await api.call(routes.projects.create, {
    body: { project: { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', ...project } },
  })
  const app = await world.application(world.repository({ 'a.yaml': configMap('a') }), { syncPolicy: {} })
  await app.until('compared', ({ sync }) => sync?.status === 'OutOfSync')
  await world.client.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'of-somebody', namespace: world.controlNamespace },
  })

  expect(await tiphys('admin', 'export', '--out', backup)).toMatchObject({ code: 0, out: '' })
  expect(statSync(backup).mode & 0o777).toBe(0o600)
  expect((await tiphys('admin', 'import', backup, '--dry-run')).out).not.toMatch(/created|pruned/)
  const shop = target('argoproj.io', 'AppProject', 'shop')
  const before = {
    project: contentOf(await world.client.get(shop)),
    settings: contentOf(await world.client.get(target('', 'ConfigMap', 'argocd-cm'))),
  }

  await world.client.delete(shop)
  await world.client.patch(
    target('', 'ConfigMap', 'argocd-cm'),
    { data: { 'accounts.ann': 'login' } },
    { type: 'merge' },
  )
  await api.call(routes.projects.create, {
    body: {
      project: { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', metadata: { name: 'later' }, spec: {} },
    },
  })
  const planned = await tiphys('admin', 'import', backup, '--dry-run', '--prune')
  expect(planned.out).toMatch(/AppProject\S* \S*shop created \(dry run\)/)
  expect(planned.out).toMatch(/AppProject\S* \S*later pruned \(dry run\)/)
  expect(await world.client.get(shop)).toBeUndefined()

  const done = await tiphys('admin', 'import', backup, '--prune')
  expect(done).toMatchObject({ code: 0, out: expect.stringMatching(/ConfigMap \S*argocd-cm updated/) })
  expect(contentOf(await world.client.get(shop))).toEqual(before.project)
  expect(contentOf(await world.client.get(target('', 'ConfigMap', 'argocd-cm')))).toEqual(before.settings)
  expect(await world.client.get(target('argoproj.io', 'AppProject', 'later'))).toBeUndefined()
  expect(await world.client.get(target('', 'Secret', 'of-somebody'))).toBeDefined()
  const again = await tiphys('admin', 'import', backup, '--verbose')
  expect(again).toMatchObject({ code: 0, out: expect.stringMatching(/AppProject\S* \S*shop unchanged/) })
})

test('an import takes nothing that is no part of an installation', async () => {
  const file = join(folder, 'other.yaml')
  writeFileSync(
    file,
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kube-root-ca.crt}\ndata: {}\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: stolen}\n',
  )
  const refused = await tiphys('admin', 'import', file)
  expect(refused).toMatchObject({
    code: 20,
    out: '',
    err: expect.stringMatching(/ConfigMap .*kube-root-ca.crt: it is nothing of an installation/),
  })
  expect(await world.client.get(target('', 'Secret', 'stolen'))).toBeUndefined()
})

test('the first password is read, and made anew: the old one counts no more', async () => {
  const old = world.tiphys().adminPassword ?? ''
  expect((await tiphys('admin', 'initial-password')).out).toBe(`${old}\n`)
  const { out } = await tiphys('admin', 'initial-password', 'reset')
  const signInWith = (password: string) =>
    apiClient({ base: world.tiphys().url }).call(routes.session.create, { body: { username: 'admin', password } })
  await expect
    .poll(() =>
      signInWith(out.trim())
        .then(({ token }) => token.length > 0)
        .catch(() => false),
    )
    .toBe(true)
  await expect(signInWith(old)).rejects.toMatchObject({ status: 401 })
})

test('settings are checked, those of the cluster and those of files', async () => {
  expect(await tiphys('admin', 'settings', 'validate', '--load-cluster-settings')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^accounts: fine \(accounts: admin, ann\)$/m),
  })
  const file = join(folder, 'argocd-cm.yaml')
  writeFileSync(
    file,
    `apiVersion: v1
kind: ConfigMap
metadata: {name: argocd-cm}
data:
  accounts.bob: login, fly
  timeout.reconciliation: soon
  resource.exclusions: '{}'
  resource.customizations.health.example.com_Widget: |
    local health = {}
    retrun health
  oidc.config: 'issuer: http://provider.example.com'
`,
  )
  const found = await tiphys('admin', 'settings', 'validate', '--argocd-cm-path', file)
  expect(found.code).toBe(1)
  for (const words of [
    /timeout\.reconciliation is "soon"/,
    /names "fly"/,
    /Widget, line 2/,
    /resource\.exclusions is no list/,
    /nobody can sign in through the provider/,
  ]) {
    expect(found.out).toMatch(words)
  }
  expect(await tiphys('admin', 'settings', 'validate')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/--argocd-cm-path/),
  })
})

test('a policy answers with the line that decides, without any cluster too', async () => {
  const file = join(folder, 'policy.csv')
  writeFileSync(
    file,
    '# ours\np, role:dev, applications, sync, shop/*, allow\np, role:dev, applications, sync, shop/db, deny\ng, ann, role:dev\n',
  )
  const can = (...args: string[]) => run(['admin', 'settings', 'rbac', 'can', ...args, '--policy-file', file], {})
  expect(await can('ann', 'sync', 'application', 'shop/web')).toMatchObject({
    code: 0,
    out: 'Yes\n',
    err: 'policy.csv, line 2: p, role:dev, applications, sync, shop/*, allow\n',
  })
  expect(await can('ann', 'sync', 'application', 'shop/db')).toMatchObject({
    code: 1,
    out: 'No\n',
    err: expect.stringMatching(/line 3/),
  })
  expect(await can('bob', 'get', 'app', 'shop/web')).toMatchObject({
    code: 1,
    out: 'No\n',
    err: 'no line is about it\n',
  })
  expect(await can('bob', 'get', 'app', 'shop/web', '--default-role', 'role:readonly', '-q')).toEqual({
    code: 0,
    out: '',
    err: '',
  })
  expect(await can('ann', 'fly', 'app')).toMatchObject({ code: 2, err: expect.stringMatching(/no action fly/) })
  expect(await run(['admin', 'rbac', 'validate', '--policy-file', file], {})).toMatchObject({
    code: 0,
    out: 'Policy is valid.\n',
  })
  writeFileSync(file, 'p, role:dev, applications\n')
  expect(await run(['admin', 'rbac', 'validate', '--policy-file', file], {})).toMatchObject({
    code: 1,
    out: expect.stringMatching(/error: policy\.csv, line 1/),
  })
  const metadata = { name: 'argocd-rbac-cm', namespace: world.controlNamespace }
  await world.client.apply(
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'policy.csv': 'p, bob, projects, get, *, allow' } },
    { fieldManager: 'e2e' },
  )
  expect(await tiphys('admin', 'rbac', 'can', 'bob', 'get', 'project', 'default')).toMatchObject({
    code: 0,
    out: 'Yes\n',
  })
})

test('a policy means what the switches of the installation make of it', async () => {
  const configMap = (name: string, data: Record<string, string>) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: world.controlNamespace },
    data,
  })
  const store = (name: string, data: Record<string, string>) =>
    world.client.apply(configMap(name, data), { fieldManager: 'e2e-switches' })
  const before = await tiphys('admin', 'rbac', 'can', 'carl', 'rollback', 'application', 'shop/web')
  expect(before.code).toBe(1)
  await store('argocd-rbac-cm', { 'policy.switches.csv': 'p, carl, applications, sync, */*, allow' })
  expect(await tiphys('admin', 'rbac', 'can', 'carl', 'rollback', 'application', 'shop/web')).toMatchObject({ code: 0 })
  await store('argocd-cm', { 'server.rbac.rollback.enforce.enable': 'true' })
  expect(await tiphys('admin', 'rbac', 'can', 'carl', 'rollback', 'application', 'shop/web')).toMatchObject({ code: 1 })
  await store('argocd-cm', {})
})

test('what resource.customizations make of an object is shown', async () => {
  const settings = join(folder, 'customizations.yaml')
  writeFileSync(
    settings,
    `apiVersion: v1
kind: ConfigMap
metadata: {name: argocd-cm}
data:
  resource.customizations.health.ConfigMap: 'return { status = "Degraded", message = obj.data.why }'
  resource.customizations.ignoreDifferences.ConfigMap: 'jsonPointers: [/data/why]'
`,
  )
  const object = join(folder, 'object.yaml')
  writeFileSync(object, configMap('a', { why: 'it is old', kept: 'x' }))
  const overrides = (...args: string[]) =>
    run(['admin', 'settings', 'resource-overrides', ...args, '--argocd-cm-path', settings], {})
  expect((await overrides('health', object)).out).toBe('STATUS: Degraded\nMESSAGE: it is old\n')
  const { out } = await overrides('ignore-differences', object)
  expect(out).toContain('kept: x')
  expect(out).not.toContain('it is old')
  expect((await overrides('list-actions', object)).code).toBe(0)
})
