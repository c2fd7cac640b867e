/** One look at an application: where desired and live differ, and how well it is. */

import type { ComparisonRules } from '../diff/index.ts'
import { applicationHealth, type ResourceHealth } from '../health/index.ts'
import {
  type Application,
  type ApplicationHealth,
  describeKey,
  instanceName,
  type KubeObject,
  keyOf,
  keyText,
  type Manifest,
  type ResourceKey,
  StageError,
} from '../model/index.ts'
import { refusal } from '../project/index.ts'
import { predict } from '../sync/index.ts'
import type { Compared, Comparison, LiveView, Pair } from './compare.ts'
import { type Finding, findingOf, forbidsSync } from './conditions.ts'
import { type Examined, type ExamineRequest, examine } from './examine.ts'
import { factsOf, healthOf } from './live-facts.ts'
import { type OrphanInput, orphanedResources, orphanFindings } from './orphaned.ts'
import { projectOf } from './project.ts'
import type { RenderedSources } from './render.ts'
import { type Cluster, clusterFor, type Stages } from './stages.ts'

export interface ObservedResource extends Compared {
  health?: ApplicationHealth
  /** Who else has the object, in words; ours leaves it alone. */
  owner?: string
  /** An object that Git does not declare may ask not to count. */
  ignored: boolean
}

/** What could be found out; the fields that are absent could not. */
export interface Observation {
  cluster?: Cluster
  rendered?: RenderedSources
  /** Why the sources could not be rendered. */
  sourceError?: StageError
  manifests?: Manifest[]
  resources: ObservedResource[]
  rules?: ComparisonRules
  /** What stands beside it in its namespace and belongs to nobody, where its project wants to know. */
  orphaned?: ResourceKey[]
  findings: Finding[]
  /** True when looking again later may find out more without anybody changing anything. */
  retry: boolean
  sync: 'Synced' | 'OutOfSync' | 'Unknown'
  health: ApplicationHealth
}

export interface ObserveRequest extends ExamineRequest {
  comparison: Comparison
}

/** Throws only when `signal` is aborted: what stands in the way becomes a finding. */
export async function observe(request: ObserveRequest, stages: Stages): Promise<Observation> {
  try {
    const examined = await examine(request, stages)
    return await compareAll(examined, request, stages)
  } catch (error) {
    request.signal.throwIfAborted()
    const retry = !(error instanceof StageError) || error.retry
    const ofSource = error instanceof StageError && (error.stage === 'source' || error.stage === 'manifest')
    return {
      ...(ofSource && { sourceError: error }),
      resources: [],
      findings: [findingOf(error)],
      retry,
      sync: 'Unknown',
      health: healthOfManaged(request.application, stages) ?? { status: 'Unknown' },
    }
  }
}

/** Whatever is wrong with what is desired, what was deployed can still be well or ill. */
function healthOfManaged(application: Application, stages: Stages): ApplicationHealth | undefined {
  const cluster = clusterFor(application.spec.destination ?? {}, stages.clusters)
  if (cluster?.live.state().status !== 'synced') return undefined
  const { live } = cluster
  const managed = live.managedBy(instanceName(application, stages.controlPlane.namespace))
  const inputs = managed
    .filter((object) => !factsOf(object).isHook)
    .map((object) => healthInput({ key: object.key, live: object, health: healthOfObject(object, live, stages) }))
  return inputs.length === 0 ? undefined : applicationHealth(inputs, keyOf(application))
}

export function healthOfObject(
  object: LiveView,
  live: Pick<Cluster['live'], 'children'>,
  { health }: Pick<Stages, 'health'>,
): ApplicationHealth | undefined {
  return healthOf(object, (uid) => live.children(uid), health)
}

async function compareAll(examined: Examined, request: ObserveRequest, stages: Stages): Promise<Observation> {
  const { cluster, rendered, manifests, pairs, owners } = examined
  const { comparison, signal, application } = request
  const rules = await comparison.book.rulesOf(application, { settings: stages.settings.diff, jq: stages.jq })
  const server = {
    predict: (object: KubeObject) => predict(cluster.client, object, signal),
    read: ({ key, version }: Pair) => cluster.client.get({ ...key, version }, signal),
  }
  const compared = await stages.tracer.span('compare', { 'tiphys.objects': pairs.length }, () =>
    comparison.compare(pairs, { server, rules }),
  )
  signal.throwIfAborted()
  const resources = compared.map((pair) => observed(pair, { live: cluster.live, owners, stages }))
  const orphans = orphanInput(application, cluster, stages)
  const orphaned = orphans ? orphanedResources(orphans) : []
  const findings = [
    ...examined.findings,
    ...(orphans ? orphanFindings(orphaned, orphans) : []),
    ...rules.faults.map((message): Finding => ({ type: 'ComparisonError', message })),
    ...resources.flatMap(sharedFinding),
    ...resources.flatMap(unknownFinding),
  ]
  return {
    cluster,
    rendered,
    manifests,
    resources,
    rules,
    ...(orphans && { orphaned }),
    findings,
    retry: resources.some(({ verdict }) => verdict.kind === 'unknown'),
    sync: syncStatus(resources, findings),
    health: applicationHealth(resources.filter(isDeclared).map(healthInput), keyOf(application)),
  }
}

function orphanInput(application: Application, cluster: Cluster, stages: Stages): OrphanInput | undefined {
  const project = projectOf(application, stages)
  const { namespace } = application.spec.destination
  if (!project?.spec.orphanedResources || !namespace) return undefined
  return {
    project,
    namespace,
    permits: (key) => refusal(project, { kind: 'object', key, namespaced: true, cluster }) === undefined,
    topLevel: cluster.live.topLevelIn(namespace),
    exists: (instance) => stages.controlPlane.application(instance) !== undefined,
  }
}

interface Surroundings {
  live: Cluster['live']
  owners: Map<string, string>
  stages: Stages
}

function observed(pair: Compared, { live, owners, stages }: Surroundings): ObservedResource {
  const health = pair.live && healthOfObject(pair.live, live, stages)
  const owner = owners.get(keyText(pair.key))
  const ignored = pair.verdict.kind === 'extra' && pair.live !== undefined && factsOf(pair.live).isExtraneous
  return { ...pair, ignored, ...(health && { health }), ...(owner && { owner }) }
}

function isDeclared({ verdict }: ObservedResource): boolean {
  return verdict.kind !== 'extra'
}

function healthInput({ key, live, health }: Pick<ObservedResource, 'key' | 'live' | 'health'>): ResourceHealth {
  return { key, exists: live !== undefined, health, ignored: live !== undefined && factsOf(live).ignoresHealth }
}

function sharedFinding({ key, owner }: ObservedResource): Finding[] {
  if (owner === undefined) return []
  const message = `${describeKey(key)} belongs to ${owner} already and is left to it: declare it in one of the two only`
  return [{ type: 'SharedResourceWarning', message }]
}

function unknownFinding({ verdict }: ObservedResource): Finding[] {
  return verdict.kind === 'unknown' ? [{ type: 'ComparisonError', message: verdict.reason }] : []
}

function syncStatus(resources: ObservedResource[], findings: Finding[]): Observation['sync'] {
  if (findings.some(({ type }) => forbidsSync(type))) return 'Unknown'
  const deviates = resources.some(({ verdict, ignored }) => verdict.kind !== 'synced' && !ignored)
  return deviates ? 'OutOfSync' : 'Synced'
}
