import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { generate } from 'selfsigned'
import { afterEach, expect, test } from 'vitest'
import { type IdentityProvider, startIdentityProvider } from '../../../test/identity-provider.ts'
import { alice, openInstallation, ourUrl, signIn } from '../../../test/signing-in.ts'
import { openProviderDoor } from './provider-fetch.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function serve(answer: RequestListener, tls?: { key: string; cert: string }): Promise<string> {
  const server = tls ? createTlsServer(tls, answer) : createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function installationOf(issuer: string, config: Record<string, unknown> = {}, timeoutMs = 2_000) {
  const openDoor = () => openProviderDoor({ timeoutMs, limit: 10_000, rootCa: config.rootCA as string | undefined })
  const installation = openInstallation({ issuer, config, openDoor })
  cleanups.push(() => installation.oidc.close())
  return installation
}

async function provider(): Promise<IdentityProvider> {
  const started = await startIdentityProvider({ people: [alice], redirectUris: [`${ourUrl}/auth/callback`] })
  cleanups.push(() => started.stop())
  return started
}

const start = ({ oidc }: ReturnType<typeof installationOf>) =>
  oidc.connection().startLogin({ host: undefined, returnUrl: undefined })

function description(issuer: string, change: object = {}) {
  return JSON.stringify({
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    ...change,
  })
}

async function describing(change: object): Promise<string> {
  const issuer = await serve((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(description(issuer, change))
  })
  return issuer
}

test('nothing is asked of the provider before somebody signs in', async () => {
  const there = await provider()
  const { oidc } = installationOf(there.issuer)
  expect(oidc.config()?.issuer).toBe(there.issuer)
  oidc.connection()
  expect(there.asked).toEqual([])
})

test('a provider that is down is told, and signs people in once it is up', async () => {
  const there = await provider()
  const installation = installationOf(there.issuer)
  there.misbehave((request) => Boolean(request.socket.destroy()))
  await expect(start(installation)).rejects.toMatchObject({
    fault: 'unavailable',
    message: expect.stringContaining('cannot be reached'),
  })
  there.misbehave()
  installation.clock.now += 5_000
  expect((await signIn(installation)).claims.sub).toBe('alice')
})

test('while a provider is down it is not asked for each who wants to sign in', async () => {
  let asked = 0
  const down: RequestListener = (_, response) => {
    asked++
    response.writeHead(503).end()
  }
  const installation = installationOf(await serve(down))
  for (let i = 0; i < 10; i++) await expect(start(installation)).rejects.toMatchObject({ fault: 'unavailable' })
  expect(asked).toBe(1)
})

test('a provider that has been there before may be away for a while', async () => {
  const there = await provider()
  const installation = installationOf(there.issuer)
  await start(installation)
  there.misbehave((_, response) => Boolean(response.writeHead(503).end()))
  installation.clock.now += 3_600_000
  expect((await start(installation)).url).toContain(there.issuer)
})

test('a provider that does not answer in time is told', async () => {
  const installation = installationOf(await serve(() => {}), {}, 200)
  await expect(start(installation)).rejects.toThrow('did not answer within 0.2 s')
})

test('an answer that never ends is left', async () => {
  const endless = await serve((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    const more = setInterval(() => response.write(' '), 20)
    response.on('close', () => clearInterval(more))
  })
  await expect(start(installationOf(endless, {}, 300))).rejects.toThrow('did not answer within')
})

test('an answer that is too long is not read', async () => {
  const huge = await serve((_, response) => response.end(' '.repeat(20_000)))
  await expect(start(installationOf(huge))).rejects.toThrow('answers with more than 10000 bytes')
})

test('a provider that says it is another is refused', async () => {
  const issuer = await describing({ issuer: 'https://other.example.com' })
  await expect(start(installationOf(issuer))).rejects.toMatchObject({ fault: 'unavailable' })
})

test('a redirect is not followed', async () => {
  const there = await provider()
  const asking = await serve((request, response) => {
    response.writeHead(302, { location: `${there.issuer}${request.url}` }).end()
  })
  await expect(start(installationOf(asking))).rejects.toThrow('answers with a redirect, which is not followed')
  expect(there.asked).toEqual([])
})

test.each([
  ['authorization_endpoint', 'javascript:alert(1)'],
  ['authorization_endpoint', undefined],
  ['token_endpoint', 'http://id.example.com/token'],
  ['jwks_uri', 'file:///etc/passwd'],
  ['end_session_endpoint', 'javascript:alert(1)'],
])('a provider whose %s is %s is refused', async (name, value) => {
  const issuer = await describing({ [name]: value })
  await expect(start(installationOf(issuer))).rejects.toThrow(`names no usable ${name}`)
})

test.each(['<html></html>', '[]', 'null', '{}', '{"issuer": 1}'])('%s describes no provider', async (text) => {
  const issuer = await serve((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(text)
  })
  await expect(start(installationOf(issuer))).rejects.toMatchObject({ fault: 'unavailable' })
})

test('a certificate that is not trusted is told, unless rootCA says otherwise', async () => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'provider' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  })
  const issuer = await serve(
    (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(description(issuer))
    },
    { key, cert },
  )
  await expect(start(installationOf(issuer))).rejects.toThrow('put its CA into rootCA of oidc.config')
  expect((await start(installationOf(issuer, { rootCA: cert }))).url).toContain(`${issuer}/auth`)
})

test('a change of the settings counts from the next login on', async () => {
  const [one, other] = [await provider(), await provider()]
  const installation = installationOf(one.issuer)
  expect((await start(installation)).url).toContain(one.issuer)
  const text = installation.settings['oidc.config'] ?? ''
  installation.settings['oidc.config'] = text.replace(one.issuer, other.issuer)
  expect((await start(installation)).url).toContain(other.issuer)
  delete installation.settings['oidc.config']
  expect(() => installation.oidc.connection()).toThrow('argocd-cm has no oidc.config')
})
