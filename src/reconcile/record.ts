/** What others have written of an application's revisions: they may know newer commits than this replica does. */
import type { Application } from '../model/index.ts'
import type { Memory } from './memory.ts'

/** A value, and since when it has been known here. */
interface Noted {
  value: string | undefined
  at: number
}

/** Revisions on record. */
interface Noticed {
  /** What the application was compared with. */
  compared: Noted
  /** What was deployed last, and by which operation. */
  deployed: Noted
}

type Remembered = Pick<Memory, 'rendered' | 'sourcesSince' | 'sourcesDueAt'>

/** By the clock of this process alone: those of other machines may differ. */
export class RevisionRecords {
  readonly #begunAt: number
  readonly #noticed = new Map<string, Noticed>()

  constructor(begunAt: number) {
    this.#begunAt = begunAt
  }

  /** Of each version of the application that others have written, as soon as it is known here. */
  notice(name: string, { status }: Application, now: number): void {
    const { sync, operationState } = status ?? {}
    const deployed = revisionsOf(operationState?.syncResult)
    const known = this.#noticed.get(name)
    const noted = (before: Noted | undefined, value: string | undefined): Noted =>
      before && before.value === value ? before : { value, at: now }
    this.#noticed.set(name, {
      compared: noted(known?.compared, revisionsOf(sync)),
      deployed: noted(known?.deployed, deployed && `${operationState?.startedAt} ${deployed}`),
    })
  }

  /**
   * Nothing older than what is on record may be deployed in its place: where that is other than what the sources were
   * found to be here, they have to have been asked after it was noticed.
   */
  heed(name: string, application: Application, memory: Remembered): void {
    // What is there at the start was there before.
    this.notice(name, application, this.#begunAt)
    const { compared, deployed } = this.#noticed.get(name) as Noticed
    const known = memory.rendered && 'revisions' in memory.rendered ? memory.rendered.revisions.join() : undefined
    const isOther = ({ value }: Noted) => value !== undefined && value.split(' ').at(-1) !== known
    const since = Math.max(memory.sourcesSince, ...[compared, deployed].filter(isOther).map(({ at }) => at))
    if (since === memory.sourcesSince) return
    memory.sourcesSince = since
    memory.sourcesDueAt = 0
  }

  forget(name: string): void {
    this.#noticed.delete(name)
  }
}

function revisionsOf(recorded: { revision?: string; revisions?: string[] } | undefined): string | undefined {
  const { revision, revisions } = recorded ?? {}
  return revisions?.length ? revisions.join() : revision || undefined
}
