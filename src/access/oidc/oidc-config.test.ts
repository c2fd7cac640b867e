import { expect, test } from 'vitest'
import { ourSecret, secretOf } from '../../../test/signing-in.ts'
import { readOidcConfig, type Settings } from './oidc-config.ts'
import { publicOidcSettings } from './public-settings.ts'
import { ssoWarnings } from './settings-warnings.ts'

const url = 'https://tiphys.example.com'
const issuer = 'https://id.example.com'
const base = `{issuer: ${issuer}, clientID: tiphys}`

const secrets = new Map([
  ['argocd-secret', ourSecret],
  ['labelled', secretOf('labelled', { key: ' secret of another \n' }, { 'app.kubernetes.io/part-of': 'argocd' })],
  ['foreign', secretOf('foreign', { key: 'not ours' })],
])
const readSecret = (name: string) => secrets.get(name)
const read = (settings: Settings) => readOidcConfig({ url, ...settings }, readSecret)
const configOf = (text: string, more: Settings = {}) => read({ 'oidc.config': text, ...more }).config
const problemsOf = (text: string, more: Settings = {}) => read({ 'oidc.config': text, ...more }).problems

test('what is not said has the defaults of Argo CD', () => {
  expect(configOf(base)).toMatchObject({
    scopes: ['openid', 'profile', 'email', 'groups'],
    audiences: ['tiphys'],
    insecureSkipVerify: false,
    refreshThresholdMs: 0,
    sessionMs: 86_400_000,
    userInfo: undefined,
    clientSecret: undefined,
  })
  expect(read({}).config).toBeUndefined()
  expect(read({}).problems).toEqual([])
})

test('every field counts', () => {
  const text = `
    name: Company
    issuer: ${issuer}
    clientID: a
    cliClientID: b
    clientSecret: $oidc.secret
    requestedScopes: [openid]
    requestedIDTokenClaims: {groups: {essential: true}, email: null}
    logoutURL: ${issuer}/out?t={{token}}
    enableUserInfoGroups: true
    userInfoPath: /userinfo
    userInfoCacheExpiration: 5m
    refreshTokenThreshold: 30s
    domainHint: " example.com "
    unknownField: 1`
  const settings = { 'users.session.duration': '1h', additionalUrls: '["https://b.example.com/argocd"]' }
  expect(problemsOf(text, settings)).toEqual([])
  expect(configOf(text, settings)).toMatchObject({
    urls: [url, 'https://b.example.com/argocd'],
    clientSecret: 'the-secret-of-the-client',
    audiences: ['a', 'b'],
    userInfo: { url: `${issuer}/userinfo`, cacheMs: 300_000 },
    refreshThresholdMs: 30_000,
    domainHint: 'example.com',
    sessionMs: 3_600_000,
  })
})

test('certificates are not checked only where exactly that is said', () => {
  const skips = (value: string) => configOf(base, { 'oidc.tls.insecure.skip.verify': value })?.insecureSkipVerify
  expect([skips('true'), skips('false'), skips(''), skips('yes'), skips('1')]).toEqual([
    true,
    false,
    false,
    false,
    false,
  ])
})

test('a secret may stand in another Secret that belongs to the installation', () => {
  expect(configOf(`{issuer: ${issuer}, clientID: a, clientSecret: "$labelled:key"}`)?.clientSecret).toBe(
    'secret of another',
  )
})

test.each([
  ['$missing', 'Secret argocd-secret has no value missing'],
  ['$foreign:key', 'Secret foreign needs the label app.kubernetes.io/part-of: argocd'],
  ['$none:key', 'there is no Secret none'],
  ['$labelled:other', 'Secret labelled has no value other'],
  ['$__proto__', 'Secret argocd-secret has no value __proto__'],
])('%s is not taken for the secret itself', (reference, why) => {
  const text = JSON.stringify({ issuer, clientID: 'a', clientSecret: reference })
  expect(problemsOf(text)).toEqual([`oidc.config: ${reference} cannot be read: ${why}`])
  expect(configOf(text)).toBeUndefined()
})

test.each([
  ['{', 'oidc.config is not YAML'],
  ['text', 'oidc.config: it must be object'],
  ['{clientID: 1}', 'oidc.config: clientID must be string'],
  [`{issuer: ${issuer}}`, 'needs clientID'],
  ['{clientID: a}', 'needs issuer'],
  ['{clientID: a, issuer: "http://id.example.com"}', 'http is for loopback only'],
  ['{clientID: a, issuer: "javascript:alert(1)"}', 'no https address'],
  [`{clientID: a, issuer: ${issuer}, logoutURL: "javascript:alert(1)"}`, 'logoutURL is no web address'],
  [`{clientID: a, issuer: ${issuer}, rootCA: text}`, 'rootCA is no certificate in PEM'],
  [`{clientID: a, issuer: ${issuer}, refreshTokenThreshold: soon}`, 'refreshTokenThreshold is "soon"'],
  [`{clientID: a, issuer: ${issuer}, azure: {useWorkloadIdentity: true}}`, 'set a clientSecret instead'],
])('%s cannot be used, and the reason is told', (text, why) => {
  expect(problemsOf(text)[0]).toContain(why)
  expect(configOf(text)).toBeUndefined()
})

test('what is wrong is told without what is written', () => {
  const problems = problemsOf('clientSecret: hidden\n  issuer: x')
  expect(problems[0]).toMatch(/^oidc.config is not YAML: .*\(2:\d+\)$/)
  expect(JSON.stringify(problems)).not.toContain('hidden')
})

test.each([
  [{ url: '' }, 'argocd-cm has no url'],
  [{ url: 'tiphys.example.com' }, '"tiphys.example.com" is no web address'],
  [{ additionalUrls: '["javascript:alert(1)"]' }, 'is no web address'],
  [{ additionalUrls: 'a: b' }, 'is no list of addresses'],
])('with %j nobody can sign in', (settings, why) => {
  expect(problemsOf(base, settings)[0]).toContain(why)
})

test('without a server key nobody can sign in', () => {
  expect(readOidcConfig({ url, 'oidc.config': base }, () => undefined).problems).toEqual([
    'Secret argocd-secret has no server.secretkey',
  ])
})

const warnings = (settings: Settings) => ssoWarnings({ url, ...settings }, readSecret)

test('dex.config alone is warned of, with what to do', () => {
  expect(warnings({ 'dex.config': 'connectors: []' })[0]).toContain('point oidc.config at it')
  expect(warnings({ 'dex.config': 'connectors: []', 'oidc.config': base })).toEqual([])
  expect(warnings({ 'oidc.config': base })).toEqual([])
  expect(warnings({})).toEqual([])
})

test.each([
  [{ 'oidc.config': '{' }, 'nobody can sign in through the provider'],
  [{ 'oidc.config': base, 'oidc.tls.insecure.skip.verify': 'true' }, 'can sign in as anyone'],
  [{ 'oidc.config': `{issuer: ${issuer}, clientID: a, requestedScopes: [email]}` }, 'lacks openid'],
  [
    { 'oidc.config': `{issuer: ${issuer}, clientID: a, skipAudienceCheckWhenTokenHasNoAudience: true}` },
    'a token without an audience is refused',
  ],
  [
    { 'oidc.config': `{issuer: ${issuer}, clientID: a, azure: {enableUserGroupOverageClaim: true}}` },
    'enableUserGroupOverageClaim is not supported',
  ],
])('%j is warned of', (settings, warning) => {
  expect(warnings(settings)).toHaveLength(1)
  expect(warnings(settings)[0]).toContain(warning)
})

test('what everybody may know holds no secret', () => {
  const config = configOf(`{issuer: ${issuer}, clientID: a, cliClientID: b, clientSecret: $oidc.secret}`)
  expect(config && publicOidcSettings(config)).toEqual({
    name: 'SSO',
    issuer,
    clientID: 'a',
    cliClientID: 'b',
    scopes: ['openid', 'profile', 'email', 'groups'],
    enablePKCEAuthentication: true,
  })
})
