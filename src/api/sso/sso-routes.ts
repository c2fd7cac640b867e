/** The way of a browser through a login: `/auth/login`, the provider, `/auth/callback`; and out again, `/auth/logout`. */
import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Oidc, SsoError } from '../../access/oidc/index.ts'
import { messageOf } from '../../model/index.ts'
import type { Log } from '../../reconcile/stages.ts'
import { renewSessions } from './renew-session.ts'
import { begunLogin, endLogin, endSession, givenSession, sessionCookies, stateCookies } from './sso-cookies.ts'
import { logoutPage, noticePage, type Page } from './sso-page.ts'

export interface SsoServices {
  oidc: Oidc
  /** Makes the token worthless before its end. */
  signOut(token: string): Promise<void>
  log: Log
}

/** Of one address: several people may share one. */
const perMinute = { rateLimit: { max: 60, timeWindow: '1 minute' } }
/** Asking for the head of these would do what asking for them does. */
const options = { config: perMinute, exposeHeadRoute: false }

/** To be called after the rate limits and the guard against other sites are in place. */
export function ssoRoutes(app: FastifyInstance, services: SsoServices): void {
  renewSessions(app, services)
  app.get('/auth/login', options, (request, reply) => answer(reply, services, () => login(request, services)))
  app.get('/auth/callback', options, (request, reply) => answer(reply, services, () => callback(request, services)))
  app.get('/auth/logout', options, (request, reply) => answer(reply, services, () => logout(request, services)))
}

type Answer = { cookies: string[] } & ({ redirect: string } | { page: Page })

async function login(request: FastifyRequest, { oidc }: SsoServices): Promise<Answer> {
  const returnUrl = queryOf(request).get('return_url') ?? undefined
  const { url, begun } = await oidc.connection().startLogin({ host: request.host, returnUrl })
  return { cookies: stateCookies(begun, isEncrypted(request)), redirect: url }
}

async function callback(request: FastifyRequest, { oidc, log }: SsoServices): Promise<Answer> {
  const begun = begunLogin(request.headers.cookie)
  const session = await oidc.connection().finishLogin({ query: queryOf(request), begun })
  const secure = isEncrypted(request)
  const cookies = sessionCookies(session, secure)
  if (!cookies) return { cookies: endLogin(secure), page: noticePage('too long') }
  log.info({ subject: session.claims.sub, issuer: session.claims.iss }, 'somebody has signed in through the provider')
  return { cookies: [...endLogin(secure), ...cookies], redirect: session.returnUrl }
}

async function logout(request: FastifyRequest, { oidc, signOut, log }: SsoServices): Promise<Answer> {
  const given = givenSession(request.headers.cookie)
  const cookies = endSession(request.headers.cookie, isEncrypted(request))
  if (!given) return { cookies, redirect: '/' }
  if (!isMeant(request, given.idToken)) return { cookies: [], page: logoutPage(confirmation(given.idToken)) }
  await signOut(given.idToken).catch((error: unknown) => {
    log.info({ reason: messageOf(error) }, 'a session that no longer counts was ended')
  })
  if (!oidc.config()) return { cookies, redirect: '/' }
  const { url, revoked, home } = oidc.connection().end({ ...given, host: request.host })
  revoked.catch((error: unknown) => log.warn({ reason: messageOf(error) }, 'the provider did not revoke a session'))
  return { cookies, redirect: url ?? home }
}

/** Another site can have a browser open this address, but not from a page of ours, nor with the right words. */
function isMeant(request: FastifyRequest, token: string): boolean {
  const { 'sec-fetch-site': from, 'sec-purpose': purpose } = request.headers
  if (purpose !== undefined) return false
  return from === 'same-origin' || from === 'none' || queryOf(request).get('confirm') === confirmation(token)
}

/** Only who knows the token can tell it. */
function confirmation(token: string): string {
  return createHash('sha256').update(`sign out\n${token}`).digest('base64url')
}

function isEncrypted({ protocol }: FastifyRequest): boolean {
  return protocol === 'https'
}

function queryOf({ url }: FastifyRequest): URLSearchParams {
  const start = url.indexOf('?')
  return new URLSearchParams(start < 0 ? '' : url.slice(start))
}

async function answer(reply: FastifyReply, { log }: SsoServices, act: () => Promise<Answer>): Promise<FastifyReply> {
  const given = await act().catch((error: unknown) => failed(error, { log, request: reply.request }))
  reply.header('cache-control', 'no-store').header('set-cookie', given.cookies)
  if ('redirect' in given) return reply.redirect(given.redirect, 303)
  return reply.code(given.page.status).type('text/html; charset=utf-8').send(given.page.html)
}

function failed(error: unknown, { log, request }: { log: Log; request: FastifyRequest }): Answer {
  if (!(error instanceof SsoError)) throw error
  log.warn({ fault: error.fault, reason: messageOf(error) }, 'a login through the provider has failed')
  return { cookies: endLogin(isEncrypted(request)), page: noticePage(error.fault) }
}
