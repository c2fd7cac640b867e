import { createHmac, generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { type JWTPayload, SignJWT } from 'jose'
import { expect, test } from 'vitest'
import { openInstallation, project, start } from '../test-installation.ts'

const key = 'a-secret-key-that-is-long-enough'
const now = start / 1000
const claims = { iss: 'argocd', sub: 'alice:login', jti: 'id', iat: now, nbf: now, exp: now + 3600 }

function encode(part: unknown): string {
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url')
}

/** Any header and payload, signed with the right key. */
function signed(payload: unknown, header: unknown = { alg: 'HS256', typ: 'JWT' }, algorithm = 'sha256'): string {
  const text = `${encode(header)}.${encode(payload)}`
  return `${text}.${createHmac(algorithm, key).update(text).digest('base64url')}`
}

const tokenList = JSON.stringify([{ id: 'listed', iat: now }])
const role = { name: 'dev', jwtTokens: [{ iat: now, id: 'listed' }, { iat: now - 50 }] }

// Anonymous access is on throughout: it must not be what a token falls back to (CVE-2022-29165).
const installation = openInstallation({
  settings: { 'users.anonymous.enabled': 'true', 'accounts.off': 'login', 'accounts.off.enabled': 'false' },
  secret: {
    'accounts.alice.tokens': tokenList,
    'accounts.ci.tokens': tokenList,
    'accounts.alice.passwordMtime': '2026-01-01T11:00:00Z',
    'admin.passwordMtime': 'yesterday',
  },
  projects: [project('team', { roles: [role] }), project('other', { roles: [{ name: 'dev' }] })],
})

async function callerOf(token: string) {
  return (await installation).access.callerOf(token)
}

async function isRefused(token: string): Promise<void> {
  await expect(callerOf(token), token.slice(0, 200)).rejects.toMatchObject({
    name: 'AccessError',
    kind: 'unauthenticated',
    message: 'invalid session: sign in again',
  })
}

test.each([
  ['a session', claims],
  ['a listed API token', { ...claims, sub: 'alice:apiKey', jti: 'listed' }],
  ['one without an end', { ...claims, sub: 'ci:apiKey', jti: 'listed', exp: undefined }],
  ['an old one with the account alone', { ...claims, sub: 'ci', jti: 'listed' }],
  ['a listed token of a role', { ...claims, sub: 'proj:team:dev', jti: 'listed' }],
  ['one of a role from before there were ids', { ...claims, sub: 'proj:team:dev', jti: undefined, iat: now - 50 }],
])('%s is taken', async (_what, payload) => {
  expect(await callerOf(signed(payload))).toHaveProperty('issuer', 'argocd')
})

test.each<[string, object]>([
  ['no issuer', { iss: undefined }],
  ['an issuer that nobody verifies', { iss: 'https://accounts.example.com' }],
  ['a list of issuers', { iss: ['argocd'] }],
  ['no subject', { sub: undefined }],
  ['an empty subject', { sub: '' }],
  ['a subject that is no text', { sub: { name: 'alice' } }],
  ['an unknown account', { sub: 'nobody:login' }],
  ['a disabled account', { sub: 'off:login' }],
  ['an unknown capability', { sub: 'alice:admin' }],
  ['a subject with more parts', { sub: 'alice:login:x:y' }],
  ['a capability that the account lacks', { sub: 'ci:login' }],
  ['an API token that is not listed', { sub: 'ci:apiKey', jti: 'deleted' }],
  ['an API token of another account', { sub: 'admin:apiKey', jti: 'listed' }],
  ['no id', { jti: undefined }],
  ['an id that is no text', { jti: 7 }],
  ['an empty id', { jti: '' }],
  ['a session without an end (CVE-2021-26921)', { exp: undefined }],
  ['an end in the past', { exp: now - 1 }],
  ['an end that is no number', { exp: `${now + 3600}` }],
  ['a beginning in the future', { nbf: now + 60 }],
  ['no time of issue', { iat: undefined }],
  ['a time of issue that is no number', { iat: 'now' }],
  ['a time of issue in the future', { iat: now + 3600 }],
  ['a time before the password was changed', { iat: now - 3601 }],
  ['an account whose last change cannot be read', { sub: 'admin:login' }],
  ['a token of a role that is not listed', { sub: 'proj:team:dev', jti: 'deleted' }],
  ['a token of a role found by its time though it has an id', { sub: 'proj:team:dev', jti: 'x', iat: now - 50 }],
  ['a token of a role found by its time though the list has an id', { sub: 'proj:team:dev', jti: undefined, iat: now }],
  ['a token listed for another project', { sub: 'proj:other:dev', jti: 'listed' }],
  ['a role that is not there', { sub: 'proj:team:lead', jti: 'listed' }],
  ['a project that is not there', { sub: 'proj:none:dev', jti: 'listed' }],
  ['a role named as a property of every object', { sub: 'proj:team:constructor', jti: 'listed' }],
  ['an account named as a property of every object', { sub: 'constructor:login' }],
])('%s is refused, though the signature is right', async (_what, change) => {
  await isRefused(signed({ ...claims, ...change }))
})

test('no algorithm but HS256 is taken, whatever the key', async () => {
  for (const alg of ['none', 'None', 'NONE', '', 'HS384', 'HS512', 'hs256', null, 256, ['HS256']]) {
    await isRefused(
      signed(claims, { alg, typ: 'JWT' }, alg === 'HS384' ? 'sha384' : alg === 'HS512' ? 'sha512' : 'sha256'),
    )
    await isRefused(`${encode({ alg })}.${encode(claims)}.`)
  }
  await isRefused(signed(claims, { alg: 'HS256', crit: ['exp'], exp: 1 }))
  await isRefused(signed(claims, { alg: 'HS256', b64: false, crit: ['b64'] }))
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  await isRefused(await new SignJWT(claims as JWTPayload).setProtectedHeader({ alg: 'RS256' }).sign(privateKey))
})

test('no token signed with another key, or with none, is taken', async () => {
  for (const other of ['', 'x', `${key}x`, key.slice(1), 'undefined']) {
    const text = signed(claims).split('.').slice(0, 2).join('.')
    await isRefused(`${text}.${createHmac('sha256', other).update(text).digest('base64url')}`)
  }
})

test('without a key nothing is signed and nothing taken', async () => {
  const { access } = await openInstallation({ secret: { 'server.secretkey': '' } })
  await expect(access.signIn('alice', 'alice-password', { address: 'x' })).rejects.toThrow('server.secretkey')
  const text = `${encode({ alg: 'HS256' })}.${encode(claims)}`
  await expect(access.callerOf(`${text}.${createHmac('sha256', '').update(text).digest('base64url')}`)).rejects.toThrow(
    'invalid',
  )
})

test('a token cut off or changed anywhere is refused', async () => {
  const token = signed(claims)
  await fc.assert(
    fc.asyncProperty(fc.nat(token.length - 1), fc.string({ maxLength: 3 }), async (at, other) => {
      const changed = token.slice(0, at) + other + token.slice(at + other.length)
      await isRefused(token.slice(0, at) || 'x')
      // The last character of the signature holds bits that do not count.
      if (changed.slice(0, -1) !== token.slice(0, -1)) await isRefused(changed)
    }),
    { numRuns: 300 },
  )
})

test('random headers, payloads and texts are refused, and never anything but an AccessError', async () => {
  const anything = fc.jsonValue({ maxDepth: 2 })
  const payload = fc.record(
    {
      iss: fc.oneof(fc.constant('argocd'), anything),
      sub: fc.oneof(fc.constant('alice:login'), anything),
      jti: anything,
      iat: anything,
      exp: anything,
      nbf: anything,
    },
    { requiredKeys: [] },
  )
  const header = fc.record(
    {
      alg: fc.oneof(fc.constantFrom('HS256', 'none', 'RS256'), anything),
      typ: anything,
      crit: anything,
      kid: anything,
    },
    { requiredKeys: [] },
  )
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.base64String(), { maxLength: 5 }).map((parts) => parts.join('.')),
  )
  const unsigned = fc
    .tuple(header, payload, fc.base64String())
    .map(([one, two, three]) => `${encode(one)}.${encode(two)}.${three}`)
  const raw = fc.tuple(text, text).map(([one, two]) => signed(two, one))
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(text, unsigned, raw).filter((token) => token !== ''),
      isRefused,
    ),
    { numRuns: 1000 },
  )
})

test('a huge token is refused before it is read', async () => {
  const started = performance.now()
  await isRefused(signed({ ...claims, more: 'x'.repeat(5_000_000) }))
  await isRefused('.'.repeat(5_000_000))
  expect(performance.now() - started).toBeLessThan(5000)
})
