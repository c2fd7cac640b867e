/** Renews the session of a browser before its token expires, on whatever request comes then. */
import type { FastifyInstance } from 'fastify'
import { type Oidc, SsoError, type SsoSession } from '../../access/oidc/index.ts'
import { messageOf } from '../../model/index.ts'
import type { Log } from '../../reconcile/stages.ts'
import { tokenOf } from '../token.ts'
import { givenSession, sessionCookies, withSession } from './sso-cookies.ts'

export function renewSessions(app: FastifyInstance, { oidc, log }: { oidc: Oidc; log: Log }): void {
  async function renewed(cookieHeader: string | undefined): Promise<SsoSession | undefined> {
    const given = givenSession(cookieHeader)
    if (given?.kept === undefined || !oidc.config()) return undefined
    try {
      return await oidc.connection().renew(given)
    } catch (error) {
      // The old token counts as long as it counts; after that, its owner has to sign in again.
      if (!(error instanceof SsoError)) throw error
      log.warn({ fault: error.fault, reason: messageOf(error) }, 'a session could not be renewed')
      return undefined
    }
  }

  app.addHook('onRequest', async (request, reply) => {
    if (!tokenOf(request)?.byCookie || request.url.startsWith('/auth/')) return
    const session = await renewed(request.headers.cookie)
    const cookies = session && sessionCookies(session, request.protocol === 'https')
    if (!session || !cookies) return
    // Streams write their own head: what stands on the connection's answer is sent with either.
    reply.raw.setHeader('set-cookie', cookies)
    request.raw.headers.cookie = withSession(request.headers.cookie, session)
  })
}
