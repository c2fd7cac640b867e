/** Hooks before and after the deletion of an application: when they are due, and what keeps the deletion waiting. */
import {
  type Application,
  type DeletionPhase,
  finalizer,
  type Manifest,
  messageOf,
  type ResourceKey,
  sourcesOf,
} from '../model/index.ts'
import { deletionPhases, planDeletionHooks, runHooksOnly, type SyncPlan, tidyHooks } from '../sync/index.ts'
import { guardedCluster } from './acting-cluster.ts'
import { examine } from './examine.ts'
import { objectPermission } from './project.ts'
import type { WriteGuard } from './share.ts'
import type { Cluster, Stages } from './stages.ts'
import { markFor, readFrom } from './sync-view.ts'

interface Stage {
  finalizer: string
  phase: DeletionPhase
  /** Hooks are run, or, when that is on record, deleted by their policies. */
  work: 'run' | 'tidy'
}

const before: Stage[] = stagesOf('PreDelete', finalizer.preDelete)
const after: Stage[] = stagesOf('PostDelete', finalizer.postDelete)
const resourceFinalizers: string[] = [finalizer.resources, finalizer.resourcesForeground, finalizer.resourcesBackground]

function stagesOf(phase: DeletionPhase, name: string): Stage[] {
  return [
    { finalizer: name, phase, work: 'run' },
    { finalizer: `${name}/cleanup`, phase, work: 'tidy' },
  ]
}

/** The finalizers that an application has to have for its hooks; undefined when it has just those. */
export function finalizersForHooks({ metadata }: Application, manifests: Manifest[]): string[] | undefined {
  const phases = new Set(manifests.flatMap(({ object }) => deletionPhases(object)))
  const wanted = [...before, ...after].filter(({ phase }) => phases.has(phase)).map((stage) => stage.finalizer)
  const ours = new Set([...before, ...after].map((stage) => stage.finalizer))
  const present = metadata.finalizers ?? []
  const result = [...present.filter((name) => !ours.has(name) || wanted.includes(name))]
  for (const name of wanted) if (!result.includes(name)) result.push(name)
  return result.length === present.length && result.every((name, at) => name === present[at]) ? undefined : result
}

/** What the deletion is at, as far as hooks go; undefined: it is the resources' turn, or all is done. */
export function dueStage({ metadata }: Application): Stage | undefined {
  const present = metadata.finalizers ?? []
  const first = before.find((stage) => present.includes(stage.finalizer))
  if (first || present.some((name) => resourceFinalizers.includes(name))) return first
  return after.find((stage) => present.includes(stage.finalizer))
}

export interface HookWork {
  stages: Stages
  /** Resolves when something of the application may have changed, at the latest after the time given. */
  changed(ms: number, signal: AbortSignal): Promise<void>
  signal: AbortSignal
  /** Why nothing may be written for the deletion any more; asked as each write leaves. */
  guard?: WriteGuard
}

/** Resolves to what keeps the deletion waiting; undefined when the stage is over. */
export async function doStage(application: Application, stage: Stage, work: HookWork): Promise<string | undefined> {
  // Nobody can run anything on a cluster that is not known any more.
  if (work.stages.clusters.fault(application.spec.destination ?? {})?.kind === 'unknown') return undefined
  const letGo = `remove the finalizer ${stage.finalizer} to go on without`
  try {
    const { plan, cluster } = await prepare(application, stage, work)
    if (plan.waves.length === 0) return undefined
    const run = { plan, ...runOf(application, cluster, work) }
    if (stage.work === 'tidy') {
      await tidyHooks(run)
      return undefined
    }
    const { phase, message } = await runHooksOnly(run)
    // What comes before the deletion may forbid it; afterwards there is nothing left to keep.
    if (phase === 'Succeeded' || stage.phase === 'PostDelete') return undefined
    return `a ${stage.phase} hook has failed: ${message}: delete it to have it run again, or ${letGo}`
  } catch (error) {
    work.signal.throwIfAborted()
    return `the ${stage.phase} hooks cannot be run: ${messageOf(error)}: ${letGo}`
  }
}

async function prepare(
  application: Application,
  { phase }: Stage,
  { stages, signal }: HookWork,
): Promise<{ plan: SyncPlan; cluster: Cluster }> {
  const { metadata, spec, status } = application
  const { revision, revisions } = status?.sync ?? {}
  const deployed = revisions?.length ? revisions : revision ? [revision] : undefined
  const request = { application, sources: sourcesOf(spec), ...(deployed && { revisions: deployed }), signal }
  const { manifests, cluster, instance, rendered } = await examine(request, stages)
  const plan = planDeletionHooks(
    {
      instanceName: instance,
      mark: markFor(instance, cluster, stages),
      manifests,
      live: [],
      operation: {},
      syncOptions: spec.syncPolicy?.syncOptions ?? [],
      revision: rendered.revisions[0] ?? '',
      startedAt: metadata.deletionTimestamp ?? '',
    },
    phase,
  )
  return { plan, cluster }
}

function runOf(application: Application, cluster: Cluster, { stages, changed, signal, guard }: HookWork) {
  const permission = objectPermission(application, { cluster, stages, sources: sourcesOf(application.spec) })
  return {
    client: guardedCluster(cluster, guard).client,
    live: { read: readFrom(cluster), changed },
    refusal: ({ target }: { target: ResourceKey }) => permission(target),
    health: stages.health.assess,
    onProgress: () => {},
    operationId: `deletion ${application.metadata.deletionTimestamp}`,
    waveDelayMs: stages.settings.syncWaveDelayMs,
    tracer: stages.tracer,
    signal,
  }
}
