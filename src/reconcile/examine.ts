/** Both sides of an application side by side: what its sources declare, and what the cluster has of it. */
import {
  type Application,
  type ApplicationSource,
  foreignInstallation,
  instanceName,
  isAutomated,
  keyOf,
  keyText,
  type Manifest,
  StageError,
} from '../model/index.ts'
import { actingCluster } from './acting-cluster.ts'
import { type Pair, pairUp } from './compare.ts'
import type { Finding } from './conditions.ts'
import { factsOf } from './live-facts.ts'
import { placed } from './placed.ts'
import { objectPermission, projectOf } from './project.ts'
import { isOfSameRules, type RenderedSources, renderSources } from './render.ts'
import { checkIntegrity } from './source-integrity.ts'
import { type Cluster, clusterFor, type Stages } from './stages.ts'
import { trackedForm } from './tracked-form.ts'
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
  /** Asks the repositories that were last asked before this time. */
  notOlderThan?: number
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
  const { cluster, project } = checked(request, stages)
  if (request.rendered instanceof StageError) throw request.rendered
  // What has been rendered already may have been so under another project.
  const known = request.rendered && isOfSameRules(request.rendered, project, stages) ? request.rendered : undefined
  const rendered = known ?? (await renderSources({ ...request, cluster, project }, stages))
  if (known) await checkIntegrity({ ...request, ...rendered, project }, stages)
  const { namespace } = application.spec.destination
  const { manifests, resources, kinds, findings } = placed(rendered, { namespace, project, cluster })
  const { live } = cluster
  await live.require(kinds)
  signal.throwIfAborted()
  const instance = instanceName(application, stages.controlPlane.namespace)
  const owners = ownersOf(resources, { cluster, instance, stages })
  const { tracking } = stages.settings
  const lazily = !isAutomated(application.spec)
  const desired = resources.map((manifest) => {
    const key = keyOf(manifest.object)
    const isForeign = owners.size > 0 && owners.has(keyText(key))
    return trackedForm(manifest, { instance, tracking, live: live.get(key), isForeign, lazily })
  })
  const permission = objectPermission(application, { ...request, cluster, stages })
  const managed = live.managedBy(instance).filter((object) => !factsOf(object).isHook)
  const pairs = pairUp(desired, managed, (key) => live.get(key)).filter(
    ({ desired, key }) => desired || !permission(key),
  )
  return { instance, cluster, rendered, manifests, pairs, owners, findings: [...rendered.findings, ...findings] }
}

/** Where the application goes and what its project is. Throws a StageError when either is not as it should be. */
export function checked({ application, sources }: Pick<ExamineRequest, 'application' | 'sources'>, stages: Stages) {
  const destination = application.spec.destination ?? {}
  const cluster = clusterFor(destination, stages.clusters)
  const destinationFault = stages.clusters.fault(destination)?.message
  const project = projectOf(application, stages)
  const controlNamespace = stages.controlPlane.namespace
  const faults = specFaults(application, { project, cluster, destinationFault, controlNamespace, sources })
  if (faults.length > 0 || !cluster || !project) throw new StageError('spec', faults.join('\n'), { retry: false })
  const problem = cluster.live.problem()
  if (problem !== undefined) {
    throw new StageError('live', `cluster ${cluster.name} cannot be reached: ${problem}`, { retry: true })
  }
  const acting = actingCluster(application, { project, cluster, stages })
  if (typeof acting === 'string') throw new StageError('project', acting, { retry: false })
  return { cluster: acting, project }
}

/**
 * The first application to claim an object has it, for as long as that application exists; another installation has what
 * it has marked.
 */
function ownersOf(
  manifests: Manifest[],
  { cluster, instance, stages }: { cluster: Cluster; instance: string; stages: Stages },
): Map<string, string> {
  const { tracking } = stages.settings
  const owners = new Map<string, string>()
  for (const { object } of manifests) {
    const key = keyOf(object)
    const live = cluster.live.get(key)
    if (!live || live.instance === instance) continue
    if (live.instance !== undefined) {
      const other = stages.controlPlane.application(live.instance)
      if (other && !other.metadata.deletionTimestamp) owners.set(keyText(key), `application ${live.instance}`)
    } else if (tracking.installationId !== '') {
      const other = foreignInstallation(live.object, tracking)
      if (other) owners.set(keyText(key), `the installation ${other}`)
    }
  }
  return owners
}
