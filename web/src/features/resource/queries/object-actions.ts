/** What can be done to one object, and doing it. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type AnswerOf, type Application, api, type ResourceNode, routes } from '../../../lib/api.ts'
import { type RightQuestion, useRights } from '../../../lib/rights.ts'
import { useSession } from '../../../lib/session.tsx'
import { addressOf, home, type ObjectAddress, objectKey, objectQuery, rightsObject } from './object-address.ts'

export type ObjectAction = AnswerOf<typeof routes.applications.listActions>['actions'][number]

/** Those that the user may run. */
export function useOfferedActions(application: Application, address: ObjectAddress, node: ResourceNode | undefined) {
  const { settings } = useSession()
  const { actions, error } = useObjectActions(application, address, node)
  const object = rightsObject(application, settings.controllerNamespace)
  const { group, kind } = address
  const questions = (actions ?? []).map(({ name }): [string, RightQuestion] => [
    name,
    { resource: 'applications', action: `action/${group}/${kind}/${name}`, object },
  ])
  const rights = useRights(Object.fromEntries(questions))
  return { actions: actions?.filter(({ name }) => rights[name] === true), error }
}

function useObjectActions(application: Application, address: ObjectAddress, node: ResourceNode | undefined) {
  const { data, error } = useQuery({
    queryKey: objectKey(application, address, 'actions', node?.uid, node?.resourceVersion),
    queryFn: async ({ signal }) => {
      const query = objectQuery(application, address, node?.version)
      const params = { name: application.metadata.name }
      return (await api.call(routes.applications.listActions, { params, query, signal })).actions
    },
    enabled: node?.uid !== undefined,
    placeholderData: keepPreviousData,
    gcTime: 10_000,
  })
  return { actions: data, error: data ? undefined : error }
}

export function runAction(
  application: Application,
  node: ResourceNode,
  { name, parameters }: { name: string; parameters: Record<string, string> },
) {
  return api.call(routes.applications.runActionWithParameters, {
    params: { name: application.metadata.name },
    body: {
      ...objectQuery(application, addressOf(node), node.version),
      name: application.metadata.name,
      action: name,
      resourceActionParameters: Object.entries(parameters).map(([parameter, value]) => ({ name: parameter, value })),
    },
  })
}

/** `foreground`: with what it owns, one after the other; `force`: at once; `orphan`: without what it owns. */
export type DeletionWay = 'foreground' | 'force' | 'orphan'

export function deleteObject(application: Application, node: ResourceNode, way: DeletionWay) {
  return api.call(routes.applications.deleteResource, {
    params: { name: application.metadata.name },
    query: {
      ...objectQuery(application, addressOf(node), node.version),
      force: way === 'force',
      orphan: way === 'orphan',
    },
  })
}

/** Only what is different, as a merge patch. */
export function patchObject(application: Application, node: ResourceNode, patch: object) {
  return api.call(routes.applications.patchResource, {
    params: { name: application.metadata.name },
    query: { ...objectQuery(application, addressOf(node), node.version), patchType: 'application/merge-patch+json' },
    body: JSON.stringify(patch),
  })
}

export function useObjectLinks(application: Application, node: ResourceNode) {
  const address = addressOf(node)
  const { data } = useQuery({
    queryKey: objectKey(application, address, 'links'),
    queryFn: ({ signal }) => {
      const params = { name: application.metadata.name }
      return api.call(routes.links.ofResource, {
        params,
        query: { ...home(application), ...objectQuery(application, address, node.version) },
        signal,
      })
    },
    staleTime: 5 * 60_000,
  })
  return data?.items ?? []
}
