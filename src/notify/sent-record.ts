/** Writes down on Applications what has been sent and what is on its way: one change after the other for each of them. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Application, messageOf } from '../model/index.ts'
import {
  readUnderWay,
  type SentState,
  sentAnnotation,
  type UnderWay,
  underWayAnnotation,
  written,
} from './sent-state.ts'

export interface SentRecordOptions {
  application(instance: string): Application | undefined
  patch(instance: string, patch: object): Promise<unknown>
  log: { warn(fields: object, text: string): void }
  pauses?: RecordPauses | undefined
}

/** Between two attempts at writing. */
export interface RecordPauses {
  firstMs: number
  longestMs: number
}

/** What is on its way: to which application it belongs, and its key there. */
export interface Underway {
  instance: string
  key: string
}

export interface SentRecord {
  /** What is as good as sent, together with what waits to be. One attempt: it is decided anew when that fails. */
  decided(instance: string, sent: SentState, waiting: Readonly<Record<string, UnderWay>>): Promise<void>
  /** False, and nothing is written, when it is on record in another state: it is somebody else's. */
  moved(one: Underway, states: { from: UnderWay['state']; to: UnderWay['state'] }): Promise<boolean>
  /** It is on its way no more. */
  over(one: Underway): Promise<void>
}

type Annotations = Readonly<Record<string, string>>
type Change = Record<string, string | null>

/** `moved` and `over` try until it is written, and reject only once the signal says that there is no more time. */
export function openSentRecord(
  { application, patch, log, pauses = { firstMs: 500, longestMs: 30_000 } }: SentRecordOptions,
  signal: AbortSignal,
): SentRecord {
  const writes = new Map<string, Promise<unknown>>()

  /** Each from what the one before has written. `changed` undefined: nothing is to be written. */
  function change(instance: string, changed: (present: Annotations) => Change | undefined): Promise<boolean> {
    const before = writes.get(instance) ?? Promise.resolve()
    const write = before
      .catch(() => {})
      .then(async () => {
        const found = application(instance)
        const annotations = found && changed(found.metadata.annotations ?? {})
        if (annotations) await patch(instance, { metadata: { annotations } })
        return annotations !== undefined
      })
    writes.set(instance, write)
    return write.finally(() => {
      if (writes.get(instance) === write) writes.delete(instance)
    })
  }

  /** The cluster may be away for a while; that is no fault of whoever is told. */
  async function changeInTheEnd(instance: string, changed: (present: Annotations) => Change | undefined) {
    for (let pauseMs = pauses.firstMs; ; pauseMs = Math.min(2 * pauseMs, pauses.longestMs)) {
      try {
        return await change(instance, changed)
      } catch (error) {
        signal.throwIfAborted()
        log.warn({ application: instance }, `notifications: what is on its way cannot be recorded: ${messageOf(error)}`)
        await sleep(pauseMs, undefined, { signal, ref: false })
      }
    }
  }

  return {
    async decided(instance, sent, waiting) {
      await change(instance, (present) => ({
        [sentAnnotation]: written(sent),
        [underWayAnnotation]: written({ ...readUnderWay(present), ...waiting }),
      }))
    },
    moved: ({ instance, key }, { from, to }) =>
      changeInTheEnd(instance, (present) => {
        const { [key]: one, ...rest } = readUnderWay(present)
        if (one?.state !== from) return undefined
        return { [underWayAnnotation]: written({ ...rest, [key]: { ...one, state: to } }) }
      }),
    async over({ instance, key }) {
      await changeInTheEnd(instance, (present) => {
        const { [key]: one, ...rest } = readUnderWay(present)
        return one && { [underWayAnnotation]: written(rest) }
      })
    },
  }
}
