/** Writes down on Applications what has been sent and what is on its way: one change after the other for each of them. */
import type { Application } from '../model/index.ts'
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
}

/** What is on its way: to which application it belongs, and its key there. */
export interface Underway {
  instance: string
  key: string
}

export interface SentRecord {
  /** What is as good as sent, together with what is about to be. */
  decided(instance: string, sent: SentState, underWay: Readonly<Record<string, UnderWay>>): Promise<void>
  /** `state` undefined: it is over. */
  underWay(one: Underway & Partial<UnderWay>, state: UnderWay['state'] | undefined): Promise<void>
}

type Annotations = Readonly<Record<string, string>>

export function openSentRecord({ application, patch }: SentRecordOptions): SentRecord {
  const writes = new Map<string, Promise<unknown>>()

  /** Each from what the one before has written. */
  function change(instance: string, changed: (present: Annotations) => Record<string, string | null>): Promise<void> {
    const before = writes.get(instance) ?? Promise.resolve()
    const write = before
      .catch(() => {})
      .then(async () => {
        const found = application(instance)
        if (!found) return
        await patch(instance, { metadata: { annotations: changed(found.metadata.annotations ?? {}) } })
      })
    writes.set(instance, write)
    return write.finally(() => {
      if (writes.get(instance) === write) writes.delete(instance)
    })
  }

  return {
    decided: (instance, sent, underWay) =>
      change(instance, (present) => ({
        [sentAnnotation]: written(sent),
        [underWayAnnotation]: written({ ...readUnderWay(present), ...underWay }),
      })),
    underWay: ({ instance, key, ...one }, state) =>
      change(instance, (present) => {
        const { [key]: before, ...rest } = readUnderWay(present)
        const { trigger, templates, service, recipient } = { ...before, ...one }
        if (state === undefined || !trigger || !templates || !service) return { [underWayAnnotation]: written(rest) }
        const next: UnderWay = { state, trigger, templates, service, recipient: recipient ?? '' }
        return { [underWayAnnotation]: written({ ...rest, [key]: next }) }
      }),
  }
}
