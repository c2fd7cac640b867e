/** What the parts of the process tell of their work, for traces; where nobody collects them, this costs nothing. */

/** For everybody who may read traces: never a secret, never a manifest. What is undefined is left out. */
export type Attributes = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

export interface Span {
  /** False: what would cost something to say need not be said. */
  readonly isRecorded: boolean
  set(attributes: Attributes): void
  /** Something has happened on the way, such as what is being waited for. */
  event(name: string): void
  /** It has not come to what it was for; in words that people are told anyway. */
  fail(message: string): void
}

export interface Beginning {
  /** `server` for what was asked of us, `client` for what we ask of others; `internal` unless told otherwise. */
  kind?: 'internal' | 'server' | 'client'
  attributes?: Attributes
  /** What it goes on with, as W3C writes it; a text that is none counts as none. */
  parent?: string | undefined
}

/** Spans end with the work that is done in them, and are marked when that throws. */
export interface Tracer {
  /** A part of what is under way. Where nothing is, or where that is not recorded, only the work is done. */
  span<Result>(name: string, attributes: Attributes, work: (span: Span) => Result): Result
  /** The same for what is asked of somebody else. */
  request<Result>(name: string, attributes: Attributes, work: (span: Span) => Result): Result
  /** Begins a trace, or goes on with that of `parent`; never with what just happens to be under way. */
  trace<Result>(name: string, beginning: Beginning, work: (span: Span) => Result): Result
  /** What is under way, for whoever is to go on with it. */
  traceparent(): string | undefined
  /** What is under way, as logs name it; undefined where it is not recorded. */
  ids(): { trace_id: string; span_id: string } | undefined
}

export const noSpan: Span = { isRecorded: false, set() {}, event() {}, fail() {} }

export const noTracer: Tracer = {
  span: (_name, _attributes, work) => work(noSpan),
  request: (_name, _attributes, work) => work(noSpan),
  trace: (_name, _beginning, work) => work(noSpan),
  traceparent: () => undefined,
  ids: () => undefined,
}

export interface LaterTracer extends Tracer {
  become(tracer: Tracer): void
}

/** For what is opened before it is known where traces go. */
export function laterTracer(): LaterTracer {
  let tracer = noTracer
  return {
    become(next) {
      tracer = next
    },
    span: (name, attributes, work) => tracer.span(name, attributes, work),
    request: (name, attributes, work) => tracer.request(name, attributes, work),
    trace: (name, beginning, work) => tracer.trace(name, beginning, work),
    traceparent: () => tracer.traceparent(),
    ids: () => tracer.ids(),
  }
}

interface Log {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** A log whose lines name the trace that they belong to. */
export function tracedLog(log: Log, tracer: Pick<Tracer, 'ids'>): Log {
  const named = (fields: object) => {
    const ids = tracer.ids()
    return ids ? { ...fields, ...ids } : fields
  }
  return {
    debug: (fields, message) => log.debug(named(fields), message),
    info: (fields, message) => log.info(named(fields), message),
    warn: (fields, message) => log.warn(named(fields), message),
    error: (fields, message) => log.error(named(fields), message),
  }
}
