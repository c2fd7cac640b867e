/** Projects from the command line, through the API. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AppProject } from '../../src/model/index.ts'
import { run } from './command-line.ts'
import { signIn } from './signed-in.ts'
import { startWorld, type World } from './world.ts'

const folder = mkdtempSync(join(tmpdir(), 'tiphys-cli-'))

let world: World
let env: Record<string, string>
beforeAll(async () => {
  world = await startWorld()
  const { token } = await signIn(world)
  env = { TIPHYS_SERVER: world.tiphys().url, TIPHYS_AUTH_TOKEN: token, TIPHYS_CONFIG_DIR: folder }
})
afterAll(async () => {
  await world.stop()
  rmSync(folder, { recursive: true, force: true })
})

const proj = (...args: string[]) => run(['proj', ...args], env)

async function changed(...args: string[]): Promise<void> {
  expect(await proj(...args)).toMatchObject({
    code: 0,
    err: '',
    out: `project ${args.find((word) => word.startsWith('shop'))} changed\n`,
  })
}

async function specOf(name: string): Promise<AppProject['spec']> {
  const { out } = await proj('get', name, '-o', 'json')
  return (JSON.parse(out) as AppProject).spec
}

test('a project is made with flags, changed thing by thing, and deleted', async () => {
  const made = await proj(
    'create',
    'shop',
    '-s',
    'https://git.example.com/*',
    '-d',
    'https://kubernetes.default.svc,shop',
    '--description',
    'the shop',
  )
  expect(made).toMatchObject({ code: 0, out: 'project shop created\n' })
  expect(await proj('create', 'shop')).toMatchObject({ code: 20, err: expect.stringMatching(/asked the API at/) })
  await changed('add-source', 'shop', 'https://charts.example.com')
  expect(await proj('add-source', 'shop', 'https://charts.example.com')).toMatchObject({
    code: 0,
    out: 'project shop stays as it is\n',
  })
  await changed('add-destination', 'shop', 'in-cluster', 'shop-test', '--name')
  await changed('remove-destination', 'shop', 'https://kubernetes.default.svc', 'shop')
  await changed('allow-cluster-resource', 'shop', '', 'Namespace', 'shop-*')
  await changed('deny-namespace-resource', 'shop', 'batch', 'Job')
  await changed('allow-namespace-resource', 'shop', 'apps', 'Deployment', '-l', 'allow')
  await changed('add-orphaned-ignore', 'shop', 'apps', 'ReplicaSet', '--name', 'old-*')
  await changed('set', 'shop', '--orphaned-resources-warn', 'false')
  expect(await specOf('shop')).toEqual({
    description: 'the shop',
    sourceRepos: ['https://git.example.com/*', 'https://charts.example.com'],
    destinations: [{ name: 'in-cluster', namespace: 'shop-test' }],
    clusterResourceWhitelist: [{ group: '', kind: 'Namespace', name: 'shop-*' }],
    namespaceResourceBlacklist: [{ group: 'batch', kind: 'Job' }],
    namespaceResourceWhitelist: [{ group: 'apps', kind: 'Deployment' }],
    orphanedResources: { warn: false, ignore: [{ group: 'apps', kind: 'ReplicaSet', name: 'old-*' }] },
  })
  await changed('allow-namespace-resource', 'shop', 'batch', 'Job')
  expect((await specOf('shop')).namespaceResourceBlacklist).toEqual([])
  expect((await proj('list')).out).toMatch(
    /^shop +the shop +in-cluster,shop-test +2 repositories +Namespace\/shop-\*$/m,
  )
  expect((await proj('get', 'shop')).out).toMatch(/^Destinations: +in-cluster,shop-test$/m)
  expect(await proj('remove-destination', 'shop', 'nowhere', 'x')).toMatchObject({
    code: 20,
    err: expect.stringMatching(/no destination nowhere x/),
  })
  expect(await proj('set', 'shop')).toMatchObject({ code: 2 })
  expect(await proj('delete', 'shop')).toMatchObject({ code: 0, out: 'project shop deleted\n' })
  expect(await proj('get', 'shop')).toMatchObject({ code: 20 })
})

test('a role has policies and groups, and its token may do just that', async () => {
  const file = join(folder, 'project.yaml')
  writeFileSync(
    file,
    'apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: shop-roles}\nspec: {sourceRepos: ["*"], destinations: [{server: "*", namespace: "*"}]}\n',
  )
  expect(await proj('create', '-f', file)).toMatchObject({ code: 0 })
  await changed('role', 'create', 'shop-roles', 'ci', '--description', 'for builds')
  await changed('role', 'add-policy', 'shop-roles', 'ci', '-a', 'get', '-o', '*')
  await changed('role', 'add-group', 'shop-roles', 'ci', 'builders')
  expect((await proj('role', 'get', 'shop-roles', 'ci', '-o', 'yaml')).out).toContain(
    'p, proj:shop-roles:ci, applications, get, shop-roles/*, allow',
  )
  const { out: token } = await proj('role', 'create-token', 'shop-roles', 'ci', '-e', '1h', '-i', 'build', '-t')
  const asRole = { ...env, TIPHYS_AUTH_TOKEN: token.trim() }
  expect((await run(['account', 'can-i', 'get', 'applications', 'shop-roles/x'], asRole)).out).toBe('yes\n')
  expect((await run(['account', 'can-i', 'sync', 'applications', 'shop-roles/x'], asRole)).out).toBe('no\n')
  expect((await proj('role', 'list-tokens', 'shop-roles', 'ci')).out).toMatch(/^build +\d{4}-\S+Z +\d{4}-\S+Z$/m)
  expect(await proj('role', 'delete-token', 'shop-roles', 'ci', 'build')).toMatchObject({ code: 0 })
  expect((await run(['app', 'list'], asRole)).code).toBe(20)
  await changed('role', 'remove-policy', 'shop-roles', 'ci', '-a', 'get', '-o', '*')
  await changed('role', 'remove-group', 'shop-roles', 'ci', 'builders')
  expect((await proj('role', 'list', 'shop-roles', '-o', 'name')).out).toBe('ci\n')
  await changed('role', 'delete', 'shop-roles', 'ci')
  expect(await proj('role', 'get', 'shop-roles', 'ci')).toMatchObject({
    code: 20,
    err: expect.stringMatching(/no role ci; there are: none/),
  })
})

test('windows and signature policies are added, changed and removed by their place', async () => {
  expect(await proj('create', 'shop-windows', '-s', '*')).toMatchObject({ code: 0 })
  const add = ['windows', 'add', 'shop-windows', '-k', 'allow', '--schedule', '* * * * *', '--duration', '1h']
  await changed(...add, '--applications', 'a-*,b', '--manual-sync')
  await changed(
    'windows',
    'add',
    'shop-windows',
    '-k',
    'deny',
    '--schedule',
    '0 0 1 1 *',
    '--duration',
    '1s',
    '--clusters',
    '*',
  )
  await changed('windows', 'enable-sync-overrun', 'shop-windows', '0')
  await changed('windows', 'disable-manual-sync', 'shop-windows', '0')
  await changed('windows', 'update', 'shop-windows', '0', '--duration', '2h')
  expect((await specOf('shop-windows')).syncWindows?.[0]).toEqual({
    ...{ kind: 'allow', schedule: '* * * * *', duration: '2h', applications: ['a-*', 'b'] },
    ...{ manualSync: false, syncOverrun: true },
  })
  expect((await proj('windows', 'list', 'shop-windows')).out).toMatch(/^0 +open +allow .*\n1 +closed +deny /m)
  await changed('windows', 'delete', 'shop-windows', '1')
  expect(await proj('windows', 'delete', 'shop-windows', '1')).toMatchObject({
    code: 20,
    err: expect.stringMatching(/no window 1/),
  })
  const wrong = await proj('windows', 'update', 'shop-windows', '0', '--schedule', 'never')
  expect(wrong).toMatchObject({ code: 20, err: expect.stringMatching(/schedule/) })

  const policies = ['source-integrity', 'git', 'policies']
  await changed(
    ...policies,
    'add',
    'shop-windows',
    '--gpg-mode',
    'strict',
    '--repo-url',
    'https://git.example.com/*',
    '--gpg-key',
    '4AEE18F83AFDEB23',
  )
  await changed(...policies, 'update', 'shop-windows', '0', '--add-gpg-key', 'D56C4FCA57A46444', '--gpg-mode', 'head')
  expect((await specOf('shop-windows')).sourceIntegrity?.git?.policies).toEqual([
    {
      repos: [{ url: 'https://git.example.com/*' }],
      gpg: { mode: 'head', keys: ['4AEE18F83AFDEB23', 'D56C4FCA57A46444'] },
    },
  ])
  await changed(...policies, 'delete', 'shop-windows', '0', '--yes')
  expect((await proj(...policies, 'list', 'shop-windows', '-o', 'name')).out).toBe('')
})
