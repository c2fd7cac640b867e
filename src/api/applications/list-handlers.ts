/** Which applications there are, and one of them. */
import { LRUCache } from 'lru-cache'
import type { StandingQuestion } from '../../access/index.ts'
import { routes } from '../../contract/index.ts'
import { type Application, stringifyJson } from '../../model/index.ts'
import { clusterFor } from '../../reconcile/stages.ts'
import { type Handler, handler } from '../handler.ts'
import { readyJson } from '../ready-json.ts'
import type { Services } from '../services.ts'
import { ApplicationCounter, type ApplicationCounts } from './application-counts.ts'
import { applicationFilter, isAskedFor, onlyProject } from './application-filter.ts'
import { type Page, pageOf } from './application-order.ts'
import type { ApplicationTexts } from './application-texts.ts'
import type { FacetContext } from './facets.ts'
import { type PartSelection, parseFields, selectionBelow } from './field-selection.ts'
import { findApplication } from './find-application.ts'
import { refreshed } from './refreshed.ts'
import { prepareSearch } from './search-text.ts'

/** What lists and streams of applications share. */
export interface ReadContext {
  texts: ApplicationTexts
  /** May an application be seen? */
  seeing: StandingQuestion<Application>
}

export function applicationListHandlers(services: Services, { texts, seeing }: ReadContext): Handler[] {
  const { controlPlane } = services
  /** By who asks: each mostly sees the same as the last time. */
  const counters = new LRUCache<string, ApplicationCounter>({ max: 16 })
  let isPreparing = false

  function counterFor(caller: string): ApplicationCounter {
    const counter = counters.get(caller) ?? new ApplicationCounter()
    counters.set(caller, counter)
    return counter
  }

  return [
    handler(routes.applications.list, async (call) => {
      const context = facetContext(services)
      const filter = applicationFilter(call.query, context)
      const visible = call.visibleOf(controlPlane.applications().filter(filter.isCandidate), seeing)
      const { matching, counts } = call.query.counts
        ? counterFor(call.caller.name).count(visible, filter)
        : { matching: visible.filter((application) => isAskedFor(application, filter)), counts: undefined }
      // Who has them counted looks at the page, and may search next.
      if (counts && !filter.searches && !isPreparing) {
        isPreparing = true
        void prepareSearch(visible, context).finally(() => {
          isPreparing = false
        })
      }
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
      return refreshed(application, { kind, now: new Date(), signal: call.signal }, services)
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
