/** Repositories, and whether they can be read. */
import { useQuery } from '@tanstack/react-query'
import { type AnswerOf, api, type BodyOf, routes } from '../../../lib/api.ts'
import type { Purpose } from '../parts/purpose.ts'

export type Repository = AnswerOf<typeof routes.repositories.get>
export type RepositoryGiven = BodyOf<typeof routes.repositories.create>

export const repositoriesKey = ['repositories']

/** Both are spoken to alike. */
export function repositoryRoutes(purpose: Purpose) {
  return purpose === 'read' ? routes.repositories : routes.writeRepositories
}

export function useRepositories(purpose: Purpose) {
  return useQuery({
    queryKey: [...repositoriesKey, 'list', purpose],
    queryFn: async ({ signal }) => (await api.call(repositoryRoutes(purpose).list, { signal })).items,
    // Which of them can be read is found out meanwhile.
    refetchInterval: ({ state: { data } }) => (data?.some(isBeingTried) ? 3_000 : false),
  })
}

function isBeingTried({ connectionState }: Repository): boolean {
  return connectionState?.status === 'Unknown'
}

/** A few applications whose sources are in the repository, and how many there are. */
export function useApplicationsOf(repo: string) {
  return useQuery({
    queryKey: [...repositoriesKey, 'applications', repo],
    queryFn: async ({ signal }) => {
      const query = { repo: [repo], limit: 5, counts: true, fields: 'items.metadata.name,items.metadata.namespace' }
      const { items, counts } = await api.call(routes.applications.list, { query, signal })
      return { items, many: counts?.matching ?? items.length }
    },
  })
}

/** The words of the server say why it cannot be read. */
export async function testConnection(purpose: Purpose, url: string, fields: RepositoryGiven): Promise<void> {
  await api.call(repositoryRoutes(purpose).validate, { params: { repo: url }, body: fields })
}
