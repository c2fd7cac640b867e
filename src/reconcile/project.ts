/** The project of an application as it stands at this moment, and what it has to say. */
import { type Application, type ApplicationSource, type ResourceKey, sourcesOf } from '../model/index.ts'
import {
  type DestinationCluster,
  type PermissionRequest,
  type ProjectInForce,
  projectInForce,
  refusal,
} from '../project/index.ts'
import type { Stages } from './stages.ts'

/** With what its global projects add; undefined: there is no such project. */
export function projectOf(
  { spec }: Application,
  { controlPlane, settings }: Pick<Stages, 'controlPlane' | 'settings'>,
): ProjectInForce | undefined {
  const project = controlPlane.project(spec.project || 'default')
  return project && projectInForce(project, { rules: settings.globalProjects, find: controlPlane.project })
}

export interface ApplicationContext {
  controlNamespace: string
  /** undefined: it is not known which it is. */
  cluster: DestinationCluster | undefined
  /** What is really taken, where that is not what the application names. */
  sources?: ApplicationSource[]
}

/** Why the project refuses the application as a whole; empty: it does not. */
export function applicationRefusals(
  project: ProjectInForce,
  { metadata, spec }: Application,
  { controlNamespace, cluster, sources = sourcesOf(spec) }: ApplicationContext,
): string[] {
  const requests: PermissionRequest[] = [
    { kind: 'application', namespace: metadata.namespace ?? controlNamespace, controlNamespace },
    ...sources.map(({ repoURL }): PermissionRequest => ({ kind: 'source', repoURL })),
  ]
  if (cluster) requests.push({ kind: 'destination', cluster, namespace: spec.destination.namespace ?? '' })
  return requests.flatMap((request) => refusal(project, request) ?? [])
}

/**
 * Asked again for each object before it is touched: a project may change while a sync goes on. The answer is why it must
 * not be touched; undefined: it may.
 */
export function objectPermission(
  application: Application,
  {
    stages,
    ...context
  }: Omit<ApplicationContext, 'controlNamespace'> & { stages: Stages; cluster: DestinationCluster },
): (key: ResourceKey) => string | undefined {
  const controlNamespace = stages.controlPlane.namespace
  return (key) => {
    const project = projectOf(application, stages)
    if (!project) return missingProject(application)
    const [whole] = applicationRefusals(project, application, { ...context, controlNamespace })
    const { cluster } = context
    return whole ?? refusal(project, { kind: 'object', key, namespaced: key.namespace !== '', cluster })
  }
}

export function missingProject({ spec }: Application): string {
  return `the project ${spec.project || 'default'} does not exist: create the AppProject or name another in spec.project`
}
