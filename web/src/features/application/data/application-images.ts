/** The images of an application: what is on record of them, and what their registries were asked for. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type AnswerOf, type Application, api, routes } from '../../../lib/api.ts'
import { type ApplicationName, applicationKey, home } from './application-key.ts'
import { sourcesOf } from './facts.ts'

export type ApplicationImages = AnswerOf<typeof routes.applicationSources.images>
export type ImageRow = ApplicationImages['items'][number]

const recordMs = 60_000

/**
 * Opening the view asks no registry: it shows what the last round of the server has found, which costs nothing. Whoever
 * goes through a hundred applications would otherwise ask for the images of all of them, and registries count requests by
 * address and account, so that the next pull of a cluster might be the one that is refused. `ask` is for who presses the
 * button; the server asks a registry for one image no more often than every 15 s, whoever presses.
 */
export function useApplicationImages(named: ApplicationName, application: Application) {
  const client = useQueryClient()
  const key = applicationKey(named, 'images', versionOf(application))
  const askedKey = [...key, 'asked']
  const request = (updates: boolean, signal?: AbortSignal) => {
    const query = { ...home(named), ...(updates && { updates }) }
    return api.call(routes.applicationSources.images, {
      params: { name: named.name },
      query,
      ...(signal && { signal }),
    })
  }
  const record = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => request(false, signal),
    placeholderData: (before) => before,
    // Rounds tell nobody that they have found nothing new.
    refetchInterval: recordMs,
  })
  // Only ever filled by `ask`.
  const asked = useQuery<ApplicationImages>({ queryKey: askedKey, enabled: false })
  return {
    images: record.data && newer(record.data, asked.data),
    error: record.error,
    retry: () => void record.refetch(),
    ask: async () => void client.setQueryData(askedKey, await request(true)),
  }
}

/** What the registries were asked later, which is not known of every answer. */
function newer(record: ApplicationImages, asked: ApplicationImages | undefined): ApplicationImages {
  return asked && (asked.lookedAt ?? '') >= (record.lookedAt ?? '') ? asked : record
}

/** What decides about the answer: rules, pin and record, which are annotations, the sources, and what runs. */
function versionOf({ metadata, spec, status }: Application): string {
  const annotations = Object.entries(metadata.annotations ?? {}).filter(([key]) => decisive.test(key))
  const { sourceType, sourceTypes, summary } = status ?? {}
  const { deletionTimestamp } = metadata
  return JSON.stringify([annotations, deletionTimestamp, sourcesOf(spec), sourceType, sourceTypes, summary?.images])
}

const decisive = /^argocd-image-updater\.argoproj\.io\/|^tiphys\.dev\/(pin|image-updates)$|\/skip-reconcile$/
