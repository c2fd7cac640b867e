/** Both sides of an application side by side: what its sources declare, and what the cluster has of it. */
import {
  type Application,
  type ApplicationSource,
  type AppProject,
  instanceName,
  keyOf,
  keyText,
  type Manifest,
  StageError,
} from '../model/index.ts'
import { type Pair, pairUp } from './compare.ts'
import type { Finding } from './conditions.ts'
import { factsOf } from './live-facts.ts'
import { placed, trackedForm } from './placed.ts'
import { type RenderedSources, renderSources } from './render.ts'
import { type Cluster, clusterFor, type Stages } from './stages.ts'
import { specFaults } from './validate-spec.ts'

export interface ExamineRequest {
  application: Application
  sources: ApplicationSource[]
  /** In place of those that the sources name, where set. */
  revisions?: string[]
  /** What came of rendering before, and still would: then no source is asked. */
  rendered?: RenderedSources | StageError
  /** What the same sources rendered to the last time: it stands as long as their revisions do. */
  before?: RenderedSources
  /** Asks the repositories even if they were asked just now. */
  refresh?: boolean
  signal: AbortSignal
}

export interface Examined {
  instance: string
  cluster: Cluster
  rendered: RenderedSources
  /** Everything that a sync works with, hooks included. */
  manifests: Manifest[]
  /** What is compared: without hooks. */
  pairs: Pair[]
  /** Objects of ours that another application has, by key. They are left to it. */
  owners: Map<string, string>
  findings: Finding[]
}

/** Throws a StageError that says what stands in the way. */
export async function examine(request: ExamineRequest, stages: Stages): Promise<Examined> {
  const { application, signal } = request
  const { cluster, project } = checked(application, stages)
  if (request.rendered instanceof StageError) throw request.rendered
  const rendered = request.rendered ?? (await renderSources({ ...request, cluster }, stages))
  const { namespace } = application.spec.destination
  const { manifests, resources, kinds, findings } = placed(rendered, { namespace, project: project.spec, cluster })
  const { live } = cluster
  await live.require(kinds)
  signal.throwIfAborted()
  const instance = instanceName(application, stages.controlPlane.namespace)
  const owners = ownersOf(resources, { cluster, instance, stages })
  const desired = resources.map((manifest) =>
    trackedForm(manifest, owners.get(keyText(keyOf(manifest.object))) ?? instance),
  )
  const managed = live.managedBy(instance).filter((object) => !factsOf(object).isHook)
  const pairs = pairUp(desired, managed, (key) => live.get(key))
  return { instance, cluster, rendered, manifests, pairs, owners, findings: [...rendered.findings, ...findings] }
}

function checked(application: Application, stages: Stages): { cluster: Cluster; project: AppProject } {
  const cluster = clusterFor(application.spec.destination ?? {}, stages.clusters)
  const project = stages.controlPlane.project(application.spec.project || 'default')
  const faults = specFaults(application, { project, cluster })
  if (faults.length > 0 || !cluster || !project) throw new StageError('spec', faults.join('\n'), { retry: false })
  const problem = cluster.live.problem()
  if (problem !== undefined) {
    throw new StageError('live', `cluster ${cluster.name} cannot be reached: ${problem}`, { retry: true })
  }
  return { cluster, project }
}

/** The first application to claim an object has it, for as long as that application exists. */
function ownersOf(
  manifests: Manifest[],
  { cluster, instance, stages }: { cluster: Cluster; instance: string; stages: Stages },
): Map<string, string> {
  const owners = new Map<string, string>()
  for (const { object } of manifests) {
    const owner = cluster.live.get(keyOf(object))?.instance
    if (owner === undefined || owner === instance) continue
    const other = stages.controlPlane.application(owner)
    if (other && !other.metadata.deletionTimestamp) owners.set(keyText(keyOf(object)), owner)
  }
  return owners
}
