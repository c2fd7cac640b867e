/** One request to one answer: static documents by path, everything else by resource and verb. */
import { aggregated, apiVersions, group, groupList, resourceList } from '../discovery/documents.ts'
import type { Resource } from '../discovery/resource.ts'
import type { Call, Cluster } from '../lifecycle/cluster.ts'
import { strategyOf } from '../lifecycle/strategy.ts'
import { methodNotAllowed, noSuchResource, notFound } from '../refusal.ts'
import { type Answer, json, pageNotFound } from './answer.ts'
import { healthAnswer } from './health.ts'
import { negotiate, parseAccept } from './negotiate.ts'
import { openApiAnswer } from './open-api.ts'
import { type ApiRequest, header } from './request.ts'
import { parseRoute, type ResourceRoute } from './route.ts'
import { collectionVerbs, objectVerbs, subresourceVerbs, type Verb } from './verbs.ts'

const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

function wantsAggregated(accept: string): boolean {
  return parseAccept(accept).some(
    ({ parameters }) => parameters.as === 'APIGroupDiscoveryList' && parameters.v === 'v2',
  )
}

/** Discovery speaks only JSON, and says so. */
function discovery(cluster: Cluster, request: ApiRequest, path: string): Answer | undefined {
  if ((path === '/api' || path === '/apis') && wantsAggregated(header(request, 'accept'))) {
    const answer = json(aggregated(cluster.registry, path), { vary: 'Accept', 'cache-control': 'public' })
    return { ...answer, contentType: aggregatedType } as Answer
  }
  if (path === '/api') return json(apiVersions(header(request, 'host')))
  if (path === '/apis') return json(groupList(cluster.registry))
  const [, root, first = '', second = '', ...more] = path.split('/')
  if (more.length > 0) return undefined
  if (root === 'api' && second === '') return found(resourceList(cluster.registry, { group: '', version: first }))
  if (root !== 'apis') return undefined
  if (!cluster.registry.hasGroup(first)) return pageNotFound()
  return second === ''
    ? found(group(cluster.registry, first))
    : found(resourceList(cluster.registry, { group: first, version: second }))
}

function found(document: object | undefined): Answer {
  if (!document) throw noSuchResource()
  return json(document)
}

function staticAnswer(cluster: Cluster, request: ApiRequest): Answer {
  const path = request.path.replace(/(.)\/+$/, '$1')
  const answer =
    discovery(cluster, request, path) ?? openApiAnswer(cluster, request, path) ?? healthAnswer(cluster, request, path)
  return answer ?? pageNotFound()
}

/** The resource behind a route, or the refusal for there being none. */
function resourceFor(cluster: Cluster, route: ResourceRoute): Resource | Answer {
  const { registry } = cluster
  if (!registry.hasGroup(route.group)) return pageNotFound()
  const resource = registry.find(route.group, route.version, route.resource)
  // A group that only definitions serve answers for what it does not serve as if it were not there.
  if (!resource && isCustomGroup(cluster, route.group)) return pageNotFound()
  if (!resource) throw noSuchResource()
  const isOwnNamespace = resource.name === 'namespaces' && resource.group === ''
  if (!resource.namespaced && route.namespace !== '' && !isOwnNamespace) throw noSuchResource()
  if (resource.namespaced && route.namespace === '' && route.name !== '') throw noSuchResource()
  return resource
}

function isCustomGroup(cluster: Cluster, name: string): boolean {
  for (const resource of cluster.registry.resources()) if (resource.group === name) return resource.custom !== undefined
  return false
}

function verbFor(resource: Resource, route: ResourceRoute, method: string): Verb | undefined {
  if (route.subresource !== '') {
    if (!resource.subresources.has(route.subresource)) {
      throw resource.custom ? notFound(resource, route.name) : noSuchResource()
    }
    return subresourceVerbs[route.subresource]?.[method]
  }
  if (route.name !== '' && !route.isWatchPath) return objectVerbs[method]
  if (resource.namespaced && route.namespace === '' && method !== 'GET') return undefined
  return collectionVerbs[method]
}

const needed: Record<string, string> = { POST: 'create', PUT: 'update', PATCH: 'patch' }

function isAllowed(resource: Resource, route: ResourceRoute, method: string): boolean {
  if (route.subresource !== '') return true
  const onCollection = method === 'GET' ? 'list' : 'deletecollection'
  const verb = needed[method] ?? (route.name === '' ? onCollection : method === 'GET' ? 'get' : 'delete')
  return resource.verbs.has(verb)
}

export function serve(cluster: Cluster, request: ApiRequest): Answer {
  const route = parseRoute(request.path)
  if (!route) return staticAnswer(cluster, request)
  const resource = resourceFor(cluster, route)
  if ('kind' in resource && !('bucket' in resource)) return resource as Answer
  const known = resource as Resource
  if (route.rest.length > 0 && route.subresource !== 'proxy') throw noSuchResource()
  if (/[/%]/.test(route.name)) throw noSuchResource()
  const { deprecation } = strategyOf(cluster.store, known).kind
  if (deprecation) request.warnings.push(deprecation)
  const verb = verbFor(known, route, request.method)
  negotiate(header(request, 'accept'))
  if (!verb || !isAllowed(known, route, request.method)) throw methodNotAllowed()
  return verb(cluster, callOf(cluster, request, route, known), request, route)
}

function managerOf(request: ApiRequest): string {
  const agent = header(request, 'user-agent')
  return request.query.get('fieldManager') || (agent.split('/')[0] ?? '').slice(0, 128) || 'unknown'
}

function callOf(cluster: Cluster, request: ApiRequest, route: ResourceRoute, resource: Resource): Call {
  return {
    resource,
    namespace: resource.namespaced ? route.namespace : '',
    name: route.name,
    subresource: route.subresource,
    user: request.user,
    manager: managerOf(request),
    dryRun: false,
    now: cluster.clock(),
    warnings: request.warnings,
  }
}
