/** Carries out one wave, and waits at its gate. */
import { isNotFound } from '../kube/kube-error.ts'
import { messageOf } from '../model/index.ts'
import type { Attributes } from '../trace/index.ts'
import { remove, write } from './apply.ts'
import { isFailed } from './results.ts'
import { atOnce, checkPermission, type RunContext, readLive, report, StepsFailed, until } from './run-context.ts'
import { type HookState, hookState, releaseHook, startHook } from './run-hook.ts'
import type { ApplyStep, HookStep, PruneStep, SyncStep, SyncWave } from './step.ts'
import { changesNothing } from './unchanged.ts'

const concurrency = 16

/** Throws StepsFailed when something was refused or did not get healthy. */
export function runWave(context: RunContext, wave: SyncWave): Promise<void> {
  const about = { 'tiphys.phase': wave.phase, 'tiphys.wave': wave.wave }
  return context.tracer.span(`wave ${wave.phase} ${wave.wave}`, about, () => runInOrder(context, wave))
}

async function runInOrder(context: RunContext, wave: SyncWave): Promise<void> {
  await runAll(context, wave.prune, prune)
  for (const group of wave.groups) {
    await runAll(context, group, (context, step) =>
      step.verb === 'hook' ? start(context, step) : applyOne(context, step),
    )
    await untilServed(context, group)
  }
  await untilSettled(context, wave)
}

async function runAll<Step extends SyncStep>(
  context: RunContext,
  steps: Step[],
  act: (context: RunContext, step: Step) => Promise<void>,
): Promise<void> {
  await atOnce(steps, context.concurrency ?? concurrency, (step) => {
    context.stop.throwIfAborted()
    return context.tracer.span(`${step.verb} ${step.target.kind}`, ofObject(step), async (span) => {
      try {
        if (!context.results.get(step)?.status) checkPermission(context, step)
        await act(context, step)
      } catch (error) {
        context.stop.throwIfAborted()
        const hook = step.verb === 'hook' ? { hookPhase: 'Failed' as const } : {}
        context.results.set(step, { status: 'SyncFailed', message: messageOf(error), ...hook })
        // As the result tells it, which is without the values of Secrets.
        span.fail(context.results.get(step)?.message ?? '')
      }
    })
  })
  throwIfFailed(context, steps)
}

/** As Argo CD names it. */
function ofObject({ target: { group, kind, namespace, name } }: SyncStep): Attributes {
  return {
    'argocd.resource.group': group,
    'argocd.resource.kind': kind,
    'argocd.resource.namespace': namespace,
    'argocd.resource.name': name,
  }
}

function throwIfFailed({ results }: RunContext, steps: SyncStep[]): void {
  const failed = steps.some((step) => {
    const result = results.get(step)
    return result && isFailed(result)
  })
  if (failed) throw new StepsFailed()
}

async function prune(context: RunContext, step: PruneStep): Promise<void> {
  if (context.results.get(step)?.status) return
  if (step.kept) {
    context.results.set(step, { status: 'PruneSkipped', message: step.kept })
    return
  }
  const { uid, propagationPolicy } = step
  await remove(context.client, step.target, { uid, propagationPolicy, signal: context.stop })
  context.results.set(step, { status: 'Pruned', message: 'pruned' })
}

async function applyOne(context: RunContext, step: ApplyStep): Promise<void> {
  if (context.results.get(step)?.status === 'Synced') return
  const unchanged = await changesNothing(context, step)
  const { method, object } = step
  if (!unchanged) await write(context.client, object, { ...method, signal: context.stop, clock: context.clock })
  const done = unchanged ? 'unchanged' : method.replace ? 'replaced' : 'serverside-applied'
  context.results.set(step, { status: 'Synced', message: appliedMessage(step, done), hookPhase: 'Running' })
}

/** As Argo CD words it. */
function appliedMessage({ target }: ApplyStep, done: string): string {
  const resource = target.group ? `${target.kind}.${target.group}` : target.kind
  return `${resource.toLowerCase()}/${target.name} ${done}`
}

async function start(context: RunContext, step: HookStep): Promise<void> {
  const { hookPhase } = context.results.get(step) ?? {}
  if (hookPhase) return
  await settleHook(context, step, await startHook(context, step))
}

/** An end is on record before the hook is let go. */
async function settleHook(context: RunContext, step: HookStep, { phase, message }: HookState): Promise<void> {
  context.results.set(step, { status: 'Synced', message, hookPhase: phase })
  if (phase === 'Running') return
  await report(context, `hook ${step.target.kind} ${step.target.name}: ${phase.toLowerCase()}`)
  await releaseHook(context, step)
}

/** A CRD that the server does not serve yet would make it refuse the objects that come next. */
async function untilServed(context: RunContext, group: SyncStep[]): Promise<void> {
  const definitions = group.filter(({ target }) => target.kind === 'CustomResourceDefinition')
  if (definitions.length === 0) return
  await until(context, async () => {
    const found = await Promise.all(definitions.map(({ target }) => context.client.get(target, context.stop)))
    return found.every((definition) => {
      const health = definition && context.health(definition)
      return !health || health.status === 'Healthy' || health.status === 'Degraded'
    })
  })
  await context.client.apiResources({ refresh: true })
}

/** Hooks run to their end. What was applied gets healthy, where the plan has more than one wave. */
async function untilSettled(context: RunContext, wave: SyncWave): Promise<void> {
  const steps = wave.groups.flat()
  let told = ''
  await context.tracer.span('wait', {}, (span) =>
    until(context, async () => {
      const message = await waitedFor(context, steps)
      if (message === undefined) return true
      if (message !== told) {
        span.event(message)
        await report(context, message)
      }
      told = message
      return false
    }),
  )
  throwIfFailed(context, steps)
}

/** undefined when all have come to their end. */
async function waitedFor(context: RunContext, steps: (ApplyStep | HookStep)[]): Promise<string | undefined> {
  const open: string[] = []
  for (const step of steps) {
    const waiting = step.verb === 'hook' ? await checkHook(context, step) : await checkHealth(context, step)
    if (waiting) open.push(waiting)
  }
  const [first] = open
  return open.length > 1 ? `${first} (and ${open.length - 1} more)` : first
}

/** What is being waited for; undefined when the step has come to its end. */
async function checkHook(context: RunContext, step: HookStep): Promise<string | undefined> {
  if (context.results.get(step)?.hookPhase !== 'Running') return undefined
  const state = hookState(context, step, await readLive(context, step.target))
  await settleHook(context, step, state)
  return state.phase === 'Running' ? `waiting for completion of hook ${name(step)}${because(state.message)}` : undefined
}

async function checkHealth(context: RunContext, step: ApplyStep): Promise<string | undefined> {
  const result = context.results.get(step)
  if (result?.hookPhase !== 'Running') return undefined
  const settle = (hookPhase: 'Succeeded' | 'Failed', message = result.message) => {
    context.results.set(step, { status: 'Synced', message, hookPhase })
    return undefined
  }
  if (!context.plan.gated) return settle('Succeeded')
  const live = await readLive(context, step.target)
  if (!live) return settle('Failed', 'it was deleted while the sync waited for it to be healthy')
  const health = context.health(live)
  // What is suspended was meant to be; nothing more would come of waiting.
  if (!health || health.status === 'Healthy' || health.status === 'Suspended') return settle('Succeeded')
  if (health.status === 'Degraded') return settle('Failed', health.message)
  return `waiting for healthy state of ${name(step)}${because(health.message)}`
}

function name({ target: { group, kind, name } }: SyncStep): string {
  return [group, kind, name].filter(Boolean).join('/')
}

function because(message: string | undefined): string {
  return message ? `: ${message}` : ''
}

/** Pruned objects are gone before the next wave begins. */
export async function untilPruned(context: RunContext, wave: SyncWave): Promise<void> {
  const pruned = wave.prune.filter(({ kept, propagationPolicy }) => !kept && propagationPolicy !== 'Orphan')
  if (pruned.length === 0) return
  await until(context, async () => {
    for (const step of pruned) {
      const live = await context.client.get(step.target, context.stop).catch((error) => {
        if (isNotFound(error)) return undefined
        throw error
      })
      if (!live || live.metadata.uid !== step.uid) continue
      await report(context, `waiting for deletion of ${name(step)}`)
      return false
    }
    return true
  })
}
