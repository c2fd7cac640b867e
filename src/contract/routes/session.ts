/** Signing in and out, and who one is. */
import { Type } from '../../model/schema.ts'
import { Nothing, named } from '../named.ts'
import { route } from '../route.ts'

const Session = named('sessionSessionResponse', Type.Object({ token: Type.String() }))
const SignIn = named('sessionSessionCreateRequest', Type.Object({ username: Type.String(), password: Type.String() }))
const UserInfo = named(
  'sessionGetUserInfoResponse',
  Type.Object({
    loggedIn: Type.Optional(Type.Boolean()),
    username: Type.Optional(Type.String()),
    iss: Type.Optional(Type.String()),
    groups: Type.Optional(Type.Array(Type.String())),
  }),
)

export const session = {
  create: route({
    id: 'session.create',
    method: 'POST',
    path: '/api/v1/session',
    summary: 'Exchange a name and a password for a token',
    permission: 'public',
    body: SignIn,
    answer: Session,
  }),
  end: route({
    id: 'session.end',
    method: 'DELETE',
    path: '/api/v1/session',
    summary: 'End the session: its token is no longer accepted',
    permission: 'public',
    answer: Nothing,
  }),
  userInfo: route({
    id: 'session.userInfo',
    method: 'GET',
    path: '/api/v1/session/userinfo',
    summary: 'Who the caller is',
    permission: 'public',
    answer: UserInfo,
  }),
}
