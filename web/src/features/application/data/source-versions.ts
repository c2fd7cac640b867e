/** Newer versions of an application's sources than those that it may run. */
import { useQuery } from '@tanstack/react-query'
import { type AnswerOf, type Application, api, routes } from '../../../lib/api.ts'
import { type ApplicationName, applicationKey, home } from './application-key.ts'
import { type Source, sourcesOf, wantedRevisions } from './facts.ts'

export type SourceVersions = AnswerOf<typeof routes.applicationSources.versions>['items'][number]

const staleMs = 5 * 60_000

/** Those for which there is something newer; a branch has no versions, and is not asked about. */
export function useHeldBack(named: ApplicationName, application: Application): SourceVersions[] {
  const sources = sourcesOf(application.spec)
  // What is deployed meanwhile makes the answer another one.
  const wanted = JSON.stringify([sources.map(({ targetRevision }) => targetRevision), wantedRevisions(application)])
  const { data } = useQuery({
    queryKey: applicationKey(named, 'versions', wanted),
    queryFn: ({ signal }) =>
      api.call(routes.applicationSources.versions, { params: { name: named.name }, query: home(named), signal }),
    enabled: sources.some(isVersioned),
    staleTime: staleMs,
    retry: false,
  })
  return data?.items.filter(({ proposal }) => proposal !== undefined) ?? []
}

/** A commit's id is no version, though it has digits. */
function isVersioned({ chart, targetRevision = '' }: Source): boolean {
  return chart !== undefined || /^[\^~<>=!v\s]*\d+(\.|$|\s)/.test(targetRevision)
}
