/** Somebody signs in through a provider with a browser, is known by name and groups, and signs out again. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { loginWithBrowser } from '../../src/cli/sso-login.ts'
import { type Browser, openBrowser } from '../browser.ts'
import { clientSecret, type IdentityProvider, startIdentityProvider } from '../identity-provider.ts'
import { alice } from '../signing-in.ts'
import { run, start } from './command-line.ts'
import { startWorld, type World } from './world.ts'

let world: World
let provider: IdentityProvider
let browser: Browser

beforeAll(async () => {
  world = await startWorld()
  // The address of Tiphys is known only now, and another after each start.
  const { url } = world.tiphys()
  provider = await startIdentityProvider({ people: [alice], redirectUris: [`${url}/auth/callback`] })
  await patch('ConfigMap', 'argocd-cm', {
    data: {
      url,
      'oidc.config': `{name: Test, issuer: "${provider.issuer}", clientID: tiphys, cliClientID: tiphys-cli, clientSecret: $oidc.secret}`,
    },
  })
  await patch('Secret', 'argocd-secret', { stringData: { 'oidc.secret': clientSecret } })
  browser = openBrowser()
  await vi.waitUntil(async () => (await signIn(openBrowser())).status === 303, { timeout: 10_000, interval: 100 })
})
afterAll(async () => {
  await world.stop()
  await provider.stop()
})

function patch(kind: string, name: string, change: object) {
  const target = { group: '', version: 'v1', kind, namespace: world.controlNamespace, name }
  return world.client.patch(target, change, { type: 'merge', fieldManager: 'e2e' })
}

/** Where Tiphys leads a browser once the login is done is not opened: there is no page there. */
function signIn(by: Browser) {
  const { url } = world.tiphys()
  return by.open(`${url}/auth/login`, { until: (next) => next === `${url}/` })
}

async function userInfo(headers: Record<string, string>): Promise<unknown> {
  const answer = await fetch(`${world.tiphys().url}/api/v1/session/userinfo`, { headers })
  return answer.json()
}

const asAlice = () => ({ loggedIn: true, username: alice.email, iss: provider.issuer, groups: alice.groups })

test('a browser signs in through the provider, and its user is known by name and groups', async () => {
  const { url } = world.tiphys()
  expect(await signIn(browser)).toMatchObject({ status: 303, url: `${url}/` })
  const who = await browser.open(`${url}/api/v1/session/userinfo`)
  expect(JSON.parse(who.text)).toEqual(asAlice())
  expect([...browser.cookies(new URL(url).host).keys()].sort()).toEqual(['argocd.sso', 'argocd.token'])
})

test('the command line signs in with a browser, and its token counts as a bearer token', async () => {
  const { issuer } = provider
  const settings = {
    name: 'Test',
    issuer,
    clientID: 'tiphys',
    cliClientID: 'tiphys-cli',
    scopes: ['openid', 'email', 'groups'],
    enablePKCEAuthentication: true,
  }
  const { idToken } = await loginWithBrowser({
    settings,
    openBrowser: (address) => void openBrowser().open(address),
    port: 0,
    signal: AbortSignal.timeout(10_000),
  })
  expect(await userInfo({ authorization: `Bearer ${idToken}` })).toEqual(asAlice())
  const forged = await provider.sign({ aud: 'another-client' })
  expect(await userInfo({ authorization: `Bearer ${forged}` })).toMatchObject({ code: 16 })
})

test('"tiphys login --sso" says where to sign in, and is signed in when that is done', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tiphys-sso-'))
  const env = { TIPHYS_CONFIG_DIR: folder }
  const words = ['login', world.tiphys().url, '--sso', '--sso-port', '0', '--no-sso-launch-browser']
  const { child, ended } = start(words, env)
  child.stderr?.on('data', (text: string) => {
    const [address] = /^https?:\S+/m.exec(text) ?? []
    if (address) void openBrowser().open(address)
  })
  expect(await ended).toMatchObject({ code: 0, out: expect.stringMatching(/^alice@example.com is signed in$/m) })
  const who = await run(['account', 'get-user-info', '-o', 'json'], env)
  expect(JSON.parse(who.out)).toEqual(asAlice())
  rmSync(folder, { recursive: true, force: true })
})

test('a session outlives a restart of Tiphys', async () => {
  const cookie = [...browser.cookies(new URL(world.tiphys().url).host)].map((pair) => pair.join('=')).join('; ')
  await world.restart()
  expect(await userInfo({ cookie })).toEqual(asAlice())
})

test('with the provider away Tiphys starts, and local accounts sign in', async () => {
  provider.misbehave((request) => Boolean(request.socket.destroy()))
  await world.restart()
  const { url, adminPassword } = world.tiphys()
  const page = await openBrowser().open(`${url}/auth/login`)
  expect([page.status, page.text]).toEqual([503, expect.stringContaining('user name and a password')])
  const session = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password: adminPassword }),
  })
  expect(session.status).toBe(200)
  provider.misbehave()
})
