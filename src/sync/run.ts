/** Carries out a plan. What it has done it finds again in results and hooks, so it can be stopped anywhere and resumed. */
import { setMaxListeners } from 'node:events'
import { systemClock } from '../kube/clock.ts'
import type { OperationPhase, ResourceResult } from '../model/index.ts'
import { noTracer } from '../trace/index.ts'
import type { HookDeletePolicy } from './hooks.ts'
import { patientClient } from './patient-client.ts'
import { dryRun, preflight, preflightOnly } from './preflight.ts'
import { failureMessage, isFailed, openResults } from './results.ts'
import { atOnce, type RunContext, report, StepsFailed, type SyncRun } from './run-context.ts'
import { endHook, hookState, isMadeBy, releaseHook } from './run-hook.ts'
import { runWave, untilPruned } from './run-wave.ts'
import { type HookStep, type SyncWave, stepsOf } from './step.ts'

export interface SyncOutcome {
  phase: Extract<OperationPhase, 'Succeeded' | 'Failed'>
  message: string
  results: ResourceResult[]
}

/**
 * Resolves when the operation has come to its end, good or bad. Rejects with the reason of `signal` when that is
 * aborted; called again with the results reported so far, it goes on from there: no finished hook runs again, and
 * nothing is made twice.
 */
export async function runSync(run: SyncRun): Promise<SyncOutcome> {
  const context = openContext(run)
  const { results } = context
  try {
    if (run.plan.mode === 'dry-run') return await dryRun(context)
    if (run.plan.mode === 'preflight') return await preflightOnly(context)
    if (results.list().some(isFailed)) throw new StepsFailed()
    const refused = await preflight(context)
    if (refused) return refused
    await runWaves(context)
    await deleteHooks(context, 'HookSucceeded')
    return { phase: 'Succeeded', message: 'successfully synced (all tasks run)', results: results.list() }
  } catch (error) {
    run.signal.throwIfAborted()
    if (run.terminate?.aborted) return await terminate(context)
    if (error instanceof StepsFailed) return await fail(context)
    throw error
  }
}

function openContext(run: SyncRun): RunContext {
  const stop = AbortSignal.any(run.terminate ? [run.signal, run.terminate] : [run.signal])
  // Every request under way listens to it.
  setMaxListeners(0, stop)
  const results = openResults(stepsOf(run.plan), run.previous)
  const { clock = systemClock, tracer = noTracer } = run
  const onWait = (message: string) => run.onProgress(results.list(), message)
  return { ...run, client: patientClient(run.client, { clock, onWait }), results, stop, clock, tracer }
}

/**
 * Runs hooks and leaves them where they are: that they have run has to be on record before their policies delete them.
 * `tidyHooks` does that.
 */
export async function runHooksOnly(run: SyncRun): Promise<SyncOutcome> {
  const context = openContext(run)
  try {
    await runWaves(context)
    return { phase: 'Succeeded', message: 'all hooks have run', results: context.results.list() }
  } catch (error) {
    if (!(error instanceof StepsFailed)) throw error
    const results = context.results.list()
    return { phase: 'Failed', message: failureMessage(results) ?? 'a hook failed', results }
  }
}

/** Deletes the hooks that have ended as their policies say, and lets go of the others. */
export async function tidyHooks(run: SyncRun): Promise<void> {
  const context = openContext(run)
  await atOnce(hooksOf(run.plan.waves), 8, async (step) => {
    const live = await context.client.get(step.target, context.signal)
    if (!live || !isMadeBy(context, step, live)) return
    const { phase } = hookState(context, step, live)
    const policy = phase === 'Succeeded' ? 'HookSucceeded' : 'HookFailed'
    if (step.deletePolicies.includes(policy)) await endHook(context, step, live.metadata.uid)
    else await releaseHook(context, step)
  })
}

async function runWaves(context: RunContext): Promise<void> {
  const { plan, waveDelayMs = 2000, clock, stop } = context
  if (plan.namespace) await runWave(context, { phase: 'PreSync', wave: 0, prune: [], groups: [[plan.namespace]] })
  for (const [index, wave] of plan.waves.entries()) {
    const wasDone = isDone(context, wave)
    await runWave(context, wave)
    if (wasDone || index === plan.waves.length - 1) continue
    await untilPruned(context, wave)
    await report(context, `wave ${wave.wave} of ${wave.phase} is done`)
    await clock.sleep(waveDelayMs, stop)
  }
}

/** Done before this process began: then there is nothing to wait for after it. */
function isDone({ results }: RunContext, wave: SyncWave): boolean {
  return [...wave.prune, ...wave.groups.flat()].every((step) => {
    const result = results.get(step)
    return result?.status !== undefined && result.hookPhase !== 'Running'
  })
}

async function fail(context: RunContext): Promise<SyncOutcome> {
  const message = failureMessage(context.results.list()) ?? 'the sync failed'
  try {
    for (const wave of context.plan.onFailure) await runWave(context, wave)
  } catch (error) {
    context.stop.throwIfAborted()
    if (!(error instanceof StepsFailed)) throw error
  }
  await stopHooks(context)
  await deleteHooks(context, 'HookFailed')
  return { phase: 'Failed', message: withFailedHooks(context, message), results: context.results.list() }
}

/** A SyncFail hook that fails itself changes the message, nothing else. */
function withFailedHooks({ plan, results }: RunContext, message: string): string {
  const failed = hooksOf(plan.onFailure).some((step) => results.get(step)?.hookPhase === 'Failed')
  return failed ? `${message}; one or more SyncFail hooks failed as well` : message
}

async function terminate(context: RunContext): Promise<SyncOutcome> {
  await stopHooks(context)
  return { phase: 'Failed', message: 'Operation terminated', results: context.results.list() }
}

function hooksOf(waves: SyncWave[]): HookStep[] {
  return waves.flatMap(({ groups }) => groups.flat()).filter((step) => step.verb === 'hook')
}

/** Nothing goes on running for an operation that has ended. */
async function stopHooks(context: RunContext): Promise<void> {
  const hooks = hooksOf([...context.plan.waves, ...context.plan.onFailure])
  // A hook without a result may have been made all the same, when the answer was not awaited.
  const unfinished = hooks.filter((step) => (context.results.get(step)?.hookPhase ?? 'Running') === 'Running')
  await atOnce(unfinished, 8, async (step) => {
    const live = await context.client.get(step.target, context.signal)
    if (live && isMadeBy(context, step, live)) await endHook(context, step, live.metadata.uid)
    else if (!context.results.get(step)) return
    context.results.set(step, { status: 'Synced', message: 'terminated', hookPhase: 'Failed' })
  })
}

/** Lets go of every finished hook, and deletes those whose policy is the given one. */
async function deleteHooks(context: RunContext, policy: HookDeletePolicy): Promise<void> {
  const hooks = hooksOf([...context.plan.waves, ...context.plan.onFailure])
  const finished = hooks.filter((step) => context.results.get(step)?.hookPhase)
  const due = finished.filter(({ deletePolicies }) => deletePolicies.includes(policy))
  if (due.length > 0) await report(context, 'deleting hooks')
  await atOnce(finished, 8, (step) => (due.includes(step) ? endHook(context, step) : releaseHook(context, step)))
}
