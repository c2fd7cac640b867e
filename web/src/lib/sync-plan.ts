/** What a sync would do, counted and grouped for people, and what has become of each step. Pure. */
import type { PlannedStep, ResourceResult } from './api.ts'

/** `keep`: Git no longer declares it, and it stays; `run`: a hook. */
export type Effect = 'create' | 'change' | 'unchanged' | 'prune' | 'keep' | 'run'

export function effectOf({ verb, comparison, kept }: PlannedStep): Effect {
  if (verb === 'hook') return 'run'
  if (verb === 'prune') return kept ? 'keep' : 'prune'
  if (comparison === 'missing') return 'create'
  return comparison === 'synced' ? 'unchanged' : 'change'
}

const withPodTemplate = new Set(['apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet', 'argoproj.io/Rollout'])

/** Another template means other Pods. */
export function restartsPods(step: PlannedStep): boolean {
  if (effectOf(step) !== 'change' || !withPodTemplate.has(`${step.group}/${step.kind}`)) return false
  return step.drift.some(({ path }) => path === 'spec.template' || path.startsWith('spec.template.'))
}

export type Tally = Record<Effect | 'restarts' | 'refused', number>

/** Steps that are taken only when the sync fails are not counted, unless they would be refused. */
export function tallyOf(steps: PlannedStep[]): Tally {
  const tally = { create: 0, change: 0, unchanged: 0, prune: 0, keep: 0, run: 0, restarts: 0, refused: 0 }
  for (const step of steps) {
    if (step.phase !== 'SyncFail') tally[effectOf(step)] += 1
    if (restartsPods(step)) tally.restarts += 1
    if (step.check === 'refused') tally.refused += 1
  }
  return tally
}

export function changesNothing({ create, change, prune, run }: Tally): boolean {
  return create + change + prune + run === 0
}

export interface WaveOfSteps {
  phase: PlannedStep['phase']
  wave: number
  /** Whether its phase has others. */
  isOneOfSeveral: boolean
  /** What is done, in the order of the plan. */
  steps: PlannedStep[]
  /** What is as declared, and what pruning leaves. */
  idle: PlannedStep[]
}

/** In the order in which they run. */
export function wavesOf(steps: PlannedStep[]): WaveOfSteps[] {
  const waves: WaveOfSteps[] = []
  for (const step of steps) {
    const last = waves.at(-1)
    const isSame = last?.phase === step.phase && last.wave === step.wave
    const wave = isSame ? last : { phase: step.phase, wave: step.wave, isOneOfSeveral: false, steps: [], idle: [] }
    if (!isSame) waves.push(wave)
    const effect = effectOf(step)
    const isIdle = (effect === 'unchanged' || effect === 'keep') && step.check !== 'refused'
    wave[isIdle ? 'idle' : 'steps'].push(step)
  }
  const several = ({ phase }: WaveOfSteps) => waves.filter((other) => other.phase === phase).length > 1
  return waves.map((wave) => ({ ...wave, isOneOfSeveral: several(wave) }))
}

/** How a sync names what it is about. */
export function selectorOf({ group, kind, namespace, name }: PlannedStep) {
  return { ...(group && { group }), kind, name, ...(namespace && { namespace }) }
}

type Named = Pick<PlannedStep, 'group' | 'kind' | 'namespace' | 'name'>

export function stepKey(step: PlannedStep): string {
  return keyIn(step.phase, step)
}

/** A hook whose name is made anew for each sync ends with the second in which that began. */
function keyIn(phase: string, { group, kind, namespace, name }: Named, isHook = false): string {
  return [phase, group, kind, namespace, isHook ? name.replace(/-\d{9,}$/, '-') : name].join('/')
}

/** `waiting`: its turn has not come; `unhealthy`: written, and the sync waits until it is healthy. */
export type Progress = 'waiting' | 'running' | 'unhealthy' | 'done' | 'skipped' | 'failed'

export interface StepProgress {
  progress: Progress
  message: string
}

export function progressOf({ status, hookPhase, hookType, message = '' }: ResourceResult): StepProgress {
  if (status === 'SyncFailed' || hookPhase === 'Failed' || hookPhase === 'Error') return { progress: 'failed', message }
  if (status === 'PruneSkipped') return { progress: 'skipped', message }
  if (hookPhase === 'Running' || hookPhase === 'Terminating') {
    return { progress: hookType ? 'running' : 'unhealthy', message }
  }
  return { progress: status ? 'done' : 'running', message }
}

/** Of each step, what the operation has recorded so far. */
export function progressOfAll(steps: PlannedStep[], results: ResourceResult[]): Map<string, StepProgress> {
  const byKey = new Map(
    results.map((result) => [keyIn(result.syncPhase ?? 'Sync', result, Boolean(result.hookType)), progressOf(result)]),
  )
  return new Map(
    steps.flatMap((step) => {
      const found = byKey.get(keyIn(step.phase, step, step.verb === 'hook'))
      return found ? [[stepKey(step), found] as const] : []
    }),
  )
}

/** What an operation has done, as steps, where no plan of it is known; `resources` tell of their waves. */
export function stepsOfResults(
  results: ResourceResult[],
  resources: { group?: string; kind?: string; namespace?: string; name?: string; syncWave?: number }[],
): PlannedStep[] {
  const nameOf = ({ group = '', kind = '', namespace = '', name = '' }: Partial<Named>) =>
    [group, kind, namespace, name].join('/')
  const waves = new Map(resources.map((resource) => [nameOf(resource), resource.syncWave ?? 0]))
  return results.map(({ group, version, kind, namespace, name, syncPhase = 'Sync', hookType, status, message }) => ({
    ...{ group, version, kind, namespace, name, phase: syncPhase, drift: [], ignored: [] },
    wave: waves.get(nameOf({ group, kind, namespace, name })) ?? 0,
    verb: hookType ? 'hook' : status === 'Pruned' || status === 'PruneSkipped' ? 'prune' : 'apply',
    ...(status === 'PruneSkipped' && { kept: message ?? '' }),
    ...(!hookType && { comparison: 'changed' as const }),
  }))
}
