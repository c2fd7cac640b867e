/** What there is to ask about the rights of somebody, for all or for one project. Pure. */
import type { RightQuestion } from '../../lib/rights.ts'

const crud = ['get', 'create', 'update', 'delete']

/** Of projects: their objects begin with one. */
const inProjects: Record<string, string[]> = {
  applications: [...crud, 'sync', 'rollback', 'override'],
  applicationsets: crud,
  logs: ['get'],
  exec: ['create'],
}

const elsewhere: Record<string, string[]> = {
  projects: crud,
  repositories: crud,
  clusters: crud,
  certificates: ['get', 'create', 'update', 'delete'],
  gpgkeys: ['get', 'create', 'delete'],
  accounts: ['get', 'update'],
}

export interface RightsRow {
  resource: string
  actions: string[]
}

/** Of one project: what is in it. */
export function rightsRows(project: string): RightsRow[] {
  const all = project === '*' ? { ...inProjects, ...elsewhere } : inProjects
  return Object.entries(all).map(([resource, actions]) => ({ resource, actions }))
}

export const rightColumns = ['get', 'create', 'update', 'delete', 'sync', 'rollback', 'override']

export function rightName(resource: string, action: string): string {
  return `${resource}:${action}`
}

export function rightQuestions(project: string): Record<string, RightQuestion> {
  const entries = rightsRows(project).flatMap(({ resource, actions }) =>
    actions.map((action): [string, RightQuestion] => [
      rightName(resource, action),
      { resource, action, object: resource in inProjects ? `${project}/*` : '*' },
    ]),
  )
  return Object.fromEntries(entries)
}
