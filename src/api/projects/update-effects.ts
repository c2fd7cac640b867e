/** What a change of a project would do to its applications, and what else its author must be permitted. Pure. */
import { deepEqual } from 'fast-equals'
import type { Question } from '../../access/index.ts'
import { type Application, type AppProjectSpec, sourcesOf } from '../../model/index.ts'
import { type DestinationCluster, refusal } from '../../project/index.ts'

interface Change {
  name: string
  before: AppProjectSpec
  after: AppProjectSpec
}

/** undefined: all that was permitted still is. */
export function lostApplications(
  { name, before, after }: Change,
  applications: Application[],
  clusterOf: (application: Application) => DestinationCluster | undefined,
): string | undefined {
  const lost = (isPermitted: (application: Application, spec: AppProjectSpec) => boolean) =>
    applications.filter((application) => isPermitted(application, before) && !isPermitted(application, after)).length
  const sources = lost(({ spec: { ...application } }, spec) =>
    sourcesOf(application).every(({ repoURL }) => !refusal({ name, spec }, { kind: 'source', repoURL })),
  )
  const destinations = lost((application, spec) => {
    const cluster = clusterOf(application)
    const { namespace = '' } = application.spec.destination
    return cluster !== undefined && !refusal({ name, spec }, { kind: 'destination', cluster, namespace })
  })
  const parts = [
    ...(sources > 0 ? [`the sources of ${sources} applications`] : []),
    ...(destinations > 0 ? [`the destinations of ${destinations} applications`] : []),
  ]
  return parts.length > 0 ? `the project would no longer permit ${parts.join(' and ')}` : undefined
}

const kindLists = [
  'clusterResourceWhitelist',
  'clusterResourceBlacklist',
  'namespaceResourceWhitelist',
  'namespaceResourceBlacklist',
] as const

/** Whoever opens a cluster or a repository to a project must be permitted to change that too. */
export function furtherQuestions({ before, after }: Omit<Change, 'name'>): Question[] {
  const clusters = serversOf(after)
  const hasOtherKinds = kindLists.some((list) => !deepEqual(before[list], after[list]))
  const known = hasOtherKinds ? [] : serversOf(before)
  const repositories = (after.sourceRepos ?? []).filter((url) => !before.sourceRepos?.includes(url))
  return [
    ...clusters.filter((server) => !known.includes(server)).map((object) => question('clusters', object)),
    ...repositories.map((object) => question('repositories', object)),
  ]
}

function question(resource: 'clusters' | 'repositories', object: string): Question {
  return { resource, action: 'update', object }
}

/** Addresses, and the names of those that are named without one. */
function serversOf({ destinations = [] }: AppProjectSpec): string[] {
  return destinations.map(({ server, name }) => server || name || '')
}
