/** Signing in and out, and who one is. */
import { stringifySetCookie } from 'cookie'
import type { Access } from '../../access/index.ts'
import { routes } from '../../contract/index.ts'
import { type Handler, handler } from '../handler.ts'
import { cookieName } from '../token.ts'

export function sessionHandlers({ access }: { access: Access }): Handler[] {
  return [
    handler(routes.session.create, async ({ body, address, answerHeaders }) => {
      const { token } = await access.signIn(body.username, body.password, { address })
      answerHeaders['set-cookie'] = sessionCookie(token)
      return { token }
    }),
    handler(routes.session.end, async ({ caller, answerHeaders }) => {
      await access.signOut(caller)
      answerHeaders['set-cookie'] = sessionCookie('')
      return {}
    }),
    handler(routes.session.userInfo, async ({ caller }) => {
      if (caller.kind === 'anonymous') return {}
      return { loggedIn: true, username: caller.name, iss: caller.issuer, groups: caller.groups }
    }),
  ]
}

/** Scripts of a page cannot read it, and other sites cannot have it sent. An empty one ends it. */
export function sessionCookie(token: string): string {
  const attributes = { path: '/', httpOnly: true, secure: true, sameSite: 'lax' } as const
  return stringifySetCookie({ name: cookieName, value: token, ...attributes, ...(token === '' && { maxAge: 0 }) })
}
