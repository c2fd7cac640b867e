/** The command line through the API: from signing in to signing out, with rights that are asked and told. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run, start } from './command-line.ts'
import { configMap, deployment } from './manifests.ts'
import { startWorld, type World } from './world.ts'

const folder = mkdtempSync(join(tmpdir(), 'tiphys-cli-'))
const logins = join(folder, 'config')

let world: World
beforeAll(async () => {
  world = await startWorld({ 'accounts.ann': 'login, apiKey' })
  const metadata = { name: 'argocd-rbac-cm', namespace: world.controlNamespace }
  const data = { 'policy.csv': 'p, ann, applications, get, */*, allow' }
  await world.client.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data }, { fieldManager: 'e2e' })
})
afterAll(async () => {
  await world.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** No kubeconfig: what is answered can only come through the API. */
const env = { TIPHYS_CONFIG_DIR: folder, KUBECONFIG: '/nonexistent' }
const tiphys = (...args: string[]) => run(args, env)

async function json(...args: string[]) {
  const ended = await tiphys(...args, '-o', 'json')
  expect(ended).toMatchObject({ code: 0, err: '' })
  return JSON.parse(ended.out)
}

test('whoever signs in is remembered, in a file that nobody else may read', async () => {
  const password = world.tiphys().adminPassword ?? ''
  const wrong = await run(['login', world.tiphys().url, '--username', 'admin'], env, 'not-the-password\n')
  expect(wrong).toMatchObject({ code: 20, err: expect.stringContaining(`asked the API at ${world.tiphys().url}`) })
  const signedIn = await run(['login', world.tiphys().url, '--name', 'here'], env, `admin\n${password}\n`)
  expect(signedIn).toMatchObject({ code: 0, out: 'admin is signed in\nlogin here is in use\n' })
  expect(signedIn.err).not.toContain(password)
  expect(statSync(logins).mode & 0o777).toBe(0o600)
  expect((await tiphys('context')).out).toMatch(/^\* +here +127\.0\.0\.1:\d+$/m)
  expect(await json('account', 'get-user-info')).toMatchObject({ loggedIn: true, username: 'admin' })
  const { out } = await tiphys('version')
  expect(out).toMatch(/^tiphys: \S+\nserver: \S+\n/)
})

test('an application is made, synced, waited for, looked into, changed, rolled back and deleted', async () => {
  const repository = world.repository({ 'web.yaml': deployment('web'), 'config.yaml': configMap('config', { v: '1' }) })
  const name = world.unique('api')
  const create = ['app', 'create', name, '--repo', repository.url, '--path', '.', '--revision', 'main']
  const place = ['--dest-name', 'in-cluster', '--dest-namespace', name, '--sync-option', 'CreateNamespace=true']
  expect(await tiphys(...create, ...place)).toMatchObject({ code: 0, out: `application ${name} created\n` })
  const other = await tiphys(...create, '--dest-name', 'in-cluster', '--dest-namespace', 'other')
  expect(other).toMatchObject({ code: 20, err: expect.stringMatching(/exists already: use --upsert/) })

  const synced = await tiphys('app', 'sync', name, '--timeout', '60')
  expect(synced).toMatchObject({ code: 0, out: expect.stringMatching(/apps +Deployment +\S+ +web +Synced/) })
  expect(await tiphys('app', 'wait', name, '--timeout', '60')).toMatchObject({ code: 0 })
  const { status } = await json('app', 'get', name)
  expect(status).toMatchObject({
    sync: { status: 'Synced' },
    operationState: { operation: { initiatedBy: { username: 'admin' } } },
  })
  expect((await tiphys('app', 'list', '-o', 'name')).out.split('\n')).toContain(name)

  const second = repository.commit({ 'config.yaml': configMap('config', { v: '2' }) })
  expect((await tiphys('app', 'get', name, '--refresh')).out).toContain('OutOfSync')
  const diff = await tiphys('app', 'diff', name)
  expect(diff).toMatchObject({ code: 1, out: expect.stringContaining('data.v: "1" → "2"') })
  expect(await tiphys('app', 'diff', name, '--revision', status.sync.revision)).toMatchObject({ code: 0, out: '' })
  expect((await tiphys('app', 'manifests', name)).out).toMatch(/kind: ConfigMap[\s\S]*v: '2'/)
  expect((await tiphys('app', 'manifests', name, '--source', 'live')).out).toMatch(/kind: ConfigMap[\s\S]*v: '1'/)
  expect(await tiphys('app', 'sync', '--project', 'default', '--timeout', '60')).toMatchObject({ code: 0 })
  const history = (await json('app', 'history', name)) as { revision: string }[]
  expect(history.map(({ revision }) => revision)).toEqual([status.sync.revision, second])

  expect(await tiphys('app', 'rollback', name, '--timeout', '60')).toMatchObject({ code: 0 })
  expect(await json('app', 'get-resource', name, '--kind', 'ConfigMap', '--filter-fields', 'data.v')).toEqual({
    'data.v': '1',
  })
  expect((await tiphys('app', 'resources', name, '-o', 'tree')).out).toMatch(
    /^Deployment\/web[\s\S]*└─ReplicaSet\/web-/m,
  )

  const choice = ['--kind', 'ConfigMap', '--resource-name', 'config']
  const patch = ['--patch', '{"data":{"extra":"x"}}']
  expect(await tiphys('app', 'patch-resource', name, ...choice, ...patch)).toMatchObject({ code: 0 })
  const target = { group: '', version: 'v1', kind: 'ConfigMap', namespace: name, name: 'config' }
  expect((await world.client.get(target))?.data).toMatchObject({ extra: 'x' })
  expect(await tiphys('app', 'delete-resource', name, ...choice)).toMatchObject({ code: 0 })
  await expect.poll(() => world.client.get(target)).toBeUndefined()
  expect(await tiphys('app', 'delete-resource', name)).toMatchObject({ code: 2, err: expect.stringMatching(/--kind/) })

  expect((await tiphys('app', 'actions', 'list', name, '--kind', 'Deployment')).out).toContain('"name":"restart"')
  const restart = ['app', 'actions', 'run', name, 'restart', '--kind', 'Deployment', '--resource-name', 'web']
  expect(await tiphys(...restart)).toMatchObject({ code: 0 })

  expect(
    await tiphys('app', 'patch', name, '--type', 'merge', '--patch', '{"spec":{"revisionHistoryLimit":3}}'),
  ).toMatchObject({ code: 0 })
  expect(await tiphys('app', 'set', name, '--directory-include', '*.yaml')).toMatchObject({ code: 0 })
  expect((await json('app', 'get', name)).spec).toMatchObject({
    revisionHistoryLimit: 3,
    source: { directory: { include: '*.yaml' } },
  })
  expect(await tiphys('app', 'terminate-op', name)).toMatchObject({
    code: 20,
    err: expect.stringMatching(/[Nn]o operation/),
  })

  expect(await tiphys('app', 'delete', name, '--wait', '--timeout', '60')).toMatchObject({ code: 0 })
  expect(await tiphys('app', 'wait', name, '--delete', '--timeout', '10')).toMatchObject({ code: 0 })
  expect(await tiphys('app', 'get', name)).toMatchObject({ code: 20, err: expect.stringMatching(/no application/) })
})

/** Logs are written by kubelets, of which a test cluster without nodes has none. */
function onSandbox(title: string, body: () => Promise<void>): void {
  if (process.env.KUBECONFIG === undefined) test(title, body)
}

onSandbox('logs are told through the API and straight from the cluster alike', async () => {
  const files = { 'web.yaml': deployment('web', { replicas: 2 }) + deployment('api') }
  const app = await world.application(world.repository(files))
  await app.settled()
  const straight = { KUBECONFIG: world.kubeconfig, TIPHYS_NAMESPACE: world.controlNamespace }
  for (const how of [env, { ...env, ...straight, TIPHYS_OPTS: '--core' }]) {
    const all = await run(['app', 'logs', app.name, '--kind', 'Deployment', '--name', 'web'], how)
    expect(all).toMatchObject({ code: 0, err: '' })
    const pods = new Set(
      all.out
        .split('\n')
        .filter(Boolean)
        .map((line) => line.split(' ')[0]),
    )
    expect([...pods].every((pod) => pod?.startsWith('web-'))).toBe(true)
    expect(pods.size).toBe(2)
    const one = await run(['app', 'logs', app.name, '--kind', 'Deployment', '--name', 'web', '--tail', '1'], how)
    expect(one.out.trim().split('\n')).toHaveLength(2)
    const none = await run(['app', 'logs', app.name, '--filter', 'words that nobody says'], how)
    expect(none).toMatchObject({ code: 0, out: '' })
  }
  const { child, ended } = start(['app', 'logs', app.name, '--follow', '--tail', '1'], env)
  child.stdout?.once('data', () => child.kill('SIGINT'))
  expect(await ended).toMatchObject({ code: 0, out: expect.stringMatching(/^(web|api)-/) })
})

test('who may only look is told so by the server, and a token in the environment counts before the login', async () => {
  const app = await world.application(world.repository({ 'a.yaml': configMap('a') }), { syncPolicy: {} })
  await app.until('compared', ({ sync }) => sync?.status === 'OutOfSync')
  const { out } = await tiphys('account', 'generate-token', '--account', 'ann', '--expires-in', '1h', '--id', 'ci')
  const asAnn = (...args: string[]) => run(args, { ...env, ARGOCD_AUTH_TOKEN: out.trim() })
  expect((await asAnn('account', 'get-user-info', '-o', 'name')).out).toBe('ann\n')
  expect((await asAnn('app', 'get', app.name)).code).toBe(0)
  expect((await asAnn('account', 'can-i', 'get', 'applications', `default/${app.name}`)).out).toBe('yes\n')
  expect((await asAnn('account', 'can-i', 'sync', 'applications', `default/${app.name}`)).out).toBe('no\n')
  const refused = await asAnn('app', 'sync', app.name)
  expect(refused).toMatchObject({ code: 20, err: expect.stringMatching(/permission denied[\s\S]*as a given token/) })
  expect(app.status().operationState).toBeUndefined()

  expect(await tiphys('account', 'delete-token', 'ci', '--account', 'ann')).toMatchObject({ code: 0 })
  const ended = await asAnn('app', 'list')
  expect(ended).toMatchObject({ code: 20, err: expect.stringMatching(/give another token/) })
})

test('what is read with credentials is made known, listed and forgotten, and no secret comes back', async () => {
  const repo = 'https://git.example.com/shop.git'
  const secret = 'canary-of-the-command-line'
  const added = await run(['repocreds', 'add', 'https://git.example.com/', '--username', 'ann'], env, `${secret}\n`)
  expect(added).toMatchObject({ code: 0, out: 'credentials for https://git.example.com/ added\n' })
  const listed = await tiphys('repocreds', 'list', '-o', 'json')
  expect(listed.out).toContain('https://git.example.com/')
  expect(listed.out).not.toContain(secret)
  expect((await tiphys('repo', 'get', repo)).code).toBe(20)
  expect(await tiphys('repocreds', 'rm', 'https://git.example.com/')).toMatchObject({ code: 0 })
  expect((await tiphys('repocreds', 'list', '-o', 'url')).out).not.toContain('git.example.com')

  const key = 'git.example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB0hWyfZ9mPXbhT8bnkVIuMbjJX3FDBdmoTWmbVwbgnZ\n'
  expect(await run(['cert', 'add-ssh', '--batch'], env, key)).toMatchObject({ code: 0, out: '1 host keys added\n' })
  expect((await tiphys('cert', 'list', '--cert-type', 'ssh')).out).toMatch(
    /git\.example\.com +ssh +ssh-ed25519 +SHA256:/,
  )
  expect(await tiphys('cert', 'rm', 'git.example.com')).toMatchObject({ code: 0 })

  expect((await tiphys('cluster', 'list')).out).toMatch(/https:\/\/kubernetes\.default\.svc +in-cluster/)
  expect((await json('cluster', 'get', 'in-cluster')).server).toBe('https://kubernetes.default.svc')
  expect((await tiphys('gpg', 'list', '-o', 'name')).code).toBe(0)
})

test('ApplicationSets are made, shown and deleted; what the server cannot do it says', async () => {
  const name = world.unique('set')
  const file = join(folder, 'set.yaml')
  writeFileSync(
    file,
    `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: ${name}}
spec:
  generators: [{list: {elements: [{name: one}]}}]
  template:
    metadata: {name: '{{name}}'}
    spec: {project: default, destination: {name: in-cluster}, source: {repoURL: 'https://git.example.com/a.git', path: .}}
`,
  )
  expect(await tiphys('appset', 'create', file)).toMatchObject({ code: 0, out: `ApplicationSet ${name} created\n` })
  expect((await tiphys('appset', 'list')).out).toMatch(new RegExp(`^${name} +default +list`, 'm'))
  expect((await json('appset', 'get', name)).metadata.name).toBe(name)
  const generated = await tiphys('appset', 'generate', file)
  expect(generated.code === 0 || /\(asked the API at/.test(generated.err)).toBe(true)
  expect(await tiphys('appset', 'delete', name, '--yes', '--wait')).toMatchObject({ code: 0 })
})

test('flags in front of the word count, and those of ARGOCD_OPTS; either way but not both is meant', async () => {
  const { url } = world.tiphys()
  const token = (await tiphys('account', 'session-token')).out.trim()
  const away = { TIPHYS_CONFIG_DIR: join(folder, 'none'), ARGOCD_OPTS: `--server '${url}' --grpc-web` }
  expect((await run(['--auth-token', token, 'account', 'get-user-info', '-o', 'name'], away)).out).toBe('admin\n')
  const both = await tiphys('app', 'list', '--server', url, '--core')
  expect(both).toMatchObject({ code: 2, err: expect.stringMatching(/leave one of them out/) })
  const core = await run(['app', 'list', '-o', 'name', '--core'], {
    ...env,
    KUBECONFIG: world.kubeconfig,
    TIPHYS_NAMESPACE: world.controlNamespace,
  })
  expect(core.code).toBe(0)
  expect(await run(['proj', 'list'], { TIPHYS_CONFIG_DIR: join(folder, 'none') })).toMatchObject({
    code: 2,
    err: expect.stringMatching(/tiphys login/),
  })
  const silent = await tiphys('app', 'list', '--server', 'http://127.0.0.1:9')
  expect(silent).toMatchObject({ code: 20, err: expect.stringMatching(/http:\/\/127\.0\.0\.1:9 cannot be reached/) })
})

test('whoever signs out is known no more, here and there', async () => {
  const token = (await tiphys('account', 'session-token')).out.trim()
  expect(await tiphys('logout')).toMatchObject({ code: 0, out: 'login here has no token any more\n' })
  expect(readFileSync(logins, 'utf8')).not.toContain(token)
  const again = await run(['app', 'list'], { ...env, TIPHYS_AUTH_TOKEN: token })
  expect(again).toMatchObject({ code: 20, err: expect.stringMatching(/sign in/) })
  expect(await tiphys('app', 'list')).toMatchObject({
    code: 20,
    err: expect.stringMatching(/tiphys relogin --argocd-context here/),
  })
  const password = world.tiphys().adminPassword ?? ''
  expect(await run(['relogin'], env, `admin\n${password}\n`)).toMatchObject({ code: 0 })
  expect(await tiphys('app', 'list')).toMatchObject({ code: 0 })
  expect(await tiphys('context', 'here', '--delete')).toMatchObject({ code: 0 })
  expect((await tiphys('context', '-o', 'name')).out).toBe('')
})
