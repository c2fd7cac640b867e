/** The gate before every request: what it asks for, in RBAC's words, and the 403 when nobody allowed it. */

import { flag } from '../http/query.ts'
import type { ApiRequest } from '../http/request.ts'
import { parseRoute, type ResourceRoute } from '../http/route.ts'
import type { Call, Cluster, User } from '../lifecycle/cluster.ts'
import { forbidden } from '../refusal.ts'
import { StatusError } from '../status.ts'
import { type Attributes, decide, isSuperuser } from './rbac.ts'

const verbs: Record<string, string> = { POST: 'create', PUT: 'update', PATCH: 'patch' }

function resourceVerb({ method, query }: ApiRequest, route: ResourceRoute): string {
  if (method === 'DELETE') return route.name === '' ? 'deletecollection' : 'delete'
  if (method !== 'GET' && method !== 'HEAD') return verbs[method] ?? method.toLowerCase()
  if (route.isWatchPath || (route.name === '' && flag(query, 'watch'))) return 'watch'
  return route.name === '' ? 'list' : 'get'
}

export function attributesOf(request: ApiRequest): Attributes {
  const route = parseRoute(request.path)
  if (!route) return { kind: 'path', verb: request.method.toLowerCase(), path: request.path }
  const { group, resource, subresource, name, namespace } = route
  return { kind: 'resource', verb: resourceVerb(request, route), group, resource, subresource, name, namespace }
}

/** The 403 in the words of the real authoriser. */
export function refusal(user: User, asked: Attributes): StatusError {
  if (asked.kind === 'path') {
    const message = `forbidden: User "${user.name}" cannot ${asked.verb} path "${asked.path}"`
    return new StatusError({ message, reason: 'Forbidden', details: {}, code: 403 })
  }
  const { group, resource, subresource, namespace, name, verb } = asked
  const what = subresource === '' ? resource : `${resource}/${subresource}`
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`
  const why = `User "${user.name}" cannot ${verb} resource "${what}" in API group "${group}" ${where}`
  return forbidden({ group, name: resource }, name, why)
}

export function authorize(cluster: Cluster, request: ApiRequest): void {
  if (isSuperuser(request.user)) return
  const asked = attributesOf(request)
  if (!decide(cluster.store, request.user, asked).allowed) throw refusal(request.user, asked)
}

/** Asks for a second verb that a request turns out to need, such as the create of an apply. */
export function authorizeVerb(cluster: Cluster, call: Call, verb: string): void {
  const { user, resource, subresource, namespace, name } = call
  const asked = { kind: 'resource', verb, group: resource.group, resource: resource.name } as const
  const attributes = { ...asked, subresource, namespace, name }
  if (!decide(cluster.store, user, attributes).allowed) throw refusal(user, attributes)
}
