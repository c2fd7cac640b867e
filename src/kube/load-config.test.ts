import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { inClusterCredentials } from './in-cluster.ts'
import { loadConfig } from './load-config.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubeconfig-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function file(name: string, content: string): Promise<string> {
  await mkdir(join(folder, name, '..'), { recursive: true })
  await writeFile(join(folder, name), content)
  return join(folder, name)
}

const config = ({ user = '{}', cluster = '{ server: "https://one:6443/" }' }) => `
apiVersion: v1
kind: Config
current-context: one
clusters: [{ name: c, cluster: ${cluster} }]
users: [{ name: u, user: ${user} }]
contexts: [{ name: one, context: { cluster: c, user: u, namespace: shop } }]
`

const base64 = (text: string) => Buffer.from(text).toString('base64')

test('a token, an impersonated user and groups become headers', async () => {
  const user = '{ token: t0ken, as: ann, as-groups: [a, b] }'
  const credentials = await loadConfig({ kubeconfig: await file('config', config({ user })) })
  expect(credentials).toMatchObject({ name: 'one', server: 'https://one:6443', namespace: 'shop' })
  expect((await credentials.authenticate()).headers).toEqual({
    authorization: 'Bearer t0ken',
    'impersonate-user': 'ann',
    'impersonate-group': ['a', 'b'],
  })
})

test('certificates come inline or from files beside the kubeconfig', async () => {
  await file('pki/client.key', 'KEY')
  const user = `{ client-certificate-data: ${base64('CERT')}, client-key: pki/client.key }`
  const cluster = `{ server: "https://one", certificate-authority-data: ${base64('CA')}, tls-server-name: api }`
  const credentials = await loadConfig({ kubeconfig: await file('config', config({ user, cluster })) })
  expect(credentials).toMatchObject({ ca: 'CA', serverName: 'api' })
  expect((await credentials.authenticate()).certificate).toEqual({ cert: 'CERT', key: 'KEY' })
})

test('user name and password become basic authentication', async () => {
  const credentials = await loadConfig({
    kubeconfig: await file('config', config({ user: '{ username: ann, password: "1234" }' })),
  })
  expect((await credentials.authenticate()).headers).toEqual({ authorization: `Basic ${base64('ann:1234')}` })
})

test('a token file is read again when the server refuses the token', async () => {
  const path = await file('token', 'first\n')
  const credentials = await loadConfig({ kubeconfig: await file('config', config({ user: '{ tokenFile: token }' })) })
  expect((await credentials.authenticate()).headers).toEqual({ authorization: 'Bearer first' })
  await writeFile(path, 'second')
  expect((await credentials.authenticate()).headers).toEqual({ authorization: 'Bearer first' })
  expect((await credentials.authenticate({ renew: true })).headers).toEqual({ authorization: 'Bearer second' })
})

async function plugin(answer: object): Promise<string> {
  const path = await file(
    'bin/plugin',
    `#!/bin/sh\necho run >> "${folder}/runs"\nprintf %s "$KUBERNETES_EXEC_INFO" > "${folder}/info"\nprintf '%s' '${JSON.stringify(answer)}'\n`,
  )
  await chmod(path, 0o755)
  return '{ exec: { apiVersion: client.authentication.k8s.io/v1, command: ./bin/plugin, provideClusterInfo: true, env: [{ name: A, value: b }] } }'
}

test('a plugin is told about the cluster, and asked once until its answer expires', async () => {
  const user = await plugin({ status: { token: 'p', expirationTimestamp: new Date(Date.now() + 3_600_000) } })
  const cluster = `{ server: "https://one", certificate-authority-data: ${base64('CA')}, extensions: [{ name: client.authentication.k8s.io/exec, extension: { audience: x } }] }`
  const credentials = await loadConfig({ kubeconfig: await file('config', config({ user, cluster })) })
  const answers = await Promise.all([credentials.authenticate(), credentials.authenticate()])
  expect(answers[1]?.headers).toEqual({ authorization: 'Bearer p' })
  await credentials.authenticate()
  expect(await readFile(join(folder, 'runs'), 'utf8')).toBe('run\n')
  expect(JSON.parse(await readFile(join(folder, 'info'), 'utf8'))).toEqual({
    kind: 'ExecCredential',
    apiVersion: 'client.authentication.k8s.io/v1',
    spec: {
      interactive: false,
      cluster: { server: 'https://one', 'certificate-authority-data': base64('CA'), config: { audience: 'x' } },
    },
  })
})

test('a plugin whose answer has expired is asked again', async () => {
  const user = await plugin({ status: { token: 'p', expirationTimestamp: new Date(Date.now() - 1_000) } })
  const credentials = await loadConfig({ kubeconfig: await file('config', config({ user })) })
  await credentials.authenticate()
  await credentials.authenticate()
  expect(await readFile(join(folder, 'runs'), 'utf8')).toBe('run\nrun\n')
})

test('a plugin that is not installed is named, with its hint', async () => {
  const user = '{ exec: { command: no-such-plugin, apiVersion: v1, installHint: "Get it at example.com." } }'
  const credentials = await loadConfig({ kubeconfig: await file('config', config({ user })) })
  await expect(credentials.authenticate()).rejects.toThrow(
    'credential plugin no-such-plugin was not found; install it or put it on PATH. Get it at example.com.',
  )
})

test('several files are merged, the first that names something wins', async () => {
  const first = await file('first', 'contexts: [{ name: two, context: { cluster: c, user: u } }]\ncurrent-context: two')
  const second = await file('second', config({ user: '{ token: t }' }))
  const credentials = await loadConfig({ env: { KUBECONFIG: `${first}:${second}:${join(folder, 'none')}` } })
  expect(credentials).toMatchObject({ name: 'two', server: 'https://one:6443' })
  const other = await loadConfig({ env: { KUBECONFIG: `${first}:${second}` }, context: 'one' })
  expect(other).toMatchObject({ name: 'one', namespace: 'shop' })
})

for (const [title, source, message] of [
  ['no such context', { context: 'nine' }, /no context nine; there are one/],
  ['not YAML', { content: '{ a: [' }, /is not a kubeconfig/],
  ['no current context', { content: 'contexts: [{ name: x }]' }, /no current-context; name one of x/],
  ['half a certificate', { content: config({ user: '{ client-key-data: aGk= }' }) }, /only one of/],
  ['a provider that kubectl dropped', { content: config({ user: '{ auth-provider: { name: gcp } }' }) }, /exec plugin/],
] as const)
  test(`says what is wrong: ${title}`, async () => {
    const { content = config({}), context } = { content: undefined, context: undefined, ...source }
    const kubeconfig = await file('config', content)
    await expect(loadConfig({ kubeconfig, context })).rejects.toThrow(message)
  })

test('without any file the home directory is looked at, and what to do is said', async () => {
  await expect(loadConfig({ env: { HOME: folder } })).rejects.toThrow(/give --kubeconfig, set KUBECONFIG/)
  await expect(loadConfig({ env: { KUBECONFIG: '/nowhere' } })).rejects.toThrow('/nowhere, which does not exist')
  await file('.kube/config', config({}))
  expect(await loadConfig({ env: { HOME: folder } })).toMatchObject({ name: 'one' })
})

test('inside a cluster the pod’s own account is used', async () => {
  await file('ca.crt', 'CA')
  await file('token', 'pod')
  await file('namespace', 'argocd')
  const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '6443' }
  const credentials = await inClusterCredentials({ env, folder })
  expect(credentials).toMatchObject({ server: 'https://[fd00::1]:6443', ca: 'CA', namespace: 'argocd' })
  expect((await credentials?.authenticate())?.headers).toEqual({ authorization: 'Bearer pod' })
  expect(await inClusterCredentials({ env: {}, folder })).toBeUndefined()
})
