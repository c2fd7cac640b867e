/** Projects, and what counts for each besides its own rules. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type AnswerOf, api, type Project, routes } from '../../../lib/api.ts'

export type ProjectSpec = Project['spec']
export type Role = NonNullable<ProjectSpec['roles']>[number]
export type SyncWindow = NonNullable<ProjectSpec['syncWindows']>[number]
export type DetailedProject = AnswerOf<typeof routes.projects.detailed>

const key = ['projects']

export function useProjects() {
  return useQuery({
    queryKey: [...key, 'list'],
    queryFn: async ({ signal }) => (await api.call(routes.projects.list, { signal })).items,
  })
}

export function useProject(name: string) {
  return useQuery({
    queryKey: [...key, 'one', name],
    queryFn: ({ signal }) => api.call(routes.projects.detailed, { params: { name }, signal }),
  })
}

/** How many applications are in each project, of those that the user may see. */
export function useApplicationCounts() {
  return useQuery({
    queryKey: [...key, 'counts'],
    queryFn: async ({ signal }) => {
      const query = { counts: true, limit: 1, fields: 'items.metadata.name' }
      return (await api.call(routes.applications.list, { query, signal })).counts?.facets.project ?? {}
    },
  })
}

/** What is said of a project beside its rules. */
export type Described = Pick<Project['metadata'], 'labels' | 'annotations'>

export interface ProjectWriter {
  create(name: string, description: string): Promise<void>
  /** Refused when somebody else has changed it since it was loaded. */
  save(project: Project, spec: ProjectSpec, described?: Described): Promise<void>
  remove(name: string): Promise<void>
  /** What is shown is asked for again. */
  refresh(): Promise<void>
}

export function useProjectWriter(): ProjectWriter {
  const client = useQueryClient()
  const refresh = () => client.invalidateQueries({ queryKey: key })
  return {
    refresh,
    async create(name, description) {
      const spec = { ...(description && { description }) }
      const project = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', metadata: { name }, spec } as Project
      await api.call(routes.projects.create, { body: { project } })
      await refresh()
    },
    async save(project, spec, described = {}) {
      const body = { project: { ...project, metadata: { ...project.metadata, ...described }, spec } }
      await api.call(routes.projects.update, { params: { name: project.metadata.name }, body })
      await refresh()
    },
    async remove(name) {
      await api.call(routes.projects.delete, { params: { name } })
      await refresh()
    },
  }
}
