/** What follows from a look at an application: what is to be written down, and what is to be done. */
import { type Application, isAutomated, type OperationState } from '../model/index.ts'
import { type AutoSyncDecision, decideAutoSync, isOvertaken } from './auto-sync.ts'
import { type Finding, pinFindings } from './conditions.ts'
import { dependencyFault } from './dependencies.ts'
import { unlessHeld } from './holds.ts'
import type { Memory } from './memory.ts'
import type { Observation } from './observe.ts'
import { attemptOf, Obstacle } from './obstacle.ts'
import { wasBlocked } from './operation-permission.ts'
import { startedState, withEnded } from './operation-state.ts'
import type { Stages } from './stages.ts'
import { resourceStatusesForAutoSync, statusFrom } from './status.ts'

export interface Conclusion {
  /** The application as it is to be from now on. */
  after: Application
  /** An operation that begins once `after` is written down. */
  starts?: { state: OperationState; before?: OperationState }
  /** When to look again, in milliseconds, whether or not anything happens. */
  lookAgainMs: number[]
}

interface Context {
  stages: Stages
  signal: AbortSignal
  /** False: what comes next is for another replica to begin. */
  mayBegin: boolean
}

export async function concludeFrom(
  application: Application,
  { memory, observation }: { memory: Memory; observation: Observation },
  { stages, signal, mayBegin }: Context,
): Promise<Conclusion> {
  const now = new Date(stages.clock.now())
  const { ended } = memory
  const current = ended ? withEnded(application, ended) : application
  const { promising, lookAgainMs } = await prospect(current, { memory, observation }, { stages, signal })
  hurry(application, { memory, observation, promising }, stages)
  // An operation that has ended meanwhile is not known to `current`: what follows from that is for the next look.
  const isIdle = mayBegin && !memory.run && memory.ended === ended
  const decision = isIdle ? decide(current, { observation, promising }, { stages, now }) : { kind: 'none' as const }
  const operation = decision.kind === 'sync' ? decision.operation : current.operation
  const state = operation !== undefined && isIdle ? startedState(current, operation, now) : undefined
  const status = statusFrom(current, observation, { now, extra: problems(current, { decision, memory }, stages) })
  if (state) status.operationState = state
  const before = current.status?.operationState
  return {
    after: { ...current, ...(operation && { operation }), status },
    ...(state && { starts: { state, ...(before && { before }) } }),
    lookAgainMs: [...lookAgainMs, ...pauses(decision, now.getTime())],
  }
}

function pauses(decision: AutoSyncDecision, now: number): number[] {
  if (decision.kind === 'wait') return [decision.delayMs]
  return decision.kind === 'hold' && decision.until ? [decision.until - now] : []
}

interface Seen {
  memory: Memory
  observation: Observation
}

/** Whether what the last try of a sync may have failed by has changed since. */
async function prospect(
  application: Application,
  { memory, observation }: Seen,
  { stages, signal }: Pick<Context, 'stages' | 'signal'>,
): Promise<{ promising: boolean; lookAgainMs: number[] }> {
  const state = memory.run ? memory.run.wait?.state : application.status?.operationState
  const failed = state && (memory.run || state.phase === 'Failed' || state.phase === 'Error')
  if (!failed || !isAutomated(application.spec) || observation.sync === 'Synced') {
    delete memory.obstacle
    return { promising: false, lookAgainMs: [] }
  }
  const now = stages.clock.now()
  if (memory.obstacle?.attempt !== attemptOf(state)) memory.obstacle = new Obstacle(state, now)
  const { obstacle } = memory
  if (wasBlocked(state)) return { promising: true, lookAgainMs: [] }
  const promising = await obstacle.hasChanged(observation, { now, signal })
  return { promising, lookAgainMs: [obstacle.nextLookMs(now)] }
}

/** An operation that waits need not do so when its next try is promising, or something else is wanted by now. */
function hurry(
  application: Application,
  { memory: { run }, observation, promising }: Seen & { promising: boolean },
  { clock, settings }: Stages,
): void {
  if (!run) return
  const { rendered, manifests = [] } = observation
  if (rendered && isOvertaken(application, run.state, rendered.revisions)) {
    run.giveUp(`given up for ${rendered.revisions.join(', ')}, which is to be deployed now`, manifests)
  } else if (promising && run.wait && clock.now() - run.wait.since >= settings.selfHealBackoff.firstMs)
    run.wait.tryNow()
}

function decide(
  application: Application,
  { observation, promising }: { observation: Observation; promising: boolean },
  { stages, now }: { stages: Stages; now: Date },
): AutoSyncDecision {
  if (!observation.rendered) return { kind: 'none' }
  const { selfHealBackoff, failureBackoff, tracking } = stages.settings
  const decision = decideAutoSync({
    application,
    ...resourceStatusesForAutoSync(observation, application, tracking),
    revisions: observation.rendered.revisions,
    promising,
    now,
    selfHealBackoff,
    failureBackoff,
  })
  return unlessHeld(decision, application, stages)
}

/** What is wrong beyond what a look can see. */
function problems(
  application: Application,
  { decision, memory: { run } }: { decision: AutoSyncDecision; memory: Memory },
  { controlPlane }: Stages,
): Finding[] {
  const fault = dependencyFault(application, {
    controlNamespace: controlPlane.namespace,
    find: controlPlane.application,
  })
  const problem = decision.kind === 'refuse' || decision.kind === 'wait' ? decision.problem : run?.problem
  return [
    ...(fault ? [fault] : decision.kind === 'hold' ? [decision.finding] : []),
    ...(problem === undefined ? [] : [{ type: 'SyncError' as const, message: problem }]),
    ...pinFindings(application),
  ]
}
