/** `url`, `additionalUrls`, `oidc.config` and what belongs to them in argocd-cm: read, checked, secrets put in. Pure. */
import { X509Certificate } from 'node:crypto'
import { load } from 'js-yaml'
import { Value } from 'typebox/value'
import { messageOf, parseDuration } from '../../model/index.ts'
import { Fields, Flag, type Static, Text, Texts, Type } from '../../model/schema.ts'
import { isConfidential, type OwnUrls, parseUrl } from './own-urls.ts'
import { mainSecret, type ReadSecret, resolveReferences, secretValue } from './secret-reference.ts'

const ClaimRequest = Type.Union([Fields({ essential: Flag, value: Text, values: Texts }), Type.Null()])

/** The fields of `oidc.config`. Others are ignored, as Argo CD does. */
const Written = Fields({
  name: Text,
  issuer: Text,
  clientID: Text,
  clientSecret: Text,
  cliClientID: Text,
  requestedScopes: Texts,
  requestedIDTokenClaims: Type.Record(Type.String(), ClaimRequest),
  allowedAudiences: Texts,
  logoutURL: Text,
  rootCA: Text,
  enablePKCEAuthentication: Flag,
  enableUserInfoGroups: Flag,
  userInfoBaseURL: Text,
  userInfoPath: Text,
  userInfoCacheExpiration: Text,
  refreshTokenThreshold: Text,
  domainHint: Text,
  skipAudienceCheckWhenTokenHasNoAudience: Flag,
  azure: Fields({ useWorkloadIdentity: Flag, enableUserGroupOverageClaim: Flag }),
})
export type WrittenConfig = Static<typeof Written>

export interface OidcConfig {
  urls: OwnUrls
  name: string
  issuer: string
  clientId: string
  clientSecret: string | undefined
  cliClientId: string | undefined
  scopes: string[]
  idTokenClaims: NonNullable<WrittenConfig['requestedIDTokenClaims']>
  /** A token has to be meant for one of these. */
  audiences: string[]
  logoutUrl: string | undefined
  rootCa: string | undefined
  insecureSkipVerify: boolean
  /** Undefined: groups are in the token. */
  userInfo: { url: string | undefined; cacheMs: number | undefined } | undefined
  refreshThresholdMs: number
  domainHint: string | undefined
  /** `users.session.duration`: no renewal leads beyond it. */
  sessionMs: number
  /** `server.secretkey`. */
  serverKey: string
}

export interface ReadConfig {
  /** Undefined: nobody can sign in through a provider. */
  config: OidcConfig | undefined
  /** What keeps it from being used. */
  problems: string[]
  written: WrittenConfig | undefined
}

export type Settings = Readonly<Record<string, string>>

const defaultScopes = ['openid', 'profile', 'email', 'groups']
const dayMs = 86_400_000

export function readOidcConfig(settings: Settings, readSecret: ReadSecret): ReadConfig {
  const text = settings['oidc.config']
  if (!text?.trim()) return { config: undefined, problems: [], written: undefined }
  const parsed = parseWritten(text)
  if (typeof parsed === 'string') return { config: undefined, problems: [parsed], written: undefined }
  const { value, problems: references } = resolveReferences(parsed, readSecret)
  const written = value as WrittenConfig
  const secret = readSecret(mainSecret)
  const serverKey = secret && secretValue(secret, 'server.secretkey')
  const urls = ownUrls(settings)
  const problems = [
    ...references.map((problem) => `oidc.config: ${problem}`),
    ...problemsOf(written),
    ...(typeof urls === 'string' ? [urls] : []),
    ...(serverKey ? [] : [`Secret ${mainSecret} has no server.secretkey`]),
  ]
  if (problems.length > 0 || !serverKey || typeof urls === 'string') return { config: undefined, problems, written }
  return { config: configOf(written, { settings, urls, serverKey }), problems, written }
}

function parseWritten(text: string): WrittenConfig | string {
  try {
    const value = load(text)
    if (Value.Check(Written, value)) return value
    const [first] = Value.Errors(Written, value)
    return `oidc.config: ${first?.instancePath.slice(1).replaceAll('/', '.') || 'it'} ${first?.message}`
  } catch (error) {
    return `oidc.config is not YAML: ${firstLine(error)}`
  }
}

/** The others repeat what is written, secrets among it. */
function firstLine(error: unknown): string {
  return messageOf(error).split('\n')[0] ?? ''
}

function problemsOf(written: WrittenConfig): string[] {
  const { issuer, clientID, userInfoBaseURL, logoutURL, rootCA, azure } = written
  const problems: string[] = []
  if (!clientID) problems.push('oidc.config needs clientID')
  if (!issuer) problems.push('oidc.config needs issuer')
  else problems.push(...addressProblems('issuer', issuer))
  if (userInfoBaseURL) problems.push(...addressProblems('userInfoBaseURL', userInfoBaseURL))
  // It is put into a redirect, so that nothing but a web address may stand there.
  if (logoutURL && !isWebAddress(logoutURL)) problems.push('oidc.config: logoutURL is no web address')
  if (rootCA && !isCertificate(rootCA)) problems.push('oidc.config: rootCA is no certificate in PEM')
  if (azure?.useWorkloadIdentity)
    problems.push('oidc.config: azure.useWorkloadIdentity is not supported; set a clientSecret instead')
  for (const key of ['userInfoCacheExpiration', 'refreshTokenThreshold'] as const) {
    const text = written[key]
    if (text && parseDuration(text) === undefined)
      problems.push(`oidc.config: ${key} is ${JSON.stringify(text)}, which is no duration such as 5m`)
  }
  return problems
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== ''
  } catch {
    return false
  }
}

function addressProblems(key: string, text: string): string[] {
  const url = parseUrl(text)
  if (url && isConfidential(url) && !url.search && !url.hash) return []
  return [`oidc.config: ${key} is ${JSON.stringify(text)}, which is no https address; http is for loopback only`]
}

function isWebAddress(text: string): boolean {
  return /^https?:$/.test(parseUrl(text)?.protocol ?? '')
}

/** All addresses, or what is wrong with them. */
function ownUrls(settings: Settings): OwnUrls | string {
  const first = settings.url?.trim()
  if (!first) return 'argocd-cm has no url: set it to the address that browsers reach Tiphys at'
  let others: unknown
  try {
    others = settings.additionalUrls?.trim() ? (load(settings.additionalUrls) ?? []) : []
  } catch (error) {
    return `additionalUrls of argocd-cm is not YAML: ${firstLine(error)}`
  }
  if (!Value.Check(Texts, others)) return 'additionalUrls of argocd-cm is no list of addresses'
  const wrong = [first, ...others].find((url) => !isWebAddress(url))
  return wrong === undefined
    ? [first, ...others]
    : `url and additionalUrls of argocd-cm: ${JSON.stringify(wrong)} is no web address`
}

interface Surroundings {
  settings: Settings
  urls: OwnUrls
  serverKey: string
}

function configOf(written: WrittenConfig, { settings, urls, serverKey }: Surroundings): OidcConfig {
  const { issuer = '', clientID = '', cliClientID, requestedScopes = [], allowedAudiences = [] } = written
  const scopes = requestedScopes.length > 0 ? requestedScopes : defaultScopes
  return {
    urls,
    name: written.name || 'SSO',
    issuer,
    clientId: clientID,
    clientSecret: written.clientSecret || undefined,
    cliClientId: cliClientID || undefined,
    scopes: scopes.includes('openid') ? scopes : ['openid', ...scopes],
    idTokenClaims: written.requestedIDTokenClaims ?? {},
    audiences: allowedAudiences.length > 0 ? allowedAudiences : [clientID, ...(cliClientID ? [cliClientID] : [])],
    logoutUrl: written.logoutURL || undefined,
    rootCa: written.rootCA || undefined,
    insecureSkipVerify: settings['oidc.tls.insecure.skip.verify'] === 'true',
    userInfo: written.enableUserInfoGroups
      ? { url: userInfoUrl(written), cacheMs: durationOf(written.userInfoCacheExpiration) }
      : undefined,
    refreshThresholdMs: durationOf(written.refreshTokenThreshold) ?? 0,
    domainHint: written.domainHint?.trim() || undefined,
    sessionMs: durationOf(settings['users.session.duration']) ?? dayMs,
    serverKey,
  }
}

/** Without a path, the one that the provider names. */
function userInfoUrl({ issuer = '', userInfoBaseURL, userInfoPath }: WrittenConfig): string | undefined {
  if (!userInfoPath) return undefined
  const base = userInfoBaseURL || issuer
  return `${base.replace(/\/+$/, '')}/${userInfoPath.replace(/^\/+/, '')}`
}

function durationOf(text: string | undefined): number | undefined {
  return (text && parseDuration(text)) || undefined
}
