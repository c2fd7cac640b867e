/** A look at an application, with as little asked of its sources as can be. */
import { deepEqual } from 'fast-equals'
import { type Application, StageError, sourcesOf } from '../model/index.ts'
import { dueAfter, type Memory } from './memory.ts'
import { type Observation, observe } from './observe.ts'
import { refreshAsked } from './refresh.ts'
import type { Stages } from './stages.ts'

export interface Look {
  observation: Observation
  /** The sources have come to other revisions than before. */
  moved: boolean
}

/** Remembers what it has found of the sources. Throws only when `signal` is aborted. */
export async function look(
  application: Application,
  memory: Memory,
  { stages, signal }: { stages: Stages; signal: AbortSignal },
): Promise<Look> {
  const { clock, settings } = stages
  const now = clock.now()
  const asked = refreshAsked(application)
  const hard = asked === 'hard' || now >= memory.hardDueAt
  if (hard) memory.comparison.forget()
  if (hard || memory.hardDueAt === Number.POSITIVE_INFINITY) {
    memory.hardDueAt = dueAfter(settings.hardPollIntervalMs, now)
  }
  const known = !hard && deepEqual(memory.spec, application.spec) ? memory.rendered : undefined
  const fresh = known !== undefined && !asked && now < memory.sourcesDueAt
  const observation = await observe(
    {
      application,
      sources: sourcesOf(application.spec ?? {}),
      ...(fresh && { rendered: known }),
      ...(known && !(known instanceof StageError) && { before: known }),
      refresh: asked !== undefined,
      notOlderThan: memory.sourcesSince,
      comparison: memory.comparison,
      signal,
    },
    stages,
  )
  return { observation, moved: !fresh && rememberSources(application, memory, { observation, stages }) }
}

/** True when the revisions are others than before. */
function rememberSources(
  application: Application,
  memory: Memory,
  { observation, stages }: { observation: Observation; stages: Stages },
): boolean {
  const { rendered, sourceError } = observation
  const { clock, settings } = stages
  const before = memory.rendered instanceof StageError ? undefined : memory.rendered?.revisions.join()
  memory.spec = application.spec
  // An error that will come again costs nothing more until then.
  memory.rendered = rendered ?? (sourceError?.retry ? undefined : sourceError)
  memory.sourcesDueAt = memory.rendered ? dueAfter(settings.pollIntervalMs, clock.now(), settings.jitterMs) : 0
  return before !== undefined && rendered !== undefined && before !== rendered.revisions.join()
}
