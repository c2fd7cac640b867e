/** What is on its way to the collector: so much and no more, and one warning while it is not taken. */
import { ExportResultCode } from '@opentelemetry/core'
import type { BatchSpanProcessor, SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace-base'
import { messageOf } from '../model/index.ts'

interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

export interface CollectorLinkOptions {
  /** Without the secrets that an address may hold. */
  collector: string
  /** Finished spans that may wait. */
  queueLimit: number
  clock: { now(): number }
  log: Log
}

/** So long nothing has to be lost before it counts as well again. */
const quietMs = 60_000

export class CollectorLink {
  readonly #options: CollectorLinkOptions
  #waiting = 0
  #lost = 0
  #lostAt = 0
  #isFailing = false

  constructor(options: CollectorLinkOptions) {
    this.#options = options
  }

  /** Counts what waits, as the processor drops without a word what is too much. */
  before(processor: BatchSpanProcessor): SpanProcessor {
    return {
      onStart: (span, context) => processor.onStart(span, context),
      onEnd: (span) => {
        if (this.#waiting >= this.#options.queueLimit) this.#lose(1, 'the spans come faster than it takes them')
        else this.#waiting++
        processor.onEnd(span)
      },
      forceFlush: () => processor.forceFlush(),
      shutdown: () => processor.shutdown(),
    }
  }

  through(exporter: SpanExporter): SpanExporter {
    return {
      export: (spans, done) => {
        this.#waiting -= spans.length
        exporter.export(spans, (result) => {
          if (result.code === ExportResultCode.SUCCESS) this.#taken()
          else this.#lose(spans.length, whyNot(result.error))
          done({ code: ExportResultCode.SUCCESS })
        })
      },
      forceFlush: async () => exporter.forceFlush?.(),
      shutdown: () => exporter.shutdown(),
    }
  }

  #lose(count: number, error: string): void {
    this.#lost += count
    this.#lostAt = this.#options.clock.now()
    if (this.#isFailing) return
    this.#isFailing = true
    const { log, collector } = this.#options
    log.warn({ collector, error }, 'the collector does not take traces: those of this time are lost, nothing else is')
  }

  #taken(): void {
    const { log, collector, clock } = this.#options
    // One that takes some and not all of them is no news each time.
    if (!this.#isFailing || clock.now() - this.#lostAt < quietMs) return
    log.info({ collector, lost: this.#lost }, 'the collector takes traces again')
    this.#isFailing = false
    this.#lost = 0
  }
}

/** The code of an HTTP answer says more than its words. */
function whyNot(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown }
  const message = error === undefined ? 'it was not said why' : messageOf(error)
  return [typeof code === 'number' ? String(code) : '', message].filter(Boolean).join(' ')
}
