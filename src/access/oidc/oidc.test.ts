import { afterEach, beforeEach, expect, test } from 'vitest'
import { openBrowser } from '../../../test/browser.ts'
import { clientSecret, type IdentityProvider, startIdentityProvider } from '../../../test/identity-provider.ts'
import type { KubeObject } from '../../model/index.ts'
import { type Oidc, openOidc } from './oidc.ts'

const url = 'https://tiphys.example.com'
const alice = { sub: 'alice', name: 'Alice', email: 'alice@example.com', groups: ['admins', 'staff'] }

let provider: IdentityProvider
let oidc: Oidc
let now: number
let settings: Record<string, string>

function secret(name: string, data: Record<string, string>, labels = {}): KubeObject {
  const encoded = Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')])
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, labels }, data: Object.fromEntries(encoded) }
}

beforeEach(async () => {
  provider = await startIdentityProvider({ people: [alice], redirectUris: [`${url}/auth/callback`] })
  now = Date.now()
  settings = { url, 'oidc.config': `{issuer: ${provider.issuer}, clientID: tiphys, clientSecret: $oidc.secret}` }
  const kept = secret('argocd-secret', { 'server.secretkey': 'key', 'oidc.secret': clientSecret })
  oidc = openOidc({
    settings: () => settings,
    readSecret: (name) => (name === 'argocd-secret' ? kept : undefined),
    now: () => now,
  })
})
afterEach(async () => {
  await oidc.close()
  await provider.stop()
})

async function signIn() {
  const { url: start, begun } = await oidc.connection().startLogin({ host: undefined, returnUrl: undefined })
  const { url: end } = await openBrowser().open(start, { until: (next) => next.startsWith(url) })
  return oidc.connection().finishLogin({ query: new URL(end).searchParams, begun })
}

test('who signs in is known by the claims of the provider', async () => {
  const { idToken, claims, returnUrl } = await signIn()
  expect(claims).toMatchObject({ sub: 'alice', name: 'Alice', email: 'alice@example.com', groups: alice.groups })
  expect(returnUrl).toBe(`${url}/`)
  expect(await oidc.verify(idToken)).toMatchObject({ sub: 'alice', groups: alice.groups })
})
