/** What the user may do here: in any of the projects that they see. */
import { useQuery } from '@tanstack/react-query'
import { api, routes } from '../../lib/api.ts'
import { useRights } from '../../lib/rights.ts'

const noProjects: string[] = []

export function usePageRights(projectsInSight: readonly string[]): { mayCreate: boolean; maySync: boolean } {
  const { data = noProjects } = useQuery({
    queryKey: ['projects', 'names'],
    queryFn: async ({ signal }) => {
      const { items } = await api.call(routes.projects.list, { signal })
      return items.map(({ metadata }) => metadata.name)
    },
    staleTime: 60_000,
    retry: false,
  })
  const projects = [...new Set(['default', ...data, ...projectsInSight])].sort().slice(0, 99)
  const rights = useRights(
    Object.fromEntries(
      projects.flatMap((project) =>
        (['create', 'sync'] as const).map((action) => [
          `${action} ${project}`,
          { resource: 'applications', action, object: `${project}/*` },
        ]),
      ),
    ),
  )
  const mayAnywhere = (action: string) => projects.some((project) => rights[`${action} ${project}`] === true)
  return { mayCreate: mayAnywhere('create'), maySync: mayAnywhere('sync') }
}
