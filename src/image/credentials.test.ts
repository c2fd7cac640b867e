import { expect, test } from 'vitest'
import type { KubeObject } from '../model/index.ts'
import { pullCredentials } from './credentials.ts'
import { parseReference } from './reference.ts'

const password = 'a very secret word'

function secret(name: string, data: Record<string, string>, more: Partial<KubeObject> = {}): KubeObject {
  const encoded = Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')])
  const { metadata, ...rest } = more
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, ...metadata },
    data: Object.fromEntries(encoded),
    ...rest,
  }
}

const auth = Buffer.from(`ann:${password}`).toString('base64')
const config = (auths: object) => ({ '.dockerconfigjson': JSON.stringify({ auths }) })
const secrets = [
  secret('hub', config({ 'https://index.docker.io/v1/': { auth } })),
  secret(
    'own',
    config({ 'r.example.com:5000': { auth: 'bm9uZTpub25l' }, 'https://r.example.com:5000/acme': { auth } }),
  ),
  secret('plain', config({ 'r.example.com:5000': { username: 'ann', password } })),
  secret('old', { '.dockercfg': JSON.stringify({ 'r.example.com:5000': { auth } }) }),
  secret('fields', { creds: `ann:${password}\n`, half: password, '.dockerconfigjson': 'no json' }),
  secret('argocd-secret', { 'server.secretkey': `a:${password}` }),
  secret(
    'cluster',
    { config: `a:${password}` },
    { metadata: { name: 'cluster', labels: { 'argocd.argoproj.io/secret-type': 'cluster' } } },
  ),
  secret('account', { token: `a:${password}` }, { type: 'kubernetes.io/service-account-token' }),
]

function ask(text: string, image = 'r.example.com:5000/acme/web') {
  const reference = parseReference(image)
  if (!reference) throw new Error('no image')
  return pullCredentials(text, {
    namespace: 'apps',
    image: reference,
    readSecret: async (_namespace, name) => secrets.find(({ metadata }) => metadata.name === name),
    environment: (name) => (name === 'REGISTRY' ? `ann:${password}` : undefined),
  })
}

test.each([
  ['pullsecret:apps/hub', 'acme/web'],
  ['pullsecret:hub', 'nginx'],
  ['pullsecret:apps/own', undefined],
  ['pullsecret:apps/plain', undefined],
  ['pullsecret:apps/old', undefined],
  ['secret:apps/fields#creds', undefined],
  ['env:REGISTRY', undefined],
])('%s gives name and password', async (text, image) => {
  expect(await ask(text, image)).toEqual({ username: 'ann', password })
})

test.each([
  ['pullsecret:other/hub', 'in another namespace than the application'],
  ['pullsecret:apps/none', 'there is no Secret none'],
  ['pullsecret:apps/../kube-system/x', 'names no Secret'],
  ['pullsecret:apps/hub', 'has no credentials for r.example.com:5000'],
  ['pullsecret:apps/fields', 'is no pull secret'],
  ['secret:apps/fields#half', 'is not USERNAME:PASSWORD'],
  ['secret:apps/argocd-secret#server.secretkey', 'belongs to the installation'],
  ['secret:apps/cluster#config', 'belongs to the installation'],
  ['secret:apps/account#token', 'belongs to the installation'],
  ['env:PATH', 'name it in env.names'],
  ['ext:/bin/sh', 'programs are not run'],
  ['hub', 'cannot be read'],
])('%s is refused, in words that tell no secret', async (text, message) => {
  const refused = await ask(text).catch((error: Error) => error.message)
  expect(refused).toContain(message)
  expect(refused).not.toContain(password)
})
