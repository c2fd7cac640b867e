/** Settings, certificates, keys, accounts and notifications through the REST API. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from '../../src/contract/index.ts'
import { type SignedIn, signIn, spellingsOf } from './signed-in.ts'
import { startWorld, type World } from './world.ts'

let world: World
let client: SignedIn
const canary = 'canary-of-the-settings'

beforeAll(async () => {
  world = await startWorld({
    url: 'https://tiphys.example.com',
    'ui.bannercontent': 'for members only',
    'ui.bannerurl': 'javascript:alert(1)',
    'oidc.config': `name: Company\nissuer: https://login.example.com\nclientID: tiphys\nclientSecret: ${canary}\nrequestedScopes: [openid]\n`,
    'dex.config': `connectors:\n- type: github\n  id: github\n  name: GitHub\n  config: {clientID: a, clientSecret: ${canary}}\n`,
    'webhook.github.secret': canary,
    'resource.customizations.health.example.com_Thing': 'return {status = "Healthy"}',
  })
  client = await signIn(world)
})
afterAll(() => world.stop())

test('who has not signed in learns what a login page needs, and the rest is for who has', async () => {
  const open = await client.anonymous.call(routes.settings.get, {})
  expect(open).toMatchObject({
    url: 'https://tiphys.example.com',
    appLabelKey: 'app.kubernetes.io/instance',
    trackingMethod: 'annotation',
    userLoginsDisabled: false,
    oidcConfig: {
      name: 'Company',
      issuer: 'https://login.example.com',
      clientID: 'tiphys',
      scopes: ['openid'],
      enablePKCEAuthentication: true,
    },
    dexConfig: { connectors: [{ type: 'github', id: 'github', name: 'GitHub' }] },
  })
  for (const hidden of ['uiBannerContent', 'controllerNamespace', 'resourceOverrides', 'passwordPattern']) {
    expect(open).not.toHaveProperty(hidden)
  }
  const all = await client.api.call(routes.settings.get, {})
  expect(all).toMatchObject({
    uiBannerContent: 'for members only',
    uiBannerURL: '',
    controllerNamespace: world.controlNamespace,
    passwordPattern: '^.{8,32}$',
    resourceOverrides: { 'example.com/Thing': { 'health.lua': 'return {status = "Healthy"}' } },
  })
  expect(await client.api.call(routes.settings.plugins, {})).toEqual({ plugins: [] })
})

test('a login page that still has an old cookie is answered all the same', async () => {
  const headers = { cookie: 'argocd.token=old' }
  const response = await fetch(`${world.tiphys().url}/api/v1/settings`, { headers })
  expect(response.status).toBe(200)
  expect(await response.json()).not.toHaveProperty('controllerNamespace')
})

const ed25519 = 'AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl'
const encoded = (text: string) => Buffer.from(text).toString('base64')

test('host keys and certificates are added, listed and removed in the ConfigMaps of Argo CD', async () => {
  const hostKey = { serverName: 'github.com', certType: 'ssh', certSubType: 'ssh-ed25519', certData: encoded(ed25519) }
  const add = (items: object[], upsert = false) =>
    client.api.call(routes.certificates.create, { body: { items }, query: { upsert } })
  expect((await add([hostKey])).items).toHaveLength(1)
  expect((await add([hostKey])).items).toEqual([])
  const { items } = await client.api.call(routes.certificates.list, {})
  expect(items).toEqual([
    {
      serverName: 'github.com',
      certType: 'ssh',
      certSubType: 'ssh-ed25519',
      certInfo: 'SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU',
    },
  ])
  const target = { group: '', version: 'v1', kind: 'ConfigMap', namespace: world.controlNamespace }
  const kept = await world.client.get({ ...target, name: 'argocd-ssh-known-hosts-cm' })
  expect(kept?.data).toEqual({ ssh_known_hosts: `github.com ssh-ed25519 ${ed25519}\n` })
  await expect(add([{ ...hostKey, certSubType: 'ssh-rsa' }])).rejects.toThrow(/no key of the type ssh-rsa/)
  await expect(add([{ ...hostKey, serverName: '../x', certType: 'https' }])).rejects.toThrow(/no name of a host/)
  await expect(add([{ serverName: 'a.example.com', certType: 'https', certData: encoded('no PEM') }])).rejects.toThrow(
    /PEM/,
  )
  const removed = await client.api.call(routes.certificates.delete, {
    query: { hostNamePattern: 'git*.com', certType: 'ssh' },
  })
  expect(removed.items.map(({ serverName }) => serverName)).toEqual(['github.com'])
  expect((await client.api.call(routes.certificates.list, {})).items).toEqual([])
})

test('GnuPG keys are added once, shown with their owner, and deleted', async () => {
  const home = mkdtempSync(join(tmpdir(), 'gpg-'))
  const gpg = (...args: string[]) =>
    execFileSync('gpg', ['--batch', '--homedir', home, '--pinentry-mode', 'loopback', '--passphrase', '', ...args], {
      encoding: 'utf8',
      stdio: 'pipe',
    })
  gpg('--quick-gen-key', 'Jane Doe <jane@example.com>', 'ed25519', 'sign', 'never')
  const keyData = gpg('--armor', '--export')
  const privateKey = gpg('--armor', '--export-secret-keys')
  execFileSync('gpgconf', ['--homedir', home, '--kill', 'all'])
  rmSync(home, { recursive: true, force: true })
  const add = (text: string) => client.api.call(routes.gpgKeys.create, { body: { keyData: text } })
  const { created } = await add(keyData)
  const [key] = created.items
  expect(key).toMatchObject({ owner: 'Jane Doe <jane@example.com>', subType: 'ed25519', trust: 'unknown' })
  expect(key?.keyID).toBe(key?.fingerprint?.slice(-16))
  const keyID = key?.keyID ?? ''
  expect(await add(keyData)).toEqual({ created: { metadata: {}, items: [] }, skipped: [keyID] })
  expect((await client.api.call(routes.gpgKeys.list, {})).items).toEqual([
    expect.not.objectContaining({ keyData: expect.anything() }),
  ])
  expect((await client.api.call(routes.gpgKeys.get, { params: { keyID } })).keyData).toContain(
    'BEGIN PGP PUBLIC KEY BLOCK',
  )
  await expect(add('nonsense')).rejects.toMatchObject({ status: 400 })
  await expect(add(privateKey)).rejects.toThrow(/private key/)
  await client.api.call(routes.gpgKeys.delete, { query: { keyID } })
  await expect(client.api.call(routes.gpgKeys.get, { params: { keyID } })).rejects.toMatchObject({ status: 404 })
})

test('what there is of notifications is told by name, configured or not', async () => {
  const data = {
    'service.slack': `token: ${canary}`,
    'service.webhook.hooks': `url: https://example.com/${canary}`,
    'template.app-synced': JSON.stringify({ message: canary }),
    'trigger.on-sync': JSON.stringify([{ when: 'true', description: canary, send: ['app-synced'] }]),
  }
  const metadata = { name: 'argocd-notifications-cm', namespace: world.controlNamespace }
  await world.client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data })
  await expect
    .poll(() => client.api.call(routes.notifications.services, {}))
    .toEqual({ items: [{ name: 'hooks' }, { name: 'slack' }] })
  const templates = await client.api.call(routes.notifications.templates, {})
  expect(templates.items).toEqual(expect.arrayContaining([{ name: 'app-deployed' }, { name: 'app-synced' }]))
  const triggers = await client.api.call(routes.notifications.triggers, {})
  expect(triggers.items).toEqual(expect.arrayContaining([{ name: 'on-created' }, { name: 'on-sync' }]))
  expect(triggers.items).toHaveLength(10)
})

test('accounts are listed, and whether one may do something is answered for any object', async () => {
  const { items } = await client.api.call(routes.accounts.list, {})
  expect(items).toEqual([expect.objectContaining({ name: 'admin', enabled: true, capabilities: ['login'] })])
  const canI = async (path: string) => {
    const { url } = world.tiphys()
    const { token } = await client.api.call(routes.session.create, {
      body: { username: 'admin', password: world.tiphys().adminPassword ?? '' },
    })
    const response = await fetch(`${url}/api/v1/account/can-i/${path}`, {
      headers: { authorization: `Bearer ${token}` },
    })
    return response.json()
  }
  expect(await canI('applications/sync/default/team/app')).toEqual({ value: 'yes' })
  expect(await canI('clusters/create/')).toEqual({ value: 'yes' })
  await expect(client.anonymous.call(routes.accounts.list, {})).rejects.toMatchObject({ status: 401 })
})

test('no answer holds a secret', () => {
  for (const spelling of spellingsOf(canary)) expect(client.answers.join('\n')).not.toContain(spelling)
})
