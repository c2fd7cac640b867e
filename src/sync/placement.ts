/** Where the steps of a sync stand: phases, waves within them, and groups within waves. */
import { groupOf, type KubeObject, type SyncPhase } from '../model/index.ts'
import { kindRank, lastRank } from './kind-order.ts'
import type { ApplyStep, HookStep, PruneStep, SyncWave } from './step.ts'

const phases: readonly SyncPhase[] = ['PreDelete', 'PreSync', 'Sync', 'PostSync', 'SyncFail', 'PostDelete']

type WriteStep = ApplyStep | HookStep

/** Phase by phase and wave by wave; within one, by kind and name. */
export function wavesOf(writes: WriteStep[], prunes: PruneStep[]): SyncWave[] {
  const providers = definedKinds(writes)
  const waves = new Map<string, SyncWave & { writes: WriteStep[] }>()
  const waveAt = ({ phase, wave }: { phase: SyncPhase; wave: number }) => {
    const name = `${phase}/${wave}`
    const found = waves.get(name) ?? { phase, wave, prune: [], groups: [], writes: [] }
    waves.set(name, found)
    return found
  }
  for (const step of writes) waveAt(step).writes.push(step)
  for (const step of prunes) waveAt(step).prune.push(step)
  return [...waves.values()].sort(byPlace).map(({ writes, prune, phase, wave }) => ({
    phase,
    wave,
    prune: prune.sort((a, b) => byRank(b, a, providers)),
    groups: groupsOf(writes, providers),
  }))
}

export function byPlace(a: { phase: SyncPhase; wave: number }, b: { phase: SyncPhase; wave: number }): number {
  return phases.indexOf(a.phase) - phases.indexOf(b.phase) || a.wave - b.wave
}

type Ranked = { target: WriteStep['target'] }

function byRank(a: Ranked, b: Ranked, providers: Set<string>): number {
  const order = rankOf(a, providers) - rankOf(b, providers)
  return order || compareText(a.target.name, b.target.name) || compareText(a.target.namespace, b.target.namespace)
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

/** A kind that a CRD of this sync defines may bear the name of a built-in one; it still comes after its CRD. */
function rankOf({ target }: Ranked, providers: Set<string>): number {
  return providers.has(`${target.group}/${target.kind}`) ? lastRank : kindRank(target.kind)
}

/** Steps of one rank go together. A hook that waits in line behind another hook of its name stays in a later wave. */
function groupsOf(steps: WriteStep[], providers: Set<string>): WriteStep[][] {
  const groups = new Map<number, WriteStep[]>()
  for (const step of steps.sort((a, b) => byRank(a, b, providers))) {
    const rank = rankOf(step, providers)
    groups.set(rank, [...(groups.get(rank) ?? []), step])
  }
  return [...groups.values()]
}

/** `group/kind` of every kind that a CRD among the steps defines. */
export function definedKinds(steps: WriteStep[]): Set<string> {
  return new Set(steps.flatMap(({ object }) => definedKind(object) ?? []))
}

export function definedKind(object: KubeObject): string | undefined {
  if (object.kind !== 'CustomResourceDefinition' || groupOf(object.apiVersion) !== 'apiextensions.k8s.io')
    return undefined
  const { group, names } = object.spec as { group?: string; names?: { kind?: string } }
  return `${group}/${names?.kind}`
}

/**
 * Brings every Namespace and CRD forward to the earliest phase and wave in which something needs it, whatever wave its
 * own annotation names.
 */
export function bringDependenciesForward<Step extends WriteStep>(steps: Step[]): Step[] {
  const needs = new Map<string, Step>()
  for (const step of steps) {
    if (step.phase === 'SyncFail') continue
    for (const need of needsOf(step)) {
      const earliest = needs.get(need)
      if (!earliest || byPlace(step, earliest) < 0) needs.set(need, step)
    }
  }
  return steps.map((step) => {
    const earliest = needs.get(provisionOf(step.object) ?? '')
    if (!earliest || step.phase === 'SyncFail' || byPlace(step, earliest) <= 0) return step
    return { ...step, phase: earliest.phase, wave: earliest.wave }
  })
}

function needsOf({ target }: WriteStep): string[] {
  return [`kind ${target.group}/${target.kind}`, ...(target.namespace ? [`namespace ${target.namespace}`] : [])]
}

function provisionOf(object: KubeObject): string | undefined {
  if (object.kind === 'Namespace' && object.apiVersion === 'v1') return `namespace ${object.metadata.name}`
  const kind = definedKind(object)
  return kind && `kind ${kind}`
}

/**
 * Pruning goes through the waves backwards: what was made in the last wave goes in the first. With `PruneLast` it goes
 * after everything else.
 */
export function placePrunes(prunes: (PruneStep & { last: boolean })[], writes: WriteStep[]): PruneStep[] {
  const waves = [...new Set(prunes.filter(({ last }) => !last).map(({ wave }) => wave))].sort((a, b) => a - b)
  const mirrored = new Map(waves.map((wave, index) => [wave, waves[waves.length - 1 - index] ?? wave]))
  const used = [...writes.filter(({ phase }) => phase === 'Sync').map(({ wave }) => wave), ...waves]
  const afterAll = Math.max(0, ...used) + 1
  return prunes.map(({ last, ...step }) => ({
    ...step,
    wave: last ? afterAll : (mirrored.get(step.wave) ?? step.wave),
  }))
}
