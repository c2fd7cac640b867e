/** Clusters from the command line: added with an account of their own, shown, changed, given another token, forgotten. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run } from './command-line.ts'
import { configMap } from './manifests.ts'
import { type SandboxCluster, startSandboxCluster } from './sandbox-cluster.ts'
import { startWorld, type World } from './world.ts'

const folder = mkdtempSync(join(tmpdir(), 'tiphys-cli-clusters-'))
const kubeconfig = join(folder, 'kubeconfig')
let world: World
let far: SandboxCluster

const tiphys = (...args: string[]) => run(['cluster', ...args], { TIPHYS_CONFIG_DIR: folder, KUBECONFIG: kubeconfig })

beforeAll(async () => {
  far = await startSandboxCluster()
  world = await startWorld()
  world.secrets.push(far.token)
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'far', cluster: { server: far.server, 'certificate-authority-data': far.caData } }],
    contexts: [{ name: 'far-admin', context: { cluster: 'far', user: 'admin' } }],
    users: [{ name: 'admin', user: { token: far.token } }],
  }
  writeFileSync(kubeconfig, JSON.stringify(config))
  const password = `admin\n${world.tiphys().adminPassword}\n`
  const signedIn = await run(['login', world.tiphys().url], { TIPHYS_CONFIG_DIR: folder }, password)
  expect(signedIn.code).toBe(0)
})
afterAll(async () => {
  await world.stop()
  await far.stop()
  rmSync(folder, { recursive: true, force: true })
})

const onFar = (kind: string, name: string, group = '', namespace = '') =>
  far.client.get({ group, version: 'v1', kind, namespace, name })

async function shown(): Promise<{ connectionState: { status: string }; project?: string; labels?: object }> {
  const { out } = await tiphys('get', 'far', '-o', 'json')
  return JSON.parse(out)
}

async function keptToken(): Promise<string> {
  const namespace = world.controlNamespace
  const resource = (await world.client.apiResources()).find('', 'Secret')
  if (!resource) throw new Error('no Secrets')
  for await (const { data = {} } of world.client.list(resource, { namespace })) {
    const { server = '', config = '' } = data as Record<string, string>
    if (Buffer.from(server, 'base64').toString() !== far.server) continue
    return JSON.parse(Buffer.from(config, 'base64').toString()).bearerToken
  }
  throw new Error('it is not registered')
}

test('nothing is made on a cluster before somebody has said yes', async () => {
  const refused = await tiphys('add', 'far-admin')
  expect(refused).toMatchObject({ code: expect.not.stringMatching('^0$'), err: expect.stringMatching(/--yes/) })
  expect(refused.code).not.toBe(0)
  expect(await onFar('ServiceAccount', 'argocd-manager', '', 'kube-system')).toBeUndefined()
  expect((await tiphys('add', 'nowhere', '--yes')).err).toMatch(/no context nowhere; there are far-admin/)
})

test('a cluster is added with an account of its own, and an application goes there', async () => {
  const added = await tiphys('add', 'far-admin', '--name', 'far', '--label', 'env=prod', '--annotation', 'a=b', '-y')
  expect(added).toMatchObject({ code: 0, out: `cluster ${far.server} added as far\n`, err: '' })
  expect(await onFar('ClusterRole', 'argocd-manager-role', 'rbac.authorization.k8s.io')).toMatchObject({
    rules: [
      { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
      { nonResourceURLs: ['*'], verbs: ['*'] },
    ],
  })
  expect(await onFar('ClusterRoleBinding', 'argocd-manager-role-binding', 'rbac.authorization.k8s.io')).toMatchObject({
    subjects: [{ kind: 'ServiceAccount', name: 'argocd-manager', namespace: 'kube-system' }],
  })
  expect(await keptToken()).not.toBe(far.token)
  await expect.poll(async () => (await shown()).connectionState.status, { timeout: 10_000 }).toBe('Successful')
  const repository = world.repository({ 'settings.yaml': configMap('settings', { a: '1' }) })
  const namespace = world.unique('cli')
  const app = await world.application(repository, { destination: { name: 'far', namespace } })
  await app.settled()
  expect((await onFar('ConfigMap', 'settings', '', namespace))?.data).toEqual({ a: '1' })
  const { out } = await tiphys('list')
  expect(out).toMatch(new RegExp(`^${far.server} +far +v1\\.\\S+ +Successful`, 'm'))
})

test('its token is exchanged for another, and the old one is void', async () => {
  const old = await keptToken()
  world.secrets.push(old)
  expect(await tiphys('rotate-auth', 'far')).toMatchObject({ code: 0, err: '' })
  const renewed = await keptToken()
  expect(renewed).not.toBe(old)
  const status = async (token: string) => {
    const { ca } = far.credentials
    const { connect } = await import('../../src/kube/connect.ts')
    const { bearerHeader } = await import('../../src/kube/credentials.ts')
    const credentials = { name: 'x', server: far.server, ...(ca && { ca }) }
    const client = connect({ ...credentials, authenticate: async () => ({ headers: bearerHeader(token) }) })
    const answer = client.get({ group: '', version: 'v1', kind: 'Namespace', namespace: '', name: 'default' })
    return answer
      .then(
        () => 200,
        (error: { code?: number }) => error.code,
      )
      .finally(() => client.close())
  }
  expect([await status(old), await status(renewed)]).toEqual([401, 200])
  expect((await shown()).connectionState.status).toBe('Successful')
})

test('it is added again only with --upsert, changed, and forgotten', async () => {
  const again = ['add', 'far-admin', '--name', 'far', '--project', 'default', '-y']
  expect(await tiphys(...again)).toMatchObject({ code: 20, err: expect.stringMatching(/upsert/) })
  expect(await tiphys(...again, '--upsert')).toMatchObject({ code: 0 })
  expect(await shown()).toMatchObject({ project: 'default' })
  expect(await tiphys('set', 'far', '--label', 'env=test')).toMatchObject({ code: 0 })
  expect(await shown()).toMatchObject({ labels: { env: 'test' } })
  expect(await tiphys('rm', 'far')).toMatchObject({ code: 0 })
  expect((await tiphys('list')).out).not.toContain(far.server)
})

test('an account for some namespaces has rights in no others', async () => {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } }
  await far.client.apply(namespace)
  for (const [kind, name] of Object.entries({ ClusterRoleBinding: 'argocd-manager-role-binding' })) {
    await far.client.delete({ group: 'rbac.authorization.k8s.io', version: 'v1', kind, namespace: '', name })
  }
  expect(await tiphys('add', 'far-admin', '--name', 'team', '--namespace', 'team', '-y')).toMatchObject({ code: 0 })
  expect(await onFar('Role', 'argocd-manager-role', 'rbac.authorization.k8s.io', 'team')).toBeDefined()
  const repository = world.repository({ 'settings.yaml': configMap('settings', { a: '1' }) })
  const app = await world.application(repository, { destination: { name: 'team', namespace: 'team' } })
  await app.settled()
  expect((await onFar('ConfigMap', 'settings', '', 'team'))?.data).toEqual({ a: '1' })
})
