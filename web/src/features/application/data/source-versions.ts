/** Which versions of an application's sources run, are allowed, and are held back. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type AnswerOf, type Application, api, routes } from '../../../lib/api.ts'
import { type ApplicationName, applicationKey, home } from './application-key.ts'
import { type Source, sourcesOf, wantedRevisions } from './facts.ts'

export type SourceVersions = AnswerOf<typeof routes.applicationSources.versions>['items'][number]

const staleMs = 5 * 60_000

/** What the server knows from its last looks; `ask` has it ask the repositories anew. */
export function useSourceVersions(named: ApplicationName, application: Application, enabled = true) {
  const client = useQueryClient()
  const sources = sourcesOf(application.spec)
  // What is deployed meanwhile makes the answer another one.
  const wanted = JSON.stringify([sources.map(({ targetRevision }) => targetRevision), wantedRevisions(application)])
  const key = applicationKey(named, 'versions', wanted)
  const request = (refresh: boolean, signal?: AbortSignal) => {
    const query = { ...home(named), ...(refresh && { refresh }) }
    const asked = { params: { name: named.name }, query, ...(signal && { signal }) }
    return api.call(routes.applicationSources.versions, asked)
  }
  const { data, error, refetch } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => request(false, signal),
    enabled,
    staleTime: staleMs,
    retry: false,
  })
  return {
    versions: data?.items,
    error,
    retry: () => void refetch(),
    ask: async () => void client.setQueryData(key, await request(true)),
  }
}

/** Those for which there is something newer; a branch has no versions, and is not asked about. */
export function useHeldBack(named: ApplicationName, application: Application): SourceVersions[] {
  const { versions } = useSourceVersions(named, application, sourcesOf(application.spec).some(isVersioned))
  return versions?.filter(({ proposal }) => proposal !== undefined) ?? []
}

/** A commit's id is no version, though it has digits. */
function isVersioned({ chart, targetRevision = '' }: Source): boolean {
  return chart !== undefined || /^[\^~<>=!v\s]*\d+(\.|$|\s)/.test(targetRevision)
}
