/** A sync that changes nothing: the server is asked about every object, and the answers are the results. */
import { isNotFound } from '../kube/kube-error.ts'
import { messageOf } from '../model/index.ts'
import { remove, write } from './apply.ts'
import { failureMessage, isFailed } from './results.ts'
import type { SyncOutcome } from './run.ts'
import { atOnce, checkPermission, type RunContext } from './run-context.ts'
import { type SyncStep, stepsOf } from './step.ts'

export async function dryRun(context: RunContext): Promise<SyncOutcome> {
  const steps = stepsOf(context.plan)
  await atOnce(steps, context.concurrency ?? 16, async (step) => {
    try {
      checkPermission(context, step)
      context.results.set(step, await ask(context, step))
    } catch (error) {
      context.stop.throwIfAborted()
      context.results.set(step, unanswered(error, step, steps))
    }
  })
  const results = context.results.list()
  if (results.some(isFailed)) return { phase: 'Failed', message: failureMessage(results) ?? '', results }
  return { phase: 'Succeeded', message: 'successfully synced (dry run)', results }
}

async function ask(context: RunContext, step: SyncStep) {
  const { client, stop: signal } = context
  if (step.verb !== 'prune') {
    await write(client, step.object, { ...step.method, dryRun: true, signal })
    return { status: 'Synced' as const, message: 'would be applied (dry run)' }
  }
  if (step.kept) return { status: 'PruneSkipped' as const, message: step.kept }
  await remove(client, step.target, { ...step, dryRun: true, signal })
  return { status: 'Pruned' as const, message: 'would be pruned (dry run)' }
}

/** What needs a namespace or a kind that this same sync would make can't be asked about yet. */
function unanswered(error: unknown, { target }: SyncStep, steps: SyncStep[]) {
  const makes = (kind: string, is: (name: string) => boolean) =>
    steps.some((step) => step.verb === 'apply' && step.target.kind === kind && is(step.target.name))
  const needed =
    makes('Namespace', (name) => name === target.namespace) ||
    makes('CustomResourceDefinition', (name) => target.group !== '' && name.endsWith(`.${target.group}`))
  if (isNotFound(error) && needed) {
    return { status: 'Synced' as const, message: 'not checked: what it needs is made by the sync itself' }
  }
  return { status: 'SyncFailed' as const, message: messageOf(error) }
}
