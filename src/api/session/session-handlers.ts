/** Signing in and out, and who one is. */
import { stringifySetCookie } from 'cookie'
import type { Access } from '../../access/index.ts'
import { routes } from '../../contract/index.ts'
import { type Handler, handler } from '../handler.ts'
import { cookieName } from '../token.ts'

export function sessionHandlers({ access }: { access: Access }): Handler[] {
  return [
    handler(routes.session.create, async ({ body, address, isEncrypted, answerHeaders }) => {
      const { token } = await access.signIn(body.username, body.password, { address })
      answerHeaders['set-cookie'] = sessionCookie(token, isEncrypted)
      return { token }
    }),
    handler(routes.session.end, async ({ caller, isEncrypted, answerHeaders }) => {
      await access.signOut(caller)
      answerHeaders['set-cookie'] = sessionCookie('', isEncrypted)
      return {}
    }),
    handler(routes.session.userInfo, async ({ caller }) => {
      if (caller.kind === 'anonymous') return {}
      return { loggedIn: true, username: caller.name, iss: caller.issuer, groups: caller.groups }
    }),
  ]
}

/**
 * Scripts of a page cannot read it, and other sites cannot have it sent. An empty one ends it. Browsers do not keep a secure
 * one that comes over a connection that is not.
 */
function sessionCookie(token: string, secure: boolean): string {
  const attributes = { path: '/', httpOnly: true, secure, sameSite: 'lax' } as const
  return stringifySetCookie({ name: cookieName, value: token, ...attributes, ...(token === '' && { maxAge: 0 }) })
}
