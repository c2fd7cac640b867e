/** Signing in through a provider from the command line: a browser does it, and comes back to a port of this machine. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { refreshTokenGrant } from 'openid-client'
import {
  type AskedLogin,
  askForLogin,
  completeLogin,
  openProvider,
  openProviderDoor,
  type Provider,
  type PublicOidcSettings,
  SsoError,
} from '../access/oidc/index.ts'

export interface BrowserLogin {
  /** As /api/v1/settings tells them. */
  settings: PublicOidcSettings
  /** Opens the address, or prints it for somebody to open. */
  openBrowser(url: string): Promise<void> | void
  /** Argo CD's is 8085: the provider has to know `http://localhost:8085/auth/callback`. 0 takes a free one. */
  port: number
  /** Ends waiting. */
  signal: AbortSignal
}

export interface CliTokens {
  idToken: string
  refreshToken?: string
}

/** Throws an SsoError, or the reason of the signal. */
export async function loginWithBrowser({ settings, openBrowser, port, signal }: BrowserLogin): Promise<CliTokens> {
  const door = openProviderDoor()
  const provider = openProvider({
    issuer: settings.issuer,
    clientId: settings.cliClientID ?? settings.clientID,
    fetch: door.fetch,
    now: () => Date.now(),
  })
  const server = createServer()
  try {
    const redirectUri = await listen(server, port)
    const scopes = await scopesFor(provider, settings.scopes)
    const { idTokenClaims = {} } = settings
    const asked = await askForLogin(provider, { redirectUri, scopes, idTokenClaims })
    const answered = nextAnswer(server, { state: asked.state, signal })
    // Whoever waits for it may come later than its failure.
    answered.catch(() => {})
    await openBrowser(asked.url)
    return await exchange(provider, { asked, redirectUri, visit: await answered })
  } finally {
    server.close()
    server.closeAllConnections()
    await door.close()
  }
}

export interface Renewal {
  issuer: string
  clientId: string
  refreshToken: string
}

/** Throws where the provider gives no new ID token. */
export async function renewTokens({ issuer, clientId, refreshToken }: Renewal): Promise<CliTokens> {
  const door = openProviderDoor()
  try {
    const provider = openProvider({ issuer, clientId, fetch: door.fetch, now: () => Date.now() })
    const tokens = await provider.asClient((configuration) => refreshTokenGrant(configuration, refreshToken))
    const { id_token: idToken, refresh_token: next } = tokens
    if (idToken === undefined) throw new SsoError('refused by provider', 'the provider has given no ID token')
    return { idToken, ...(next !== undefined && { refreshToken: next }) }
  } finally {
    await door.close()
  }
}

async function listen(server: Server, port: number): Promise<string> {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return `http://localhost:${(server.address() as AddressInfo).port}/auth/callback`
}

/** Providers that do not say which scopes they know are taken to know this one. */
async function scopesFor(provider: Provider, scopes: string[]): Promise<string[]> {
  const { scopes_supported: supported } = await provider.metadata()
  const offline = supported === undefined || supported.includes('offline_access')
  return offline ? [...new Set([...scopes, 'offline_access'])] : scopes
}

interface Visit {
  query: URLSearchParams
  response: ServerResponse
}

/** The first visit that belongs to this login: others are told so, and end nothing. */
function nextAnswer(server: Server, { state, signal }: { state: string; signal: AbortSignal }): Promise<Visit> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const [path, search = ''] = (request.url ?? '').split('?', 2)
      const query = new URLSearchParams(search)
      if (path !== '/auth/callback') return show(response, 404, 'There is nothing here.')
      if (query.get('state') !== state) return show(response, 400, 'This belongs to another login.')
      signal.removeEventListener('abort', stop)
      resolve({ query, response })
    })
  })
}

interface Exchange {
  asked: AskedLogin
  redirectUri: string
  visit: Visit
}

async function exchange(provider: Provider, { asked, redirectUri, visit }: Exchange): Promise<CliTokens> {
  try {
    const tokens = await completeLogin(provider, { ...asked, redirectUri, query: visit.query })
    const { id_token: idToken, refresh_token: refreshToken } = tokens
    if (idToken === undefined) throw new SsoError('refused by provider', 'the provider has given no ID token')
    await show(visit.response, 200, 'Signed in. You can close this page and go back to the command line.')
    return { idToken, ...(refreshToken !== undefined && { refreshToken }) }
  } catch (error) {
    await show(visit.response, 400, 'Signing in has failed: the command line says why.')
    throw error
  }
}

async function show(response: ServerResponse, status: number, text: string): Promise<void> {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
  await new Promise<void>((resolve) => response.end(text, () => resolve()))
}
