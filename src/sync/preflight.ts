/** Before the first write: would the server take every object of every wave? */
import { describeKey, type ResourceResult } from '../model/index.ts'
import { type Check, type CheckContext, checkStep, isNamespace } from './check-step.ts'
import { madeBySync } from './made-by-sync.ts'
import { failureMessage, isFailed } from './results.ts'
import type { SyncOutcome } from './run.ts'
import { atOnce, type RunContext, report } from './run-context.ts'
import { type SyncPlan, type SyncStep, stepsOf } from './step.ts'

/** At the same time: questions cost a server less than writes. */
const concurrency = 32

/** Resolves to how the sync ends, when it does so here: something would be refused, and nothing has been written. */
export async function preflight(context: RunContext): Promise<SyncOutcome | undefined> {
  const steps = doubtful(context.plan)
  // A single write is its own test: either it is taken, or nothing has been written.
  if (!context.plan.preflight || steps.length < 2 || context.results.list().length > 0) return undefined
  const checks = await checkAll(context, steps)
  if (![...checks.values()].some(({ verdict }) => verdict === 'refused')) {
    const open = unknownText(checks)
    if (open) await report(context, `everything that can be checked before has passed; ${open}`)
    return undefined
  }
  return refusal(context, checks)
}

/** The same and nothing else, over everything that the sync is about. */
export async function preflightOnly(context: RunContext): Promise<SyncOutcome> {
  const steps = stepsOf(context.plan)
  const checks = await checkAll(context, steps)
  if ([...checks.values()].some(({ verdict }) => verdict === 'refused')) return refusal(context, checks)
  record(context, checks)
  const open = unknownText(checks)
  const message = `the preflight has passed: ${steps.length} objects${open ? `; ${open}` : ''}`
  return { phase: 'Succeeded', message, results: context.results.list() }
}

/** A sync that changes nothing: every answer is told as what would be done. */
export async function dryRun(context: RunContext): Promise<SyncOutcome> {
  const checks = await checkAll(context, stepsOf(context.plan))
  for (const [step, check] of checks) context.results.set(step, dryRunResult(step, check))
  const results = context.results.list()
  if (results.some(isFailed)) return { phase: 'Failed', message: failureMessage(results) ?? '', results }
  return { phase: 'Succeeded', message: 'successfully synced (dry run)', results }
}

/** What a sync is going to write, as far as is known, those for a failure included. */
function doubtful(plan: SyncPlan): SyncStep[] {
  return stepsOf(plan).filter((step) => {
    if (step.verb === 'hook') return true
    return step.verb === 'apply' ? !step.inSync : !step.kept
  })
}

function checkAll({ client, stop: signal, plan, refusal, tracer }: RunContext, steps: SyncStep[]) {
  return tracer.span('preflight', { 'tiphys.objects': steps.length }, () =>
    checkSteps(steps, { plan, client, refusal, signal }),
  )
}

/** What the server says to each step of the plan, whoever asks. */
export function checkPlan(
  plan: SyncPlan,
  context: Pick<CheckContext, 'client' | 'refusal' | 'signal'>,
): Promise<Map<SyncStep, Check>> {
  return checkSteps(stepsOf(plan), { plan, ...context })
}

async function checkSteps(
  steps: SyncStep[],
  { plan, ...context }: Pick<CheckContext, 'client' | 'refusal' | 'signal'> & { plan: SyncPlan },
): Promise<Map<SyncStep, Check>> {
  const checking: CheckContext = { ...context, made: madeBySync(stepsOf(plan)), missing: new Set() }
  const checks = new Map<SyncStep, Check>(steps.map((step) => [step, { verdict: 'passes' }]))
  const check = async (step: SyncStep) => void checks.set(step, await checkStep(checking, step))
  // What is to be made in a namespace depends on whether that is there.
  await atOnce(steps.filter(isNamespace), concurrency, check)
  await atOnce(
    steps.filter((step) => !isNamespace(step)),
    concurrency,
    check,
  )
  return checks
}

function refusal(context: RunContext, checks: Map<SyncStep, Check>): SyncOutcome {
  record(context, checks)
  const results = context.results.list()
  const open = unknownText(checks)
  const message = `${failureMessage(results, ' (dry run)')}; nothing has been written${open ? `; ${open}` : ''}`
  return { phase: 'Failed', message, results }
}

function record({ results }: RunContext, checks: Map<SyncStep, Check>): void {
  for (const [step, check] of checks) results.set(step, preflightResult(check))
}

function preflightResult(check: Check): Pick<ResourceResult, 'status' | 'message'> {
  if (check.verdict === 'passes') return { message: 'would be taken (dry run)' }
  if (check.verdict === 'unknown') return { message: `not checked: ${check.message}` }
  return { status: 'SyncFailed', message: check.message }
}

function dryRunResult(step: SyncStep, check: Check): Pick<ResourceResult, 'status' | 'message'> {
  if (check.verdict === 'refused') return { status: 'SyncFailed', message: check.message }
  if (step.verb === 'prune' && step.kept) return { status: 'PruneSkipped', message: step.kept }
  if (check.verdict === 'unknown') return { status: 'Synced', message: `not checked: ${check.message}` }
  return step.verb === 'prune'
    ? { status: 'Pruned', message: 'would be pruned (dry run)' }
    : { status: 'Synced', message: 'would be applied (dry run)' }
}

/** Such as `not checked yet: Widget shop/a and 2 more`; undefined when everything was. */
function unknownText(checks: Map<SyncStep, Check>): string | undefined {
  const [first, ...others] = [...checks].filter(([, { verdict }]) => verdict === 'unknown').map(([step]) => step)
  if (!first) return undefined
  return `not checked yet: ${describeKey(first.target)}${others.length > 0 ? ` and ${others.length} more` : ''}`
}
