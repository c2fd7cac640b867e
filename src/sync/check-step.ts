/** Asks the server whether one step of a sync would succeed. Nothing is stored. */
import type { KubeClient } from '../kube/kube-client.ts'
import { isNotFound, KubeError } from '../kube/kube-error.ts'
import { fieldManager, type KubeObject, messageOf } from '../model/index.ts'
import { isUnchangeable, remove, write } from './apply.ts'
import { type MadeBySync, whyTooEarly } from './made-by-sync.ts'
import { askElsewhere } from './stand-in.ts'
import type { ApplyStep, HookStep, SyncStep } from './step.ts'

export type Check =
  | { verdict: 'passes' }
  | { verdict: 'refused'; message: string }
  /** It cannot be judged before the sync has begun. */
  | { verdict: 'unknown'; message: string }

export interface CheckContext {
  client: KubeClient
  made: MadeBySync
  /** Namespaces that the sync makes and that are not there yet, as far as has been asked. */
  missing: Set<string>
  /** Why the application must not touch the object. */
  refusal: ((step: SyncStep) => string | undefined) | undefined
  signal: AbortSignal
}

export async function checkStep(context: CheckContext, step: SyncStep): Promise<Check> {
  const forbidden = context.refusal?.(step)
  if (forbidden !== undefined) return { verdict: 'refused', message: forbidden }
  try {
    if (step.verb === 'prune') await askToRemove(context, step)
    else if (context.missing.has(step.target.namespace)) return await checkForLater(context, step)
    else await ask(context, step)
    return { verdict: 'passes' }
  } catch (error) {
    context.signal.throwIfAborted()
    return judge(context, step, error)
  }
}

async function askToRemove({ client, signal }: CheckContext, step: Extract<SyncStep, { verb: 'prune' }>) {
  if (!step.kept) await remove(client, step.target, { ...step, dryRun: true, signal })
}

async function checkForLater({ client, signal }: CheckContext, { object, method, target }: ApplyStep | HookStep) {
  await askElsewhere(client, object, { validate: method.validate, signal })
  const message = `its namespace ${target.namespace} is made by this sync: permissions, quotas and policies there are not known yet`
  return { verdict: 'unknown' as const, message }
}

async function ask(context: CheckContext, step: ApplyStep | HookStep): Promise<void> {
  const { client, signal } = context
  // It replaces whatever is there, so what may not be changed in place is no obstacle.
  if (step.verb === 'hook' && step.deletePolicies.includes('BeforeHookCreation')) return askToCreate(context, step)
  try {
    const answer = await write(client, step.object, { ...step.method, dryRun: true, signal })
    if (isNamespace(step) && isNew(answer)) context.missing.add(step.target.name)
  } catch (error) {
    if (!step.method.force || !isUnchangeable(error, step.object)) throw error
    await askToCreate(context, step)
  }
}

export function isNamespace({ target }: SyncStep): boolean {
  return target.kind === 'Namespace' && target.group === ''
}

/** What has not been stored yet has no version. */
function isNew({ metadata }: KubeObject): boolean {
  return !metadata.resourceVersion
}

/** A server that finds the name taken has found no other fault. */
async function askToCreate({ client, signal }: CheckContext, { object, method }: ApplyStep | HookStep): Promise<void> {
  const fieldValidation = method.validate ? 'Strict' : 'Ignore'
  try {
    await client.create(object, { dryRun: true, fieldManager, fieldValidation, signal })
  } catch (error) {
    if (!(error instanceof KubeError && error.reason === 'AlreadyExists')) throw error
  }
}

function judge({ made }: CheckContext, step: SyncStep, error: unknown): Check {
  const message = messageOf(error)
  if (step.verb === 'prune') return { verdict: 'refused', message }
  const tooEarly = whyTooEarly(message, step, made)
  if (tooEarly !== undefined) return { verdict: 'unknown', message: tooEarly }
  if (step.mayComeLater && isNotFound(error) && (error as KubeError).reason === 'NoKindMatch') {
    return { verdict: 'unknown', message: 'the cluster does not know its kind yet (SkipDryRunOnMissingResource=true)' }
  }
  return { verdict: 'refused', message }
}
