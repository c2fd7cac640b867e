/** The hooks of deletions that are under way, one stage at a time for each application, beside the looks. */
import { setMaxListeners } from 'node:events'
import type { Application } from '../model/index.ts'
import { Bell } from './bell.ts'
import type { Deletion } from './delete-resources.ts'
import { doStage, dueStage } from './deletion-hooks.ts'
import type { WriteGuard } from './share.ts'
import type { Stages } from './stages.ts'

interface Underway {
  finalizer: string
  ended: boolean
  problem?: string
  bell: Bell
  /** Somebody else goes on with it. */
  letGo: AbortController
  done: Promise<void>
}

export interface DeletionWorkOptions {
  stages: Stages
  signal: AbortSignal
  /** A stage has come to its end. */
  look(name: string): void
}

interface Begin {
  stage: NonNullable<ReturnType<typeof dueStage>>
  guard?: WriteGuard
}

export class DeletionWork {
  readonly #options: DeletionWorkOptions
  readonly #underway = new Map<string, Underway>()

  constructor(options: DeletionWorkOptions) {
    this.#options = options
  }

  /** Something of the application has changed. */
  notice(name: string): void {
    this.#underway.get(name)?.bell.ring()
  }

  /** Ends what is under way, for somebody else to go on with. */
  letGo(name: string): void {
    this.#underway.get(name)?.letGo.abort(new Error('let go'))
    this.#underway.delete(name)
  }

  /** How far the hooks are; undefined when none is due at present. `guard` is asked as each write leaves. */
  step(name: string, application: Application, guard?: WriteGuard): Deletion | undefined {
    const stage = dueStage(application)
    if (!stage) return undefined
    const known = this.#underway.get(name)
    if (known?.finalizer !== stage.finalizer) {
      this.#begin(name, application, { stage, ...(guard && { guard }) })
      return { kind: 'waiting', findings: [] }
    }
    if (!known.ended) return { kind: 'waiting', findings: [] }
    this.#underway.delete(name)
    if (known.problem !== undefined) {
      return { kind: 'waiting', findings: [{ type: 'DeletionError', message: known.problem }] }
    }
    const finalizers = (application.metadata.finalizers ?? []).filter((other) => other !== stage.finalizer)
    return { kind: 'done', finalizers, left: [] }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#underway.values()].map(({ done }) => done))
  }

  #begin(name: string, application: Application, { stage, guard }: Begin): void {
    const { stages, look } = this.#options
    const bell = new Bell()
    const letGo = new AbortController()
    const signal = AbortSignal.any([this.#options.signal, letGo.signal])
    // Every write under way listens to it.
    setMaxListeners(0, signal)
    const underway: Underway = { finalizer: stage.finalizer, ended: false, bell, letGo, done: Promise.resolve() }
    this.#underway.set(name, underway)
    const changed = (ms: number, stop: AbortSignal) => bell.heard(ms, stop)
    underway.done = doStage(application, stage, { stages, signal, changed, ...(guard && { guard }) })
      .then((problem) => {
        if (problem !== undefined) underway.problem = problem
        underway.ended = true
        look(name)
      })
      // The process ends, or has let go: the next one goes on.
      .catch(() => {})
  }
}
