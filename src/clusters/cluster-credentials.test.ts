import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { clusterCredentials } from './cluster-credentials.ts'
import type { ClusterRecord } from './cluster-record.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')
const pem = '-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----\n'
const secret = 'do-not-tell-this'

function record(config: Record<string, unknown>, more: Partial<ClusterRecord> = {}): ClusterRecord {
  const server = 'https://far.example.com:6443'
  const rest = { namespaces: [], clusterResources: false, project: '', labels: {}, annotations: {} }
  return { server, name: 'far', ...rest, config, ...more }
}

const own = {
  name: 'in-cluster',
  server: 'https://10.96.0.1:443',
  ca: pem,
  authenticate: async () => ({ headers: { authorization: 'Bearer own' } }),
}

function program(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'tiphys-plugin-')), 'plugin')
  writeFileSync(file, `#!/bin/sh\n${text}\n`)
  chmodSync(file, 0o700)
  return file
}

test.each([
  ['a token', { bearerToken: 't' }, { authorization: 'Bearer t' }],
  ['a password', { username: 'ann', password: 'p' }, { authorization: `Basic ${base64('ann:p')}` }],
  ['nothing', {}, {}],
])('%s signs in', async (_what, config, headers) => {
  const credentials = clusterCredentials(record(config))
  expect(await credentials.authenticate()).toEqual({ headers })
  expect(credentials).toMatchObject({ name: 'far', server: 'https://far.example.com:6443' })
})

test('a client certificate signs in, also beside a token', async () => {
  const tlsClientConfig = { certData: base64(pem), keyData: base64(pem) }
  const answer = await clusterCredentials(record({ bearerToken: 't', tlsClientConfig })).authenticate()
  expect(answer).toEqual({ headers: { authorization: 'Bearer t' }, certificate: { cert: pem, key: pem } })
})

test('how the connection is made is taken over', () => {
  const tlsClientConfig = { serverName: 'kubernetes', caData: base64(pem) }
  const proxyUrl = 'http://proxy.example.com:3128'
  expect(clusterCredentials(record({ tlsClientConfig, proxyUrl, disableCompression: true }))).toMatchObject({
    serverName: 'kubernetes',
    ca: pem,
    proxyUrl,
  })
  const insecure = clusterCredentials(record({ tlsClientConfig: { insecure: true } }))
  expect(insecure.insecure).toBe(true)
  expect(insecure).not.toHaveProperty('ca')
})

test('a program is run with its arguments and variables, and is told of the cluster if it asks', async () => {
  const command = program(
    `printf '{"status":{"token":"%s %s %s"}}' "$1" "$KEY" "$(printf '%s' "$KUBERNETES_EXEC_INFO" | tr -d '"{} ')"`,
  )
  const exec = { command, args: ['one'], env: { KEY: 'two' }, apiVersion: 'client.authentication.k8s.io/v1beta1' }
  const { authenticate } = clusterCredentials(record({ execProviderConfig: { ...exec, provideClusterInfo: true } }))
  const { authorization } = (await authenticate()).headers
  expect(authorization).toMatch(/^Bearer one two .*v1beta1.*cluster:server:https:\/\/far\.example\.com:6443/)
})

test('what a program that fails has said is not repeated', async () => {
  const command = program(`echo "${secret}" >&2; exit 3`)
  const { authenticate } = clusterCredentials(record({ execProviderConfig: { command, args: [secret] } }))
  const failure = await authenticate().catch(String)
  expect(failure).toMatch(/ended with exit code 3: run it by hand/)
  expect(failure).not.toContain(secret)
  const missing = { command: 'tiphys-no-such-plugin', installHint: 'Ask the team.', env: { KEY: secret } }
  const { authenticate: again } = clusterCredentials(record({ execProviderConfig: missing }))
  await expect(again()).rejects.toThrow(/tiphys-no-such-plugin was not found; install it.*Ask the team\./)
})

test('an EKS cluster is signed in to with the AWS CLI', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tiphys-aws-'))
  writeFileSync(join(folder, 'aws'), `#!/bin/sh\nprintf '{"status":{"token":"%s"}}' "$*"\n`, { mode: 0o700 })
  const { PATH } = process.env
  process.env.PATH = `${folder}:${PATH}`
  try {
    const awsAuthConfig = { clusterName: 'shop', roleARN: 'arn:aws:iam::1:role/x' }
    const { headers } = await clusterCredentials(record({ awsAuthConfig })).authenticate()
    const words = 'eks get-token --output=json --cluster-name=shop --role-arn=arn:aws:iam::1:role/x'
    expect(headers).toEqual({ authorization: `Bearer ${words}` })
  } finally {
    process.env.PATH = PATH
  }
})

test('the cluster that Tiphys runs in is spoken to as Tiphys, unless its Secret says otherwise', async () => {
  const home = clusterCredentials(record({ tlsClientConfig: { insecure: false } }, { name: 'home' }), own)
  expect(home).toEqual({ ...own, name: 'home' })
  const other = clusterCredentials(record({ bearerToken: 't' }), own)
  expect(other).toMatchObject({ server: own.server, ca: pem })
  expect(await other.authenticate()).toEqual({ headers: { authorization: 'Bearer t' } })
})

test.each([
  ['a fault of the Secret', record({}, { fault: 'the config in its Secret is not JSON: correct it' }), /not JSON/],
  ['no address', record({}, { server: 'far' }), /no address such as/],
  ['a password in the address', record({}, { server: `https://ann:${secret}@far` }), /holds a password/],
  ['half a certificate', record({ tlsClientConfig: { certData: base64(pem) } }), /only one of/],
  ['no PEM', record({ tlsClientConfig: { caData: base64(secret) } }), /caData of its config is not PEM/],
  ['both insecure and caData', record({ tlsClientConfig: { insecure: true, caData: base64(pem) } }), /keep one/],
  ['a proxy of another kind', record({ proxyUrl: `socks5://${secret}@proxy` }), /proxyUrl of its config is no address/],
  ['a program without a name', record({ execProviderConfig: { args: [secret] } }), /has no command/],
  ['no EKS cluster', record({ awsAuthConfig: { profile: secret } }), /has no clusterName/],
])('%s is told, and nothing of what stands there', (_what, wrong, text) => {
  const message = (() => {
    try {
      clusterCredentials(wrong)
      return ''
    } catch (error) {
      return String(error)
    }
  })()
  expect(message).toMatch(text)
  expect(message).not.toContain(secret)
})
