/** The words that policies know. Pure. */

const crud = ['get', 'create', 'update', 'delete']

/** What can be asked of each resource; more can be typed, such as `action/apps/Deployment/restart`. */
export const actionsOf: Record<string, string[]> = {
  applications: [
    ...crud,
    'sync',
    'sync/prune',
    'sync/force',
    'sync/replace',
    'rollback',
    'override',
    'update/sync-policy',
    'action/*',
  ],
  applicationsets: crud,
  projects: crud,
  repositories: crud,
  'write-repositories': crud,
  clusters: crud,
  certificates: crud,
  gpgkeys: ['get', 'create', 'delete'],
  accounts: ['get', 'update'],
  logs: ['get'],
  exec: ['create'],
}

export const resourceNames = Object.keys(actionsOf)

const inProjects = ['applications', 'applicationsets', 'logs', 'exec']

/** How an object of the resource is written. */
export function objectHint(resource: string): string {
  return inProjects.includes(resource) ? 'project/name' : '*'
}
