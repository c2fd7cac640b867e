/** The branches and tags that a source could be synced from. */
import { useQuery } from '@tanstack/react-query'
import { api, routes } from '../../lib/api.ts'

/** Who may not look at the repository gets no suggestions. */
export function useRefs(repository: string | undefined, project: string, isWanted: boolean): string[] {
  const { data } = useQuery({
    queryKey: ['refs', repository, project],
    queryFn: async ({ signal }) => {
      const params = { repo: repository ?? '' }
      const refs = await api.call(routes.repositories.refs, { params, query: { appProject: project }, signal })
      return [...(refs.branches ?? []), ...(refs.tags ?? [])]
    },
    enabled: isWanted && Boolean(repository),
    retry: false,
  })
  return data ?? []
}
