/** Reading ApplicationSets, once or as they change. */
import { routes } from '../../contract/index.ts'
import type { ApplicationSet } from '../../model/index.ts'
import { type Handler, handler } from '../handler.ts'
import { labelSelector } from '../label-selector.ts'
import { eventsOf } from '../object-events.ts'
import type { Services } from '../services.ts'
import { applicationSetQuestion, applicationSets, findApplicationSet, projectOf } from './find-application-set.ts'
import { watchApplicationSets } from './watch-application-sets.ts'

interface Selection {
  name?: string
  namespace?: string
  projects?: string | string[]
  selector?: string
}

export function applicationSetReadHandlers({ controlPlane, client }: Services): Handler[] {
  const question = (one: ApplicationSet) => applicationSetQuestion(one, 'get', controlPlane.namespace)
  const find = (call: Parameters<typeof findApplicationSet>[0], name: string, namespace: string | undefined) =>
    findApplicationSet(call, { name, namespace }, { controlPlane, action: 'get' })

  return [
    handler(routes.applicationSets.list, async (call) => {
      const { appsetNamespace: namespace, projects, selector } = call.query
      const isWanted = selection({ namespace, projects, selector })
      const visible = call.visible(applicationSets(controlPlane), question).filter(isWanted)
      return { metadata: {}, items: visible.sort((one, other) => (one.metadata.name < other.metadata.name ? -1 : 1)) }
    }),
    handler(routes.applicationSets.get, async (call) => find(call, call.params.name, call.query.appsetNamespace)),
    handler(routes.applicationSets.events, async (call) =>
      eventsOf(find(call, call.params.name, call.query.appsetNamespace), client),
    ),
    handler(routes.applicationSets.resourceTree, async (call) =>
      treeOf(find(call, call.params.name, call.query.appsetNamespace)),
    ),
    handler(routes.applicationSets.watch, async (call) => {
      const { name, appSetNamespace: namespace, projects, selector } = call.query
      const isWanted = selection({ name, namespace, projects, selector })
      call.visible(applicationSets(controlPlane), question)
      return watchApplicationSets(controlPlane, {
        // Asked anew for each message: what somebody may see changes while they watch.
        isVisible: (one) => isWanted(one) && call.may(question(one)),
        signal: call.signal,
      })
    }),
  ]
}

/** Throws InvalidArgument for a selector that cannot be read. */
function selection({ name, namespace, projects, selector }: Selection): (one: ApplicationSet) => boolean {
  const wanted = [projects ?? []].flat().filter((project) => project !== '')
  const matches = labelSelector(selector)
  return (one) =>
    (!name || one.metadata.name === name) &&
    (!namespace || one.metadata.namespace === namespace) &&
    (wanted.length === 0 || wanted.includes(projectOf(one))) &&
    matches(one.metadata.labels)
}

/** What its controller has on record. */
function treeOf({ metadata: { name, namespace = '', uid = '' }, status }: ApplicationSet) {
  const parent = { group: 'argoproj.io', version: 'v1alpha1', kind: 'ApplicationSet', namespace, name, uid }
  const nodes = (status?.resources ?? []).map(({ group, version, kind, name, health }) => ({
    group,
    version,
    kind,
    namespace,
    name,
    ...(health && { health }),
    parentRefs: [parent],
  }))
  return { nodes }
}
