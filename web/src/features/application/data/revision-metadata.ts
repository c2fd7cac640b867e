/** Who made a commit, when and why. A commit never changes: it is asked about once. */
import { useQueries } from '@tanstack/react-query'
import { type AnswerOf, api, routes } from '../../../lib/api.ts'
import { type ApplicationName, applicationKey, home } from './application-key.ts'
import { isCommit } from './facts.ts'

export type RevisionMetadata = AnswerOf<typeof routes.applicationSources.revisionMetadata>

export interface RevisionQuestion {
  revision: string
  /** Of several sources, from 0. */
  sourceIndex?: number
  /** The sources as they were at this deployment of the history. */
  versionId?: number
}

/** By revision; those that are no commits, or cannot be asked about, are not there. */
export function useRevisions(named: ApplicationName, questions: RevisionQuestion[]): Map<string, RevisionMetadata> {
  const asked = [...new Map(questions.map((one) => [one.revision, one])).values()].filter(({ revision }) =>
    isCommit(revision),
  )
  return useQueries({
    queries: asked.map(({ revision, ...of }) => ({
      queryKey: applicationKey(named, 'revision', revision),
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        api.call(routes.applicationSources.revisionMetadata, {
          params: { name: named.name, revision },
          query: { ...home(named), ...of },
          signal,
        }),
      staleTime: Number.POSITIVE_INFINITY,
      retry: false,
    })),
    combine: (results) =>
      new Map(results.flatMap(({ data }, index) => (data && asked[index] ? [[asked[index].revision, data]] : []))),
  })
}
