/** The life of one hook within an operation: made once, watched to its end, released, and deleted by its policy. */
import { isConflict, isNotFound } from '../kube/kube-error.ts'
import { finalizer, type KubeObject, type OperationPhase } from '../model/index.ts'
import { remove, write } from './apply.ts'
import { type RunContext, report, until } from './run-context.ts'
import type { HookStep } from './step.ts'

/** On every hook: the operation and phase that made it, so that no restart makes it again. */
const madeBy = 'tiphys.dev/operation'

export interface HookState {
  phase: Extract<OperationPhase, 'Running' | 'Succeeded' | 'Failed'>
  message: string
}

function mark(context: RunContext, { phase }: HookStep): string {
  return `${context.operationId}/${phase}`
}

export function isMadeBy(context: RunContext, step: HookStep, live: KubeObject): boolean {
  return live.metadata.annotations?.[madeBy] === mark(context, step)
}

/**
 * Makes the hook, unless this operation has made it already. The server is asked for the one before: a cache that lags
 * behind would have the new one applied over it, and a Job that has ended does not run again for that.
 */
export async function startHook(context: RunContext, step: HookStep): Promise<HookState> {
  for (;;) {
    const live = await context.client.get(step.target, context.stop)
    if (live && isMadeBy(context, step, live)) return hookState(context, step, live)
    if (!live || !step.deletePolicies.includes('BeforeHookCreation')) break
    await deleteHook(context, live, step)
  }
  const settings = { ...step.method, signal: context.stop, clock: context.clock }
  const written = await write(context.client, prepared(context, step), settings)
  return hookState(context, step, written)
}

/** With the finalizer the hook stays until its end has been seen, even when its own time to live deletes it. */
function prepared(context: RunContext, step: HookStep): KubeObject {
  const { object } = step
  const annotations = { ...object.metadata.annotations, [madeBy]: mark(context, step) }
  const finalizers = [...(object.metadata.finalizers ?? []), finalizer.hook]
  const ends = context.health(object) !== undefined
  return { ...object, metadata: { ...object.metadata, annotations, ...(ends && { finalizers }) } }
}

/** How far a running hook is. One that is gone, or goes before its end, has failed: nobody waits for it for ever. */
export function hookState(context: RunContext, step: HookStep, live: KubeObject | undefined): HookState {
  if (!live) return { phase: 'Failed', message: 'it was deleted before it had finished' }
  if (!isMadeBy(context, step, live)) {
    return { phase: 'Failed', message: 'another object of this name has taken its place' }
  }
  const health = context.health(live)
  if (!health) return { phase: 'Succeeded', message: `${step.target.kind} created` }
  const message = health.message ?? ''
  if (health.status === 'Healthy') return { phase: 'Succeeded', message }
  if (health.status === 'Degraded') return { phase: 'Failed', message: message || 'it failed' }
  if (live.metadata.deletionTimestamp) return { phase: 'Failed', message: 'it is being deleted before it has finished' }
  return { phase: 'Running', message }
}

/** Takes our finalizer off, so that the hook may go. */
export async function releaseHook(context: RunContext, step: HookStep): Promise<void> {
  for (;;) {
    const live = await context.client.get(step.target, context.signal)
    const finalizers = live?.metadata.finalizers ?? []
    if (!live || !finalizers.includes(finalizer.hook)) return
    const rest = finalizers.filter((name) => name !== finalizer.hook)
    const metadata = { finalizers: rest.length > 0 ? rest : null, resourceVersion: live.metadata.resourceVersion }
    try {
      const options = { type: 'merge' as const, signal: context.signal }
      await context.client.patch(step.target, { metadata }, options)
      return
    } catch (error) {
      if (isNotFound(error)) return
      // Somebody wrote in between; the next round starts from that.
      if (!isConflict(error)) throw error
    }
  }
}

/** Somebody else's finalizer must not hold the operation for ever. */
const usualDeletionMs = 120_000

/** Resolves when the object is gone. */
async function deleteHook(context: RunContext, live: KubeObject, step: HookStep): Promise<void> {
  await endHook(context, step, live.metadata.uid)
  const deadline = context.clock.now() + (context.hookDeletionMs ?? usualDeletionMs)
  const { kind, name } = step.target
  await until(context, async () => {
    const left = await context.client.get(step.target, context.stop)
    if (left?.metadata.uid !== live.metadata.uid) return true
    const holders = left?.metadata.finalizers?.join(', ')
    const waiting = `waiting for deletion of hook ${kind} ${name}${holders ? `, held by ${holders}` : ''}`
    if (context.clock.now() > deadline) throw new Error(`${waiting}: see who is to take it off, or remove it`)
    await report(context, waiting)
    return false
  })
}

/** Asks for the hook's deletion and stands in its way no longer. */
export async function endHook(context: RunContext, step: HookStep, uid?: string): Promise<void> {
  await releaseHook(context, step)
  await remove(context.client, step.target, { uid, propagationPolicy: 'Foreground', signal: context.signal })
}
