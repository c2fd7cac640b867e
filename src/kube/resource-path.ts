/** Where the API keeps a kind and its objects. */
import type { ApiResource } from './kube-client.ts'

export function apiVersionOf({ group, version }: Pick<ApiResource, 'group' | 'version'>): string {
  return group ? `${group}/${version}` : version
}

/** The collection, or one object of it, or a subresource of that. */
export function resourcePath(
  resource: Pick<ApiResource, 'group' | 'version' | 'resource' | 'namespaced'>,
  { namespace, name, subresource }: { namespace?: string; name?: string; subresource?: string } = {},
): string {
  const root = resource.group ? '/apis' : '/api'
  const inNamespace = resource.namespaced && namespace ? ['namespaces', namespace] : []
  const rest = [...inNamespace, resource.resource, name, subresource].filter(
    (part) => part !== undefined && part !== '',
  )
  return [root, apiVersionOf(resource), ...rest.map((part) => encodeURIComponent(part as string))].join('/')
}

const pods = { group: '', version: 'v1', resource: 'pods', namespaced: true }

/** A subresource of a pod, for which nobody has to ask the server where pods are. */
export function podPath(pod: { namespace: string; name: string }, subresource: 'log' | 'exec'): string {
  return resourcePath(pods, { ...pod, subresource })
}
