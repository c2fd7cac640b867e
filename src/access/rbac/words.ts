/** The resources and actions of policies. */

const crud = ['get', 'create', 'update', 'delete']

/** What can be asked of each resource. A verb with a slash stands for all that go on after it. */
export const actionsOf: Record<string, string[]> = {
  applications: [
    ...crud,
    'sync',
    'rollback',
    'override',
    'action/',
    'update/',
    'delete/',
    'sync/prune',
    'sync/force',
    'sync/replace',
    'update/sync-policy',
  ],
  applicationsets: crud,
  clusters: crud,
  projects: crud,
  repositories: crud,
  'write-repositories': crud,
  certificates: crud,
  accounts: ['get', 'update'],
  gpgkeys: ['get', 'create', 'delete'],
  logs: ['get'],
  exec: ['create'],
  extensions: ['invoke'],
}

export const resources = Object.keys(actionsOf)

/** The verbs that `can-i` takes. */
export const actions = ['get', 'create', 'update', 'delete', 'sync', 'rollback', 'override', 'action', 'invoke']

/** Resources whose objects begin with a project where they belong to one; policies of projects are about these. */
export const projectScoped = new Set(['applications', 'applicationsets', 'logs', 'exec', 'clusters', 'repositories'])
