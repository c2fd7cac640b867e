/** Which applications there are, and one of them. */
import { routes } from '../../contract/index.ts'
import { type Application, stringifyJson } from '../../model/index.ts'
import { clusterFor } from '../../reconcile/stages.ts'
import { type Handler, handler } from '../handler.ts'
import { readyJson } from '../ready-json.ts'
import type { Services } from '../services.ts'
import { type ApplicationCounts, countApplications } from './application-counts.ts'
import { applicationFilter, isAskedFor, onlyProject } from './application-filter.ts'
import { type Page, pageOf } from './application-order.ts'
import type { ApplicationTexts } from './application-texts.ts'
import type { FacetContext } from './facets.ts'
import { type PartSelection, parseFields, selectionBelow } from './field-selection.ts'
import { findApplication, questionOf } from './find-application.ts'
import { refreshed } from './refreshed.ts'

export function applicationListHandlers(services: Services, texts: ApplicationTexts): Handler[] {
  const { controlPlane, controller } = services
  return [
    handler(routes.applications.list, async (call) => {
      const context = facetContext(services)
      const filter = applicationFilter(call.query, context)
      const visible = call.visible(controlPlane.applications().filter(filter.isCandidate), (application) =>
        questionOf(application, 'get', controlPlane.namespace),
      )
      const { matching, counts } = call.query.counts
        ? countApplications(visible, filter, context)
        : { matching: visible.filter((application) => isAskedFor(application, filter)), counts: undefined }
      const selection = selectionBelow(parseFields(call.query.fields), 'items')
      return readyJson(...listParts(pageOf(matching, call.query, context), { texts, selection, counts, visible }))
    }),
    handler(routes.applications.get, async (call) => {
      const { name } = call.params
      const { appNamespace, refresh } = call.query
      const project = onlyProject(call.query)
      const application = findApplication(call, { name, appNamespace, project }, { controlPlane, action: 'get' })
      if (refresh === undefined) return application
      const kind = refresh === 'hard' ? 'hard' : 'normal'
      return refreshed(application, { kind, now: new Date(), signal: call.signal }, { controlPlane, controller })
    }),
  ]
}

export function facetContext({ stages }: Pick<Services, 'stages'>): FacetContext {
  return { clusterOf: (destination) => clusterFor(destination, stages.clusters) }
}

interface ListParts {
  texts: ApplicationTexts
  selection: PartSelection
  counts: ApplicationCounts | undefined
  visible: Application[]
}

const comma = Buffer.from(',')

function listParts({ items, next, remaining }: Page, { texts, selection, counts, visible }: ListParts) {
  const metadata = {
    resourceVersion: newestVersion(visible),
    ...(next && { continue: next, remainingItemCount: remaining }),
  }
  return [
    `{"metadata":${stringifyJson(metadata)},"items":[`,
    ...items.flatMap((application, index) => {
      const { json } = texts.of(application, selection)
      return index === 0 ? [json] : [comma, json]
    }),
    counts ? `],"counts":${stringifyJson(counts)}}` : ']}',
  ]
}

/** From where a stream can go on: nothing in the list is newer. */
function newestVersion(applications: Application[]): string {
  let newest = ''
  for (const { metadata } of applications) {
    const version = metadata.resourceVersion ?? ''
    // Decimal numbers of any length.
    const isNewer = version.length > newest.length || (version.length === newest.length && version > newest)
    if (isNewer && /^\d+$/.test(version)) newest = version
  }
  return newest
}
