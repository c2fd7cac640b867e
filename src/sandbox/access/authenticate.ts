/** Who asks: a bearer token, a client certificate, or nobody. */
import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import type { Cluster, User } from '../lifecycle/cluster.ts'
import { unauthorized } from '../refusal.ts'
import { refusal } from './authorize.ts'
import { decide } from './rbac.ts'

const everyone = 'system:authenticated'
const administrator: User = { name: 'admin', uid: 'admin', groups: ['system:masters', everyone] }
const anonymous: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] }

const certificateUsers = new WeakMap<TLSSocket, User | undefined>()

function certificateUser(socket: TLSSocket): User | undefined {
  if (certificateUsers.has(socket)) return certificateUsers.get(socket)
  const subject = socket.authorized ? socket.getPeerCertificate().subject : undefined
  const organisations = subject?.O === undefined ? [] : [subject.O].flat()
  const name = [subject?.CN].flat()[0]
  const user = name === undefined ? undefined : { name, groups: [...organisations, everyone] }
  certificateUsers.set(socket, user)
  return user
}

function bearerUser(cluster: Cluster, header: string): User {
  const token = header.replace(/^Bearer\s+/i, '')
  if (token === cluster.adminToken) return administrator
  const user = cluster.tokens.userOf(token, cluster.store, cluster.clock())
  if (!user) throw unauthorized()
  return user
}

function listOf(value: string | string[] | undefined): string[] {
  return value === undefined ? [] : [value].flat().flatMap((one) => one.split(', '))
}

/** `kubectl --as`: the caller must hold the verb impersonate on the user and on each group. */
function impersonated(cluster: Cluster, user: User, headers: IncomingMessage['headers']): User {
  const [name] = listOf(headers['impersonate-user'])
  if (name === undefined) return user
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name)
  const asked = account
    ? { resource: 'serviceaccounts', namespace: account[1] ?? '', name: account[2] ?? '' }
    : { resource: 'users', namespace: '', name }
  const groups = listOf(headers['impersonate-group'])
  for (const one of [asked, ...groups.map((group) => ({ resource: 'groups', namespace: '', name: group }))]) {
    const attributes = { kind: 'resource', verb: 'impersonate', group: '', subresource: '', ...one } as const
    if (!decide(cluster.store, user, attributes).allowed) throw refusal(user, attributes)
  }
  const own = account ? ['system:serviceaccounts', `system:serviceaccounts:${account[1]}`] : []
  return { name, groups: [...(groups.length > 0 ? groups : own), everyone] }
}

/** Throws the 401 for credentials that are not good, and the 403 for impersonation that is not allowed. */
export function authenticate(cluster: Cluster, request: IncomingMessage): User {
  const { authorization } = request.headers
  const user = authorization
    ? bearerUser(cluster, authorization)
    : (certificateUser(request.socket as TLSSocket) ?? anonymous)
  return impersonated(cluster, user, request.headers)
}
