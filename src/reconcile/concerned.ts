/** Which applications something concerns that has happened: a change in a cluster, a commit in a repository. Pure. */
import { type Application, sourcesOf } from '../model/index.ts'
import { projectOf } from './project.ts'
import { type Cluster, clusterFor, type Stages } from './stages.ts'

type Known = Pick<Stages, 'controlPlane' | 'clusters'>

export function goesTo(
  application: Application | undefined,
  { server }: Pick<Cluster, 'server'>,
  { clusters }: Pick<Stages, 'clusters'>,
): boolean {
  return clusterFor(application?.spec.destination ?? {}, clusters)?.server === server
}

export function applicationsOn(cluster: Pick<Cluster, 'server'>, known: Known): Application[] {
  return known.controlPlane.applications().filter((application) => goesTo(application, cluster, known))
}

/** An object of nobody in this namespace may be an orphan of theirs, or have been one. */
export function watchersForOrphans(
  namespace: string,
  cluster: Pick<Cluster, 'server'>,
  stages: Pick<Stages, 'controlPlane' | 'clusters' | 'settings'>,
): Application[] {
  // Most changes are of nobody: what is cheap is asked first.
  return stages.controlPlane
    .applications()
    .filter(
      (application) =>
        application.spec.destination?.namespace === namespace &&
        goesTo(application, cluster, stages) &&
        projectOf(application, stages)?.spec.orphanedResources !== undefined,
    )
}

/** The others that are taken from a repository of this one. */
export function neighboursInRepositories(
  application: Application,
  { controlPlane }: Pick<Stages, 'controlPlane'>,
): Application[] {
  const urls = new Set(sourcesOf(application.spec).map(({ repoURL }) => repoURL))
  const isSame = ({ metadata: { name, namespace } }: Application) =>
    name === application.metadata.name && namespace === application.metadata.namespace
  return controlPlane
    .applications()
    .filter((other) => !isSame(other) && sourcesOf(other.spec).some(({ repoURL }) => urls.has(repoURL)))
}
